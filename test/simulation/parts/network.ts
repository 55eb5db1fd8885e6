import type { AwsEmulator } from '../../../sandbox/aws/emulator.ts';
import { SERVICES } from '../../../sandbox/aws/services.ts';
import { writeError } from '../../../sandbox/aws/wire/answer.ts';
import { AwsError } from '../../../sandbox/aws/wire/aws-error.ts';
import { inProcessRequestHandler } from '../../../sandbox/aws/wire/in-process.ts';
import { findService, readCall, readSignature } from '../../../sandbox/aws/wire/route.ts';
import {
  CONNECTION_CLOSED,
  FUNCTION_HEADER,
  type WireRequest,
  type WireResponse,
} from '../../../sandbox/aws/wire/wire.ts';
import type { FaultPlan } from '../../../sandbox/faults.ts';
import type { SlackEmulator } from '../../../sandbox/slack/emulator.ts';
import type { Fate, FaultBook } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../watch/timeline.ts';
import type { Containers, Invocation } from './containers.ts';
import type { HttpReply } from './globals.ts';

/** A function's call as it arrives at a service, before the service handles it. */
export interface Arriving {
  readonly invocation: Invocation;
  /** `service:Operation`, `slack:<method>`. */
  readonly operation: string;
  /** The input: the JSON of the body; for Slack the fields of the form; for S3 the body. A mutation may change it. */
  input: Readonly<Record<string, unknown>>;
  /** Set when the operation that this call starts has to end as FAILED, for this reason. */
  failsLater?: string;
}

/** Sees every call: the watchers, and the mutation that breaks the build on purpose. */
export interface Onlooker {
  /**
   * Called just before the service handles a call. A returned answer replaces the service's, which then does nothing.
   */
  arriving?(call: Arriving): { readonly status: number; readonly json: unknown } | undefined;
  /** Called just after the service handled a call, even if the answer is lost. A mutation may return another body. */
  answered?(call: Arriving, answer: { readonly status: number; readonly body: string }): string | undefined;
}

/**
 * After this long most of the functions' clients close the connection: `requestTimeout` in
 * lambdas/shared/services/aws-calls.ts.
 */
const REQUEST_TIMEOUT_MS = 5_000;

export interface NetworkParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly faults: FaultBook;
  readonly containers: Containers;
  readonly aws: AwsEmulator;
  readonly slack: SlackEmulator;
  /** The emulators' own fault plan: only the emulators can make an operation fail later. */
  readonly planned: FaultPlan;
  readonly onlookers: readonly Onlooker[];
  /** One line for the trace. */
  note(line: string): void;
}

/**
 * Carries calls from the functions to AWS and Slack: every call takes time, may meet a fault, and comes back as a step
 * of its own. Steps of two functions interleave only here, so whatever can happen between two calls happens for some
 * seed.
 */
export class Network {
  readonly #parts: NetworkParts;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** The `requestHandler` of the functions' SDK clients. */
  requestHandler() {
    return inProcessRequestHandler((request) => this.#aws(request));
  }

  /** Replaces `fetch`, which Slack's client uses. */
  async fetch(url: string, init: { headers: Record<string, string>; body: string }): Promise<HttpReply> {
    const path = new URL(url).pathname;
    const operation = `slack:${path.slice('/api/'.length)}`;
    const input = Object.fromEntries(new URLSearchParams(init.body));
    const headers = Object.fromEntries(
      Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const reply = await this.#call(operation, input, {
      work: (call) => {
        const body = Buffer.from(new URLSearchParams(call.input as Record<string, string>).toString());
        return this.#parts.slack.handle({ method: 'POST', path, headers, body });
      },
      error: slackError,
    });
    if (reply.status === 0) throw new TypeError('fetch failed');
    return {
      url,
      status: reply.status,
      statusText: '',
      headers: new Headers(reply.headers),
      text: async () => String(reply.body),
    };
  }

  #aws(request: WireRequest): Promise<WireResponse> {
    const signature = readSignature(request.headers);
    const service = findService(SERVICES, request, signature);
    const routed = readCall(service, request);
    // An S3 call has its input in path and headers; the checks only need the body that it writes.
    const isS3 = service.protocol === 's3';
    const input = isS3 ? { body: request.body.toString() } : (routed.input as Record<string, unknown>);
    return this.#call(`${service.name}:${routed.operation}`, input, {
      work: (call) => {
        const bent = call.input !== input && !isS3;
        const headers = { ...request.headers, [FUNCTION_HEADER]: call.invocation.functionName };
        const body = bent ? Buffer.from(JSON.stringify(call.input)) : request.body;
        return this.#parts.aws.handle({ ...request, headers, body });
      },
      error: (name) => writeError(service, new AwsError(name, 'it was not meant to be'), 'simulated'),
    });
  }

  /** Sends one call: out, done or not, and back, each as a step. Calls of a dead invocation are never sent. */
  #call(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    way: { work(call: Arriving): Promise<WireResponse>; error(name: string): WireResponse },
  ): Promise<WireResponse> {
    const { timeline, random, faults, containers } = this.#parts;
    const invocation = containers.running;
    if (invocation === undefined) throw new Error(`${operation} was called by nobody`);
    if (invocation.dead) return new Promise(() => {});
    const { functionName } = invocation;
    const fate = faults.ofCall({ functionName, operation, nowMs: timeline.nowMs() });
    const tookMs = random.chance(0.03) ? random.int(200, 2_000) : random.int(2, 60);
    const call: Arriving = { invocation, operation, input };
    if (fate?.mishap === 'fails-later') call.failsLater = 'Received a 500 status error: it was not meant to be.';

    return new Promise((resolve) => {
      const back = (answer: WireResponse) => {
        if (invocation.dead) return;
        containers.enter(invocation);
        resolve(answer);
      };
      const arrive = async (): Promise<void> => {
        if (fate?.mishap === 'crash-before') return this.#crash(call, fate);
        const undone = fate?.mishap === 'refused' || fate?.mishap === 'hangs';
        const done = undone ? undefined : await this.#done(call, way.work);
        this.#note(call, fate, done);
        if (fate?.mishap === 'crash-after') return this.#crash(call, fate);
        if (fate?.mishap === 'hangs' || fate?.mishap === 'hangs-done') {
          timeline.schedule(timeline.nowMs() + REQUEST_TIMEOUT_MS, () => back(CONNECTION_CLOSED));
        } else if (fate?.mishap === 'slow') {
          timeline.schedule(timeline.nowMs() + random.int(1_000, 4_900), () => back(done ?? CONNECTION_CLOSED));
        } else if (fate?.mishap === 'refused' || fate?.mishap === 'answer-lost') back(way.error(fate.error));
        else back(done ?? CONNECTION_CLOSED);
      };
      timeline.schedule(
        timeline.nowMs() + tookMs,
        () => void timeline.busy(arrive).catch((error: unknown) => timeline.fail(error)),
      );
    });
  }

  async #done(call: Arriving, work: (call: Arriving) => Promise<WireResponse>): Promise<WireResponse> {
    for (const onlooker of this.#parts.onlookers) {
      const answer = onlooker.arriving?.(call);
      if (answer !== undefined) return { status: answer.status, headers: JSON_BODY, body: JSON.stringify(answer.json) };
    }
    const { operation, failsLater } = call;
    if (failsLater !== undefined) this.#parts.planned.add({ operation, asyncFailure: failsLater });
    const done = await work(call);
    let body = String(done.body);
    for (const onlooker of this.#parts.onlookers) body = onlooker.answered?.(call, { ...done, body }) ?? body;
    return { ...done, body };
  }

  #crash(call: Arriving, fate: Fate): void {
    if (fate.mishap === 'crash-before') this.#note(call, fate, undefined);
    call.invocation.die('Runtime.ExitError');
  }

  #note({ invocation, operation }: Arriving, fate: Fate | undefined, done: WireResponse | undefined): void {
    const mishap = fate === undefined ? '' : ` ${fate.mishap}${fate.mishap === 'refused' ? ` ${fate.error}` : ''}`;
    this.#parts.note(`${invocation.functionName} ${operation} ${done?.status ?? '-'}${mishap}`);
  }
}

const JSON_BODY = { 'content-type': 'application/x-amz-json-1.1' };

function slackError(error: string): WireResponse {
  const headers = { 'content-type': 'application/json', ...(error === 'ratelimited' ? { 'retry-after': '1' } : {}) };
  const status = error === 'ratelimited' ? 429 : error === 'internal_error' ? 500 : 200;
  return { status, headers, body: JSON.stringify({ ok: false, error }) };
}
