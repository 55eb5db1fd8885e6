/** One measured number. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `s`, `KB`, `MB`, `calls`, `count`. */
  readonly unit: string;
  /** The highest acceptable value. */
  readonly bar?: number;
}

/** Prints a measure as JSON for the runner, rounded to two decimals. */
export function report(measure: Measure): void {
  console.log(JSON.stringify({ ...measure, value: Math.round(measure.value * 100) / 100 }));
}

/** Is the number within its bar? */
export function isWithin({ value, bar }: Measure): boolean {
  return bar === undefined || value <= bar;
}

/**
 * The smallest sample that at least this share of the samples do not exceed. @param share 0.5 for the median, 0.99 for
 * p99
 */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
