import type { AuditEvent } from './audit-event.ts';
import { newEvents } from './new-events.ts';
import type { AuditTarget } from './ports.ts';
import type { StoredChange } from './stored-item.ts';

/** An event and the write it came from. */
export interface DeliveredEvent {
  readonly event: AuditEvent;
  readonly change: StoredChange;
}

export interface Delivery {
  /** The events that the target has now, in order. */
  readonly delivered: readonly DeliveredEvent[];
  /**
   * The first event that the target did not take, if any: its write and all later writes have to be delivered again.
   */
  readonly failed?: DeliveredEvent & { readonly error: unknown };
}

/**
 * Hands the events of a batch of writes to a target, in order, and returns how far the target got.
 *
 * @param noticed called with every event before the target gets any: a target that is down may delay them for hours
 */
export async function deliverChanges(
  changes: readonly StoredChange[],
  target: AuditTarget,
  noticed: (one: DeliveredEvent) => void = () => undefined,
): Promise<Delivery> {
  const entries = changes.flatMap((change) => newEvents(change).map((event) => ({ event, change })));
  if (entries.length === 0) return { delivered: [] };
  for (const one of entries) noticed(one);
  const { taken, error } = await target.take(entries.map(({ event }) => event));
  const delivered = entries.slice(0, taken);
  const next = entries[taken];
  return next === undefined ? { delivered } : { delivered, failed: { ...next, error } };
}
