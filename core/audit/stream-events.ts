import type { AuditEvent } from './audit-event.ts';
import { byHand, tampering } from './facts.ts';
import { isEditNote, isLease, silentEdit } from './silent-edits.ts';
import { record, sameValue, textOr } from './stored-item.ts';

/*
 * A freeze by hand, history that was touched, an edit without a word: the stream tells these from the write itself, and no item has
 * them. Nothing in the tables can prove such an event; but it can only ever say what the stream's own words are.
 */

/** How the ids of such events end: the stream's number of the write. */
const OF_WRITE = /^(?<item>.+)#(?<sequenceNumber>\d+)(?<silent>#silent)?$/s;

const BY_HAND = 'by hand';

/**
 * Is this, member for member, an event that the stream alone tells of? Then the table cannot say whether it is true. Whatever else
 * goes under such an id or type (a vote, a requester, a state) was written by somebody else.
 */
export function isStreamEvent(found: unknown): boolean {
  const { id, type, at, by, note } = record(found);
  const { item = '', sequenceNumber = '', silent } = OF_WRITE.exec(textOr(id, ''))?.groups ?? {};
  const rebuilt = rebuild(textOr(type, ''), {
    item,
    write: { sequenceNumber, at: textOr(at, '') },
    by: textOr(by, ''),
    note: textOr(note, ''),
  });
  return sequenceNumber !== '' && sameValue(rebuilt, found) && (silent !== undefined) === (type === 'silent-edit');
}

interface Said {
  /** The item that was written. */
  readonly item: string;
  readonly write: { readonly sequenceNumber: string; readonly at: string };
  readonly by: string;
  readonly note: string;
}

/** The event as the stream would make it. Who made up another id for it is found by that, too: the id is made anew. */
function rebuild(type: string, { item, write, by, note }: Said): AuditEvent | undefined {
  switch (type) {
    case 'frozen':
    case 'thawed':
      return byHand(type, type === 'thawed' ? 'unknown' : by, write, note.slice(`${BY_HAND}: `.length));
    case 'history-removed':
    case 'history-rewritten':
      return tampering(type, { ...write, after: { id: item } }, Number.parseInt(note, 10));
    case 'silent-edit':
      return isEditNote(note) ? silentEdit(write, item, note, isLease(item) ? undefined : item) : undefined;
    default:
      return undefined;
  }
}
