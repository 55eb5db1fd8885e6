import { dateBehind } from '../../in-process/date-behind.ts';

/** What replaces the global clock, timers, random numbers and network while a history runs. */
export interface Surroundings {
  nowMs(): number;
  random(): number;
  /** Calls back after this many virtual milliseconds; @returns the function that cancels it */
  after(ms: number, fn: () => void): () => void;
  fetch(url: string, init: { readonly headers: Record<string, string>; readonly body: string }): Promise<HttpReply>;
}

/** The part of a `Response` that Slack's client reads. */
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
 * Puts the given surroundings behind `Date`, `setTimeout`, `Math.random` and `fetch` of this process: the functions,
 * the SDK and Slack's client need not know that time is simulated. Without an argument the real ones are back.
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

/** A timer's handle, like Node's: libraries call `unref` on it. */
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
