import type { RunningSandbox } from '../../../sandbox/server/serve.ts';
import { stateView } from '../../../sandbox/server/state-view.ts';
import { type Signing, signedHeaders } from './signed-headers.ts';
import { type Baseline, isQuiet, since } from './since.ts';
import { type SandboxChoice, startSandbox } from './start-sandbox.ts';
import type { State } from './state.ts';

export const BREAK_GLASS = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
export const ADMIN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin';
export const POWER = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-power';
export const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';
export const PRODUCTION = '123456789012';
export const STAGING = '234567890123';

let presses = 0;

/** Drives one sandbox over HTTP, as any other client would, and reads its state within this process. */
export class Driver {
  readonly running: RunningSandbox;
  /** Set by tests that take rights or accounts away, or play an attacker who tries what a role may do. */
  mayBeRefused = false;
  #baseline: Baseline | undefined;
  #recordsChanged = false;

  constructor(running: RunningSandbox) {
    this.running = running;
  }

  /** Starts a sandbox on a free port. @param seed parts of a seed, over the default */
  static async start(seed: unknown = {}, choice: SandboxChoice = {}): Promise<Driver> {
    // The clock stands almost still, so that nothing depends on the machine's speed: `advance` and the calls move it.
    return new Driver(await startSandbox(seed, 0.000001, choice));
  }

  /** @throws Error if a role refused something to its own function, unless `mayBeRefused` */
  async stop(): Promise<void> {
    try {
      this.#expectNoRefusal();
    } finally {
      await this.running.close();
    }
  }

  #expectNoRefusal(): void {
    const refusals = this.running.current().logs.filter((line) => line.includes('sandbox.access-denied'));
    if (!this.mayBeRefused && refusals.length > 0) throw new Error(`refused by their roles: ${refusals.join('\n')}`);
  }

  async call(method: string, path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
    if (method !== 'GET') await this.#tick();
    const response = await fetch(this.running.url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  }

  async must(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.call(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
    return answer.json;
  }

  /** What has happened since the last `reset` or `fresh`. */
  async state(): Promise<State> {
    const state = await this.#wholeState();
    return this.#baseline === undefined ? state : since(this.#baseline, state);
  }

  /** The newest request. */
  async request(): Promise<State['requests'][number]> {
    const found = (await this.state()).requests.at(-1);
    if (found === undefined) throw new Error('there is no request');
    return found;
  }

  /** The newest request made from the message with this `ts`. */
  async requestFrom(ts: string): Promise<State['requests'][number]> {
    const found = (await this.state()).requests.findLast(({ origin }) => origin.messageTs === ts);
    if (found === undefined) throw new Error(`there is no request from ${ts}`);
    return found;
  }

  /** What the functions have logged since the last `reset` or `fresh`. */
  async logs(): Promise<string> {
    return (await this.#logLines()).slice(this.#baseline?.logLines ?? 0).join('\n');
  }

  /**
   * Returns what `GET /sandbox/state` answers, as parsed JSON, without the way over a socket: tests read it thousands
   * of times. `doors/control-calls` compares the two.
   */
  async #wholeState(): Promise<State> {
    return JSON.parse(JSON.stringify(await stateView(this.running.current())));
  }

  async #logLines(): Promise<string[]> {
    return [...this.running.current().logs];
  }

  /**
   * Moves the time on by a millisecond, so that no two calls share an instant: requests and events of one instant are
   * ordered by their ids, which are random.
   */
  #tick(): Promise<void> {
    return this.running.current().clock.advance(1, () => Promise.resolve());
  }

  reset(): Promise<unknown> {
    this.#baseline = undefined;
    this.#recordsChanged = false;
    this.#expectNoRefusal();
    return this.must('POST', '/sandbox/reset');
  }

  /**
   * Does as much as a reset if the test before left nothing behind, and is many times faster: the functions stay warm,
   * and `state` leaves out what was there before. If something is left, it resets.
   */
  async fresh(): Promise<void> {
    await this.clearFaults();
    const baseline = await this.#look();
    this.#baseline = isQuiet(baseline) ? baseline : await this.#quietLater(baseline);
    if (this.#baseline === undefined || this.#recordsChanged) await this.reset();
  }

  /** Alarms need some minutes to become quiet again. */
  async #quietLater({ state }: Baseline): Promise<Baseline | undefined> {
    if (state.assignments.length > 0 || state.alarms.every((alarm) => alarm.state === 'OK')) return undefined;
    await this.advance('PT11M');
    const later = await this.#look();
    return isQuiet(later) ? later : undefined;
  }

  async #look(): Promise<Baseline> {
    const state = await this.#wholeState();
    return { state, logLines: (await this.#logLines()).length };
  }

  /** @param duration ISO 8601, e.g. `PT1H` */
  advance(duration: string): Promise<unknown> {
    return this.must('POST', '/sandbox/clock', { advance: duration });
  }

  fault(fault: Record<string, unknown>): Promise<unknown> {
    return this.must('POST', '/sandbox/faults', fault);
  }

  /** Makes the operations fail with this error from now on, for this many seconds. */
  async outage(operations: readonly string[], error: string, seconds: number): Promise<void> {
    const from = (await this.state()).now;
    const until = new Date(Date.parse(from) + seconds * 1000).toISOString();
    for (const operation of operations) await this.fault({ operation, error, times: 'forever', until });
  }

  clearFaults(): Promise<unknown> {
    return this.must('DELETE', '/sandbox/faults');
  }

  kill(execution: string): Promise<unknown> {
    return this.must('POST', `/sandbox/executions/${encodeURIComponent(execution)}/kill`);
  }

  /** Advances to just after a full hour: then what is written once an hour does not depend on when the test runs. */
  async alignToHour(): Promise<void> {
    const ms = 3_600_000 - (new Date((await this.state()).now).getTime() % 3_600_000);
    await this.advance(`PT${Math.ceil(ms / 1000) + 1}S`);
  }

  /** Advances to just after a full second: then ages in seconds do not depend on when the test runs. */
  async alignToSecond(): Promise<void> {
    const ms = new Date((await this.state()).now).getTime() % 1000;
    await this.advance(`PT${((1000 - ms) / 1000).toFixed(3)}S`);
  }

  putRecords(...items: Record<string, unknown>[]): Promise<unknown> {
    this.#recordsChanged = true;
    return this.must('POST', '/sandbox/access-records', items);
  }

  dropRecord(id: string): Promise<unknown> {
    this.#recordsChanged = true;
    return this.must('DELETE', '/sandbox/access-records', { id });
  }

  /** Sends a signed call to one of the app's own routes. */
  async slack(route: string, body: string, signing: Signing = {}): Promise<{ status: number; text: string }> {
    return this.send(route, body, await this.headersFor(body, signing));
  }

  /** The headers with which Slack would send this body now. */
  async headersFor(body: string, signing: Signing = {}): Promise<Record<string, string>> {
    return signedHeaders(body, (await this.state()).now, signing);
  }

  /** Sends exactly this body and these headers, even if their signature is wrong. */
  async send(route: string, body: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    await this.#tick();
    const response = await fetch(`${this.running.url}/slack/${route}`, { method: 'POST', body, headers });
    return { status: response.status, text: await response.text() };
  }

  interact(payload: unknown, signing?: Signing): Promise<{ status: number; text: string }> {
    return this.slack('interactivity', `payload=${encodeURIComponent(JSON.stringify(payload))}`, signing);
  }

  /** Presses the button of the published example, in a new alert or in the given one. */
  async breakGlass(
    user = 'U0ANA',
    options: { permissionSet?: string; account?: string; ts?: string; actionTs?: string; overrides?: object } = {},
  ): Promise<{ status: number; text: string; ts: string }> {
    presses += 1;
    const ts = options.ts ?? `1700000000.${String(presses).padStart(6, '0')}`;
    const answer = await this.interact(
      legacyPress({
        user,
        ts,
        account: options.account ?? PRODUCTION,
        value: options.permissionSet ?? BREAK_GLASS,
        actionTs: options.actionTs ?? `1700000001.${String(presses).padStart(6, '0')}`,
        ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
      }),
    );
    return { ...answer, ts };
  }

  /** Presses a Block Kit button. */
  press(
    user: string,
    action: { actionId: string; value: string; channel?: string; ts?: string },
  ): Promise<{ status: number; text: string }> {
    presses += 1;
    return this.interact({
      type: 'block_actions',
      team: { id: 'T0HOME', domain: 'home' },
      user: { id: user, username: 'someone', team_id: 'T0HOME' },
      api_app_id: 'A0GLASS',
      trigger_id: `${presses}.trigger`,
      channel: { id: action.channel ?? 'C0ACCESS', name: 'access' },
      container: {
        type: 'message',
        message_ts: action.ts ?? '1700000002.000001',
        channel_id: action.channel ?? 'C0ACCESS',
      },
      message: { ts: action.ts ?? '1700000002.000001', text: 'whatever the message said' },
      actions: [
        {
          type: 'button',
          action_id: action.actionId,
          block_id: 'b',
          value: action.value,
          action_ts: `1700000003.${String(presses).padStart(6, '0')}`,
        },
      ],
    });
  }

  /** Asks for a target with the Block Kit button of an alert. */
  ask(user: string, value: Record<string, unknown>): Promise<{ status: number; text: string }> {
    presses += 1;
    return this.press(user, {
      actionId: 'break_glass',
      value: JSON.stringify(value),
      channel: 'C0ALERTS',
      ts: `1700000004.${String(presses).padStart(6, '0')}`,
    });
  }
}

/** Slack's payload for a press of a legacy button (`interactive_message`). */
export function legacyPress(options: {
  user: string;
  ts: string;
  account: string;
  value: string;
  actionTs: string;
  overrides?: object;
}): Record<string, unknown> {
  return {
    type: 'interactive_message',
    actions: [{ name: 'break_glass', type: 'button', value: options.value }],
    callback_id: `deployment_${options.account}_abc`,
    team: { id: 'T0HOME', domain: 'home' },
    channel: { id: 'C0ALERTS', name: 'alerts' },
    user: { id: options.user, name: 'someone' },
    action_ts: options.actionTs,
    message_ts: options.ts,
    attachment_id: '1',
    token: 'legacy-token',
    is_app_unfurl: false,
    original_message: { type: 'message', text: '', ts: options.ts, attachments: [] },
    response_url: 'https://hooks.slack.com/actions/T0HOME/1/secret-response-url',
    trigger_id: `${options.actionTs}.trigger`,
    ...options.overrides,
  };
}
