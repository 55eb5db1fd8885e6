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

/** Is this a fact of its own, as opposed to something that has a history? */
export function isFact(item: StoredItem): boolean {
  return isFactId(textOr(item.id, ''));
}

function isFactId(id: string): boolean {
  return id.startsWith(FACT_PREFIX) || OWN_PREFIXES.some(([prefix]) => id.startsWith(prefix));
}

/**
 * Facts that functions and operators may write who may write no others: the types that are believed under the prefix of such an id.
 * Anything else under it is told as the first of them, so that nobody makes the audit say what they may not do.
 */
const OWN_PREFIXES: readonly (readonly [prefix: string, types: readonly [FactType, ...FactType[]]])[] = [
  [REFUSAL_PREFIX, ['action-refused', 'call-forged']],
  [LOST_FACT_PREFIX, ['record-lost']],
  [RECORD_CHANGE_PREFIX, ['record-changed']],
  [PROPOSAL_FACT_PREFIX, ['policy-proposed', 'policy-withdrawn', 'policy-pushed']],
  [STOP_FACT_PREFIX, ['frozen', 'thawed', 'locked', 'unlocking', 'unlocked']],
];

/** How the ids of facts begin, of every kind: whoever reads the history for a second time reads them all. */
export const FACT_PREFIXES: readonly string[] = [FACT_PREFIX, ...OWN_PREFIXES.map(([prefix]) => prefix)];

function typeOf(id: string, written: string): string {
  const types = OWN_PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1];
  return types === undefined ? written : (types.find((type) => type === written) ?? types[0]);
}

/** A fact as it was written down; its type as far as its id may have it. */
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
 * A freeze or thaw that nobody wrote down. The commands write a fact together with the switch and leave its id in the item
 * (`freezeFact`, `thawFact`); a freeze that somebody wrote by hand has none, and is told from the write itself.
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

/** What the stream tells of a freeze that somebody wrote or removed by hand. */
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

/** History that is not as it was. Nothing that runs ever does this; who did is in CloudTrail, if it records data events. */
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
