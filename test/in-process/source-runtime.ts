import { join } from 'node:path';
import { inProcessRequestHandler } from '../../sandbox/aws/wire/in-process.ts';
import { FUNCTION_HEADER, type WireRequest, type WireResponse } from '../../sandbox/aws/wire/wire.ts';
import { LogLines } from '../../sandbox/lambdas/log-lines.ts';
import {
  answerCall,
  type FunctionRuntime,
  LambdaError,
  type RuntimeOptions,
  type StartRuntime,
} from '../../sandbox/lambdas/runtime.ts';
import { lendClientOptions } from './clients.ts';
import { type Invocation, invocation, outside, surround, underWay, within } from './surroundings.ts';

type Handler = (event: unknown) => Promise<unknown>;
type Answering = (request: WireRequest) => Promise<WireResponse>;

/** The imported functions by name. A repeated import takes longer than most functions run. */
const handlers = new Map<string, Promise<{ readonly handler: Handler }>>();

function load(functionName: string): Promise<{ readonly handler: Handler }> {
  const loading = handlers.get(functionName) ?? import(`../../lambdas/${functionName}/index.ts`);
  handlers.set(functionName, loading);
  return loading;
}

let live = 0;
let leave = () => {};

/**
 * Runs the functions from their source, in this process. This takes much less processor time than the bundles in a
 * thread, because all functions share one SDK that is already warm, and no data passes between threads. Each invocation
 * has its own clock, environment and network.
 */
export const fromSource: StartRuntime = (options) => {
  if (live === 0) leave = enter();
  live += 1;
  return new SourceRuntime(options, () => {
    live -= 1;
    if (live === 0) leave();
  });
};

/** Makes the SDK clients of the functions call the emulators in this process. @returns a function that undoes this */
function enter(): () => void {
  const away = surround();
  const takeBack = lendClientOptions((limitMs) => inProcessRequestHandler(timed(limitMs)));
  return () => {
    takeBack();
    away();
  };
}

/** Answers calls with the emulators of the running invocation, and fails a call after `limitMs` milliseconds. */
function timed(limitMs: number): Answering {
  return (request) => {
    const one = invocation();
    const ask = one?.askFor(new URL(one.environment.AWS_ENDPOINT_URL ?? '').origin);
    if (one === undefined || ask === undefined) throw new Error('the call is no function’s');
    const headers = { ...request.headers, [FUNCTION_HEADER]: one.functionName };
    return underWay(() => {
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        const expired = () => reject(Object.assign(new Error('the request timed out'), { name: 'TimeoutError' }));
        limit = setTimeout(expired, limitMs);
      });
      return Promise.race([ask({ ...request, headers }), late]).finally(() => clearTimeout(limit));
    });
  };
}

class SourceRuntime implements FunctionRuntime {
  readonly #options: RuntimeOptions;
  readonly #left: () => void;
  readonly #environments = new Map<string, NodeJS.ProcessEnv>();
  readonly #lines: LogLines;
  #nowMs: number;
  #ended: boolean = false;

  constructor(options: RuntimeOptions, left: () => void) {
    this.#options = options;
    this.#left = left;
    this.#lines = new LogLines(options.onLog);
    this.#nowMs = options.clock.nowMs();
  }

  async call(functionName: string, event: string): Promise<string> {
    this.#nowMs = Math.max(this.#nowMs, this.#options.clock.nowMs());
    const answer = await this.#run(functionName, event).catch((error: Error) => {
      if (this.#ended) return undefined;
      throw new LambdaError(error?.name ?? 'Error', error?.message ?? String(error));
    });
    // A container that is gone never answers.
    return this.#ended || answer === undefined ? new Promise(() => undefined) : answer;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#left();
  }

  async #run(functionName: string, event: string): Promise<string> {
    const { handler } = await load(functionName);
    const value = await within(this.#invocation(functionName), () => handler(JSON.parse(event)));
    return JSON.stringify(value ?? null);
  }

  #invocation(functionName: string): Invocation {
    const { codeRoot, skipPauses = false, origins } = this.#options;
    const environment = this.#environments.get(functionName) ?? {
      ...this.#options.environment,
      LAMBDA_TASK_ROOT: join(codeRoot, functionName),
    };
    this.#environments.set(functionName, environment);
    return {
      functionName,
      environment,
      skipPauses,
      nowMs: () => this.#nowMs,
      askFor: (origin) => {
        if (this.#ended) throw new Error('the container is gone');
        const handle = origins?.get(origin);
        return handle && ((request) => outside(() => answerCall(handle, request)));
      },
      write: (chunk) => this.#lines.push(Buffer.from(chunk as string)),
    };
  }
}
