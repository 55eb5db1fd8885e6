import type { AuditEvent } from './audit-event.ts';
import { historyOf } from './new-events.ts';
import type { AuditHistory, AuditTarget } from './ports.ts';

/** Instants, ISO 8601 with milliseconds; `to` is not included. */
export interface ReplayRange {
  readonly from: string;
  readonly to: string;
}

export interface Replayed {
  /** Events of the range. */
  readonly events: number;
  /** Events that the target did not have. */
  readonly added: number;
}

/**
 * Hands all events of a range to a target once more, read from the table: for an outage longer than the stream keeps
 * its records. Events that the target has stay as they are, so a replay may run twice, or beside the stream.
 *
 * @throws the error for which the target did not take an event; the same replay may be run again
 */
export async function replayEvents(
  range: ReplayRange,
  services: { readonly history: AuditHistory; readonly target: AuditTarget },
): Promise<Replayed> {
  let events = 0;
  let added = 0;
  for await (const item of services.history.items()) {
    const wanted: AuditEvent[] = historyOf(item).filter(({ at }) => at >= range.from && at < range.to);
    if (wanted.length === 0) continue;
    const result = await services.target.take(wanted);
    if (result.taken < wanted.length) throw result.error;
    events += wanted.length;
    added += result.added;
  }
  return { events, added };
}
