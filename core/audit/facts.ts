import {
  FACT_PREFIX,
  FREEZE_ID,
  LOST_FACT_PREFIX,
  PROPOSAL_FACT_PREFIX,
  RECORD_CHANGE_PREFIX,
  REFUSAL_PREFIX,
  STOP_FACT_PREFIX,
} from '../model/stored-ids.ts';
import { AUDIT_VERSION, type AuditEvent } from './audit-event.ts';
import type { FactType } from './event-types.ts';
import {
  instant,
  optional,
  record,
  type StoredChange,
  type StoredItem,
  text,
  textOr,
  texts,
  wordOr,
} from './stored-item.ts';

/** Is the item a fact, as opposed to an item that has a history of events? */
export function isFact(item: StoredItem): boolean {
  return isFactId(textOr(item.id, ''));
}

function isFactId(id: string): boolean {
  return id.startsWith(FACT_PREFIX) || OWN_PREFIXES.some(([prefix]) => id.startsWith(prefix));
}

/**
 * Prefixes of facts whose writers may write no other facts, each with the types that it allows. Any other type under
 * such a prefix is read as the first of them, so that a writer cannot make the audit say what it has no right to say.
 */
const OWN_PREFIXES: readonly (readonly [prefix: string, types: readonly [FactType, ...FactType[]]])[] = [
  [REFUSAL_PREFIX, ['action-refused', 'call-forged']],
  [LOST_FACT_PREFIX, ['record-lost']],
  [RECORD_CHANGE_PREFIX, ['record-changed']],
  [PROPOSAL_FACT_PREFIX, ['policy-proposed', 'policy-withdrawn', 'policy-pushed']],
  [STOP_FACT_PREFIX, ['frozen', 'thawed', 'locked', 'unlocking', 'unlocked']],
];

/** Id prefixes of every kind of fact: a replay or a verification reads the items under all of them. */
export const FACT_PREFIXES: readonly string[] = [FACT_PREFIX, ...OWN_PREFIXES.map(([prefix]) => prefix)];

function typeOf(id: string, written: string): string {
  const types = OWN_PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1];
  return types === undefined ? written : (types.find((type) => type === written) ?? types[0]);
}

/** The audit event of a stored fact, with a type that the prefix of its id allows. */
export function factOf(item: StoredItem): AuditEvent {
  const subjects = texts(item.ids);
  const hashes = texts(item.hashes);
  const id = textOr(item.id, '');
  return {
    version: AUDIT_VERSION,
    id,
    type: typeOf(id, wordOr(item.type, 'unknown')),
    at: instant(item.at),
    by: wordOr(item.by, 'unknown'),
    ...optional('note', text(item.note)),
    ...(subjects.length === 0 ? {} : { subjects }),
    ...(hashes.length === 0 ? {} : { hashes }),
    ...optional('before', text(item.before)),
    ...optional('after', text(item.after)),
  };
}

/**
 * A freeze or thaw that has no fact. The commands write a fact in one transaction with the switch and leave the id of
 * the fact in the item (`freezeFact`, `thawFact`). A freeze that was written by hand has no such id, so its event is
 * made from the write.
 */
export function freezeFacts(change: StoredChange): AuditEvent[] {
  const { before, after } = change;
  if (after === undefined) {
    if (before === undefined || text(before.thawFact) !== undefined) return [];
    return [byHand('thawed', 'unknown', change)];
  }
  if (text(after.thawFact) !== undefined || (before === undefined && text(after.freezeFact) !== undefined)) return [];
  return [byHand('frozen', wordOr(after.by, 'unknown'), change, text(after.reason))];
}

/** The event of a freeze that somebody wrote or removed by hand, made from the write in the stream. */
export function byHand(type: 'frozen' | 'thawed', by: string, change: StoredChange, reason = ''): AuditEvent {
  const note = reason === '' ? 'by hand' : `by hand: ${reason}`;
  return {
    version: AUDIT_VERSION,
    id: `${FREEZE_ID}#${change.sequenceNumber}`,
    type,
    at: instant(change.at),
    by,
    note,
    subjects: [FREEZE_ID],
  };
}

/**
 * The event of history that was deleted or changed. No part of the program does this; CloudTrail says who did, if it
 * records data events of the table.
 */
export function tampering(
  type: 'history-removed' | 'history-rewritten',
  change: StoredChange,
  events: number,
): AuditEvent {
  const id = textOr(record(change.after ?? change.before).id, '');
  return {
    version: AUDIT_VERSION,
    id: `${id}#${change.sequenceNumber}`,
    type,
    at: instant(change.at),
    by: 'unknown',
    note: `${events} ${events === 1 ? 'event' : 'events'} until then`,
    ...(isFactId(id) ? {} : { requestId: id }),
    subjects: [id],
  };
}
