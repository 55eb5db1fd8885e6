import { dateBehind } from '../../in-process/date-behind.ts';

/** What stands behind the global clock, timers, chance and network while a history runs. */
export interface Surroundings {
  nowMs(): number;
  random(): number;
  /** Calls back after so many virtual milliseconds; answers the function that cancels it. */
  after(ms: number, fn: () => void): () => void;
  fetch(url: string, init: { readonly headers: Record<string, string>; readonly body: string }): Promise<HttpReply>;
}

/** As much of a `Response` as Slack's client reads. */
export interface HttpReply {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  text(): Promise<string>;
}

const RealDate = Date;
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;
const real = { random: Math.random, fetch: globalThis.fetch };
let inside: Surroundings | undefined;

/**
 * Puts the given surroundings behind `Date`, `setTimeout`, `Math.random` and `fetch` of this process: the functions, the SDK and
 * Slack's client need no idea that time is not real. Without an argument everything is as it was.
 */
export function surroundBy(next: Surroundings | undefined): void {
  inside = next;
  globalThis.Date = next === undefined ? RealDate : SimulatedDate;
  Math.random = next === undefined ? real.random : () => next.random();
  globalThis.fetch = next === undefined ? real.fetch : (simulatedFetch as unknown as typeof fetch);
  globalThis.setTimeout = next === undefined ? realSetTimeout : (simulatedTimeout as unknown as typeof setTimeout);
  globalThis.clearTimeout = next === undefined ? realClearTimeout : (clearSimulated as typeof clearTimeout);
}

const SimulatedDate = dateBehind(RealDate, () => inside?.nowMs() ?? RealDate.now());

/** A timer's handle, as Node's: libraries ask it not to keep the process alive. */
class Timeout {
  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

function simulatedTimeout(fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timeout {
  return new Timeout(inside?.after(ms, () => fn(...args)) ?? (() => {}));
}

function clearSimulated(timeout: unknown): void {
  if (timeout instanceof Timeout) timeout.cancel();
  else realClearTimeout(timeout as Parameters<typeof clearTimeout>[0]);
}

function simulatedFetch(url: string, init: { headers: Record<string, string>; body: string }): Promise<HttpReply> {
  if (inside === undefined) throw new Error('nothing is simulated');
  return inside.fetch(url, init);
}
