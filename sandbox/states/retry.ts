import { names, type StateFailure } from './failures.ts';

/** One entry of a Task's `Retry`, with AWS's defaults filled in. Times in seconds. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  /** Infinity where the file sets none. */
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

/**
 * Milliseconds to wait before the retry after `attempts` earlier ones by this retrier: the interval grown by the rate, cut to
 * the maximum, and with full jitter anything between nothing and that.
 */
function retryDelayMs(retrier: Retrier, attempts: number, random: () => number): number {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempts, retrier.maxDelaySeconds);
  return Math.round((retrier.fullJitter ? random() * seconds : seconds) * 1000);
}

/** The retriers of one entry into a Task state. Each counts its own attempts, and starts anew when the state is entered again. */
export class RetryBudget {
  readonly #retriers: readonly Retrier[];
  readonly #attempts = new Map<Retrier, number>();
  #count = 0;

  constructor(retriers: readonly Retrier[]) {
    this.#retriers = retriers;
  }

  /** Retries so far, by all retriers: `$states.context.State.RetryCount`. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes one retry and answers its delay in milliseconds, or undefined if there is none left. Only the first retrier that names
   * the failure is asked; once it is used up no later one steps in.
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
