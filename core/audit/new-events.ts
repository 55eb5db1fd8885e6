import { FREEZE_ID, ITEM_PREFIXES } from '../model/stored-ids.ts';
import { AUDIT_VERSION, type AuditEvent } from './audit-event.ts';
import { factOf, freezeFacts, isFact, tampering } from './facts.ts';
import { silentEdits } from './silent-edits.ts';
import {
  instant,
  optional,
  record,
  records,
  type StoredChange,
  type StoredItem,
  sameValue,
  text,
  textOr,
} from './stored-item.ts';

/**
 * The events that came into being with one write, oldest first. A function of the write alone, so that a write delivered twice
 * makes equal events. History that is deleted or rewritten is an event itself: nobody but an intruder or an operator at the
 * console does that.
 */
export function newEvents(change: StoredChange): AuditEvent[] {
  const { before, after } = change;
  if (textOr((after ?? before)?.id, '') === FREEZE_ID) return freezeFacts(change);
  const old = before === undefined ? [] : recorded(before);
  const silent = silentEdits(change);
  if (after === undefined)
    return old.length === 0 ? silent : [tampering('history-removed', change, old.length), ...silent];
  const now = recorded(after);
  const kept = old.every((event, index) => sameValue(event, now[index]));
  const added = historyOf(after).slice(old.length);
  return [...(kept ? [] : [tampering('history-rewritten', change, old.length)]), ...added, ...silent];
}

/** The whole history of one stored item, oldest first; empty for items that have none (leases, clicks, switches). */
export function historyOf(item: StoredItem): AuditEvent[] {
  if (isFact(item)) return [factOf(item)];
  if (isVotes(item)) return [];
  const about = aboutRequest(item);
  return recorded(item).map((event, index) => ({
    version: AUDIT_VERSION,
    id: `${about.requestId}#${index}`,
    type: textOr(event.type, 'unknown'),
    at: instant(event.at),
    by: textOr(event.by, 'unknown'),
    ...optional('state', text(event.state)),
    ...optional('note', text(event.note)),
    ...about,
  }));
}

/** What is written down of an item's history, as it stands there. */
function recorded(item: StoredItem): readonly StoredItem[] {
  if (isFact(item)) return [item];
  return records(isVotes(item) ? item.votes : item.events);
}

/** The votes on a request: their events are in the request, and they themselves only ever grow. */
function isVotes(item: StoredItem): boolean {
  return textOr(item.id, '').startsWith(ITEM_PREFIXES.vote);
}

/**
 * What every event says of its request. Only what never changes once it is there, so that an event reads the same whenever it
 * is made.
 */
function aboutRequest(item: StoredItem): Omit<AuditEvent, 'version' | 'id' | 'type' | 'at' | 'by'> {
  const requester = record(item.requester);
  const target = record(item.target);
  const names = record(item.names);
  return {
    requestId: textOr(item.id, ''),
    requester: {
      principalId: textOr(requester.principalId, ''),
      slackId: textOr(requester.slackId, ''),
      userName: textOr(requester.userName, ''),
      displayName: textOr(requester.displayName, ''),
    },
    target:
      text(target.groupId) === undefined
        ? { accountId: textOr(target.accountId, ''), permissionSetArn: textOr(target.permissionSetArn, '') }
        : { groupId: textOr(target.groupId, '') },
    names: {
      ...optional('accountName', text(names.accountName)),
      ...optional('permissionSetName', text(names.permissionSetName)),
      ...optional('groupName', text(names.groupName)),
    },
    reason: textOr(item.reason, ''),
    ticket: textOr(item.ticket, ''),
    breakGlass: item.breakGlass === true,
    ...optional('path', text(item.path)),
  };
}
