import type { ReplayRange } from '../../core/audit/replay-events.ts';
import { UsageError } from '../terminal/io.ts';

/** A day, such as 2026-01-05. */
export const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Reads a range of days, the last of which is included, or of instants. Without an end it ends now.
 *
 * @throws UsageError for an invalid or empty range
 */
export function rangeOf({ from, to }: { readonly from: string; readonly to?: string }, now: Date): ReplayRange {
  const begin = instantOf('--from', from);
  const end = to === undefined ? now.getTime() : instantOf('--to', to) + (DAY.test(to) ? DAY_MS : 0);
  if (end <= begin) throw new UsageError('--to must be later than --from');
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function instantOf(option: string, text: string): number {
  const ms = DAY.test(text) || INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(`${option} must be a day such as 2026-01-05 or an instant such as 2026-01-05T09:00:00Z`);
  }
  return ms;
}
