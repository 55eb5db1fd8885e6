import { names, type StateFailure } from './failures.ts';

/** One entry of a Task's `Retry`, with AWS's defaults filled in. Times in seconds. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  /** Infinity where the definition sets none. */
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

/**
 * The delay before a retry, in milliseconds. `attempts` counts this retrier's earlier retries. The interval is
 * multiplied by the rate for each of them and limited to the maximum; with full jitter the delay is random between 0
 * and that.
 */
function retryDelayMs(retrier: Retrier, attempts: number, random: () => number): number {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempts, retrier.maxDelaySeconds);
  return Math.round((retrier.fullJitter ? random() * seconds : seconds) * 1000);
}

/**
 * The retriers of one visit of a Task state. Each counts its own attempts, from 0 again when the state is entered
 * again.
 */
export class RetryBudget {
  readonly #retriers: readonly Retrier[];
  readonly #attempts = new Map<Retrier, number>();
  #count = 0;

  constructor(retriers: readonly Retrier[]) {
    this.#retriers = retriers;
  }

  /** The number of retries so far, by all retriers: `$states.context.State.RetryCount`. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes one retry and returns its delay in milliseconds; `undefined` if none is left. Only the first retrier that
   * matches the failure counts: once its attempts are used up, no later retrier is tried.
   */
  take(failure: StateFailure, random: () => number): number | undefined {
    const retrier = this.#retriers.find(({ errorEquals }) => names(errorEquals, failure));
    if (retrier === undefined) return undefined;
    const attempts = this.#attempts.get(retrier) ?? 0;
    if (attempts >= retrier.maxAttempts) return undefined;
    this.#attempts.set(retrier, attempts + 1);
    this.#count++;
    return retryDelayMs(retrier, attempts, random);
  }
}
