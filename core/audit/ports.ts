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

/** One object of the archive, as whoever reads the archive finds it. */
export interface ArchivedObject {
  readonly key: string;
  /** It has more than one version, or a delete marker over it. */
  readonly shadowed: boolean;
  /** Absent where it is deleted. */
  readonly text?: string;
}

/** The archive, read. */
export interface ArchiveReader {
  /** Every object of the days that a range (ISO 8601) touches. */
  objects(range: { readonly from: string; readonly to: string }): AsyncIterable<ArchivedObject>;
  /** Where an event is kept. */
  keyOf(event: Pick<AuditEvent, 'id' | 'at'>): string;
  /** When the event of a key happened, as the key says; ISO 8601. `undefined` for a key under which no event is kept. */
  timeOf(key: string): string | undefined;
}

/** The archive, asked in SQL. */
export interface ArchiveQueries {
  /** @returns the rows, each with a text for every column; @throws what the statement failed with */
  rows(sql: string): Promise<readonly Readonly<Record<string, string>>[]>;
}
