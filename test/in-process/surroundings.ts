import { AsyncLocalStorage } from 'node:async_hooks';
import { fetchFromHost } from '../../sandbox/lambdas/calls-without-sockets.mjs';
import { skipPauses } from '../../sandbox/lambdas/skip-pauses.mjs';
import { dateBehind } from './date-behind.ts';

/** One invocation of a function, while its code runs. */
export interface Invocation {
  readonly functionName: string;
  /** The `process.env` of the invocation. Functions cache their services by this object, so each has its own. */
  readonly environment: NodeJS.ProcessEnv;
  readonly skipPauses: boolean;
  nowMs(): number;
  /** The handler of calls to an origin; `undefined` leaves them to the network. @throws when the container is gone */
  askFor(origin: string): Parameters<typeof fetchFromHost>[2] | undefined;
  write(chunk: string | Uint8Array): void;
}

const running = new AsyncLocalStorage<Invocation | undefined>();
let begins: () => () => void = () => () => {};

/** The invocation whose code runs now. */
export function invocation(): Invocation | undefined {
  return running.getStore();
}

/** Runs the code of a function as part of an invocation. */
export function within<T>(one: Invocation, work: () => Promise<T>): Promise<T> {
  return running.run(one, work);
}

/** Runs work that belongs to no function, with the real time, timers and network of this process. */
export function outside<T>(work: () => T): T {
  return running.run(undefined, work);
}

/** Marks a call of a function as under way until it is over. Meanwhile no pause is skipped. */
export async function underWay<T>(call: () => Promise<T>): Promise<T> {
  const over = begins();
  try {
    return await call();
  } finally {
    over();
  }
}

/**
 * Replaces clock, environment, network and output of this process with those of the running invocation. Code outside of
 * invocations keeps the real ones.
 *
 * @returns a function that restores them
 */
export function surround(): () => void {
  const before = {
    Date: globalThis.Date,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    fetch: globalThis.fetch,
    limit: AbortSignal.timeout,
    environment: process.env,
    write: process.stdout.write,
  };
  globalThis.Date = dateBehind(before.Date, () => invocation()?.nowMs() ?? before.Date.now());
  begins = skipPauses(
    () => invocation()?.skipPauses === true,
    (callback) => void setImmediate(callback),
  );
  globalThis.fetch = ((resource: string | URL | Request, init?: RequestInit) => {
    const address = resource instanceof Request ? resource.url : resource;
    const ask = invocation()?.askFor(new URL(address).origin);
    return ask === undefined ? before.fetch(resource, init) : underWay(() => fetchFromHost(resource, init, ask));
  }) as typeof fetch;
  let { environment } = before;
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => invocation()?.environment ?? environment,
    set: (value: NodeJS.ProcessEnv) => {
      environment = value;
    },
  });
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const one = invocation();
    if (one === undefined) return Reflect.apply(before.write, process.stdout, [chunk, ...rest]);
    outside(() => one.write(chunk));
    return true;
  }) as typeof process.stdout.write;

  return () => {
    globalThis.Date = before.Date;
    globalThis.setTimeout = before.setTimeout;
    globalThis.clearTimeout = before.clearTimeout;
    globalThis.fetch = before.fetch;
    AbortSignal.timeout = before.limit;
    process.stdout.write = before.write;
    Object.defineProperty(process, 'env', {
      configurable: true,
      enumerable: true,
      writable: true,
      value: environment,
    });
  };
}
