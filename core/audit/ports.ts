import type { AuditEvent, AuditFact } from './audit-event.ts';
import type { StoredItem } from './stored-item.ts';

/** How far a target got with the events handed to it. */
export interface Taken {
  /** How many events the target has now, counted up to the first that it did not take. */
  readonly taken: number;
  /** How many of these the target did not have before, as far as it can tell. */
  readonly added: number;
  /** Why the target did not take the next event. */
  readonly error?: unknown;
}

/** A destination of events. Handing over the same event again does no harm. */
export interface AuditTarget {
  /** Takes events in their order and stops at the first it cannot take; never throws. */
  take(events: readonly AuditEvent[]): Promise<Taken>;
}

/** Stores facts that belong to no request. From the table they go the way of every other event. */
export interface AuditLog {
  /** @param id unique; the same id again writes nothing */
  write(id: string, fact: AuditFact): Promise<void>;
}

/** Every stored item that has a history or is a fact, read from the request table itself. */
export interface AuditHistory {
  items(): AsyncIterable<StoredItem>;
}

/** One object of the archive as a reader finds it. */
export interface ArchivedObject {
  readonly key: string;
  /** The object has more than one version, or a delete marker over it. */
  readonly shadowed: boolean;
  /** Absent where the object is deleted. */
  readonly text?: string;
}

/** Reads the archive. */
export interface ArchiveReader {
  /** Every object of the days that a range (ISO 8601) touches. */
  objects(range: { readonly from: string; readonly to: string }): AsyncIterable<ArchivedObject>;
  /** The key under which an event is kept. */
  keyOf(event: Pick<AuditEvent, 'id' | 'at'>): string;
  /**
   * When the event of a key happened, read from the key; ISO 8601. `undefined` for a key under which no event is kept.
   */
  timeOf(key: string): string | undefined;
}

/** Asks the archive in SQL. */
export interface ArchiveQueries {
  /** @returns the rows, each with a text for every column. @throws the error with which the statement failed */
  rows(sql: string): Promise<readonly Readonly<Record<string, string>>[]>;
}
