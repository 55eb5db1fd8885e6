/** Spaces calls out and counts them. */
export interface RateLimiter {
  /** Resolves when the next call may be made, and counts it. */
  readonly next: () => Promise<void>;
  /** How many calls were made. */
  readonly made: () => number;
}

/**
 * Allows at most so many calls a second, for a reader that shares an AWS quota with grants that people wait for. It
 * never waits longer than the space between two calls; a pass that takes minutes is spread over several invocations.
 */
export function createRateLimiter(callsPerSecond: number): RateLimiter {
  const apartMs = 1000 / callsPerSecond;
  let made = 0;
  let nextMs = 0;
  return {
    async next() {
      const waitMs = nextMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      nextMs = Math.max(performance.now(), nextMs) + apartMs;
      made += 1;
    },
    made: () => made,
  };
}
