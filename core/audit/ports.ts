import type { AuditEvent, AuditFact } from './audit-event.ts';
import type { StoredItem } from './stored-item.ts';

/** What a target did with events handed to it. */
export interface Taken {
  /** How many it has, counted from the first up to the first it has not. */
  readonly taken: number;
  /** How many of these it did not have before, as far as it can tell. */
  readonly added: number;
  /** Why it did not take the next one. */
  readonly error?: unknown;
}

/** Somewhere events go. Handing over the same event again does no harm. */
export interface AuditTarget {
  /** Takes events in their order and stops at the first it cannot take; never throws. */
  take(events: readonly AuditEvent[]): Promise<Taken>;
}

/** Where facts that belong to no request are written down; from there they go the way of every other event. */
export interface AuditLog {
  /** @param id unique; the same id again writes nothing */
  write(id: string, fact: AuditFact): Promise<void>;
}

/** Everything that has history, read from the truth itself. */
export interface AuditHistory {
  items(): AsyncIterable<StoredItem>;
}
