import { FREEZE_ID, ITEM_PREFIXES } from '../model/stored-ids.ts';
import { AUDIT_VERSION, type AuditEvent } from './audit-event.ts';
import { boundedEvent } from './bounded-event.ts';
import { factOf, freezeFacts, isFact, tampering } from './facts.ts';
import { silentEdits } from './silent-edits.ts';
import {
  counted,
  instant,
  optional,
  record,
  records,
  type StoredChange,
  type StoredItem,
  sameValue,
  text,
  textOr,
  texts,
  wordOr,
} from './stored-item.ts';

/**
 * At most this many events of one write are reported. The program writes a few at once. An attacker who may write to
 * the table can add a hundred thousand, and archiving them all would hold up every later event for hours.
 */
const MOST_AT_ONCE = 100;

/**
 * The events that one write added, oldest first. They depend on the write alone, so that a write delivered twice yields
 * equal events. History that was deleted or rewritten yields an event of its own: only an attacker, or an operator at
 * the console, does that.
 */
export function newEvents(change: StoredChange): AuditEvent[] {
  return told(change).map(boundedEvent);
}

function told(change: StoredChange): AuditEvent[] {
  const { before, after } = change;
  if (textOr((after ?? before)?.id, '') === FREEZE_ID) return freezeFacts(change);
  const old = before === undefined ? [] : recorded(before);
  if (after === undefined) {
    const silent = silentEdits(change);
    return old.length === 0 ? silent : [tampering('history-removed', change, old.length), ...silent];
  }
  const now = recorded(after);
  const kept = old.every((event, index) => sameValue(event, now[index]));
  const added = eventsOf(after, old.length, old.length + MOST_AT_ONCE);
  const untold = isVotes(after) ? 0 : now.length - old.length - added.length;
  return [
    ...(kept ? [] : [tampering('history-rewritten', change, old.length)]),
    ...added,
    ...silentEdits(change, untold),
  ];
}

/**
 * The whole history of a stored item, oldest first; empty for items that have none (leases, block actions, the freeze).
 */
export function historyOf(item: StoredItem): AuditEvent[] {
  return eventsOf(item, 0, Number.POSITIVE_INFINITY).map(boundedEvent);
}

/** The history of an item from position `from` up to, and without, position `to`. */
function eventsOf(item: StoredItem, from: number, to: number): AuditEvent[] {
  if (isFact(item)) return from === 0 ? [factOf(item)] : [];
  if (isVotes(item)) return [];
  const about = aboutRequest(item);
  const { principalId = '', userName = '' } = about.requester ?? {};
  const names = new Map([[principalId, userName]]);
  return recorded(item).flatMap((event, index) => {
    const by = wordOr(event.by, 'unknown');
    // The name comes from this event or from earlier ones, so that an event reads the same whenever it is made.
    const byName = text(event.byName) ?? names.get(by);
    if (byName !== undefined) names.set(by, byName);
    if (index < from || index >= to) return [];
    return {
      version: AUDIT_VERSION,
      id: `${about.requestId}#${index}`,
      type: wordOr(event.type, 'unknown'),
      at: instant(event.at),
      by,
      ...optional('byName', byName),
      ...optional('state', text(event.state)),
      ...optional('note', text(event.note)),
      ...toldBy(event),
      ...about,
    };
  });
}

/** What the event itself records of times, approvers and the policy. */
function toldBy(event: StoredItem): Partial<AuditEvent> {
  const approvers = texts(event.approvers);
  const { record: of, hash, version, text: said } = record(event.policy);
  return {
    ...optional('startsAt', text(event.startsAt)),
    ...optional('endsAt', text(event.endsAt)),
    ...counted('durationSeconds', event.durationSeconds),
    ...(approvers.length === 0 ? {} : { approvers }),
    ...(text(of) === undefined
      ? {}
      : {
          policy: {
            record: textOr(of, ''),
            hash: textOr(hash, ''),
            version: textOr(version, ''),
            ...optional('text', text(said)),
          },
        }),
  };
}

/** The history of an item as it is stored. */
function recorded(item: StoredItem): readonly StoredItem[] {
  if (isFact(item)) return [item];
  return records(isVotes(item) ? item.votes : item.events);
}

/**
 * Is this the item of a request's votes? The events of votes are in the request, and the item of votes only ever grows.
 */
function isVotes(item: StoredItem): boolean {
  return textOr(item.id, '').startsWith(ITEM_PREFIXES.vote);
}

/**
 * What every event says of its request. Only fields that never change once they are set, so that an event reads the
 * same whenever it is made.
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
    ...optional('origin', text(record(item.origin).kind)),
    ...counted('sessionSeconds', item.sessionSeconds),
    ...optional('path', text(item.path)),
  };
}
