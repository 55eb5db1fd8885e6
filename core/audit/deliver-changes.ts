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
  /** What the target has now, in order. */
  readonly delivered: readonly DeliveredEvent[];
  /** The first event the target has not, if any: everything from its write on has to be handed over again. */
  readonly failed?: DeliveredEvent & { readonly error: unknown };
}

/**
 * Hands the events of a batch of writes to a target, in order, and says how far it got.
 *
 * @param noticed is told of all of them first, because a target that is down may keep them waiting for hours
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
