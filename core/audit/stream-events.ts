import type { AuditEvent } from './audit-event.ts';
import { byHand, tampering } from './facts.ts';
import { isEditNote, isLease, silentEdit } from './silent-edits.ts';
import { record, sameValue, textOr } from './stored-item.ts';

/*
 * Some events are made from a write in the stream alone: a freeze by hand, tampering with history, an edit without an
 * event. No item stores them, so nothing in the tables can prove one; but it can only say what the code below would
 * write.
 */

/** The ids of such events end with the stream's sequence number of the write. */
const OF_WRITE = /^(?<item>.+)#(?<sequenceNumber>\d+)(?<silent>#silent)?$/s;

const BY_HAND = 'by hand';

/**
 * Is this, member for member, an event that is made from the stream alone? Then the table cannot say whether it is
 * true. Anything else under such an id or type (a vote, a requester, a state) was put into the archive by somebody
 * else.
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
  /** The id of the item that was written. */
  readonly item: string;
  readonly write: { readonly sequenceNumber: string; readonly at: string };
  readonly by: string;
  readonly note: string;
}

/** The event as it would be made from the stream. Its id is made anew, so an invented id does not match either. */
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
