import { canMove, isState } from '../model/life-cycle.ts';
import { ITEM_PREFIXES } from '../model/stored-ids.ts';
import { AUDIT_VERSION, type AuditEvent } from './audit-event.ts';
import { boundedText } from './bounded-event.ts';
import {
  instant,
  record,
  records,
  type StoredChange,
  type StoredItem,
  sameValue,
  text,
  textOr,
} from './stored-item.ts';

/*
 * What the program writes, it says: a state, an end and its event are one write. So a field that changes alone was changed by
 * somebody who is not the program, or by a function in foreign hands.
 */

/** What a request says from the beginning on. Nothing that runs ever changes it. */
const FIXED = [
  'requester',
  'target',
  'names',
  'sessionSeconds',
  'reason',
  'ticket',
  'requestedAt',
  'windowFrom',
  'extends',
  'origin',
  'ask',
] as const;

/** By what a request is found in the list of all. */
const LISTED = ['askedIn', 'find'] as const;

/** What changes only together with an event of the same write. */
const TOLD = [
  'state',
  'startsAt',
  'endsAt',
  'durationSeconds',
  'endedAt',
  'endingAt',
  'breakGlass',
  // By these it is found out, while access lasts, whether what justified it still holds.
  'path',
  'endsWith',
  'accessId',
  'sessionsCutAt',
] as const;

/** Of events that are too many to be told. They are in the table, and a replay archives them. */
const MORE_EVENTS = 'events came with the same write than are told';

/** So much of a text that stands in a state's place goes into a note. Characters. */
const LONGEST_STATE = 100;

/** The states in which a request may come into being. */
const FIRST_STATES = ['requested', 'refused', 'pending', 'approved'];

/**
 * One edit that nothing tells of, for each item touched; none for what the program itself writes.
 *
 * @param untold how many events of the same write are not told, because they are too many
 */
export function silentEdits(change: StoredChange, untold: number = 0): AuditEvent[] {
  const { before, after } = change;
  const id = textOr((after ?? before)?.id, '');
  const more = untold > 0 ? [`${untold} more ${MORE_EVENTS}`] : [];
  if (isLease(id)) return toldOf(change, id, [...leaseEdits(before, after), ...more]);
  if (after === undefined || !Array.isArray(after.events)) return [];
  if (before === undefined) {
    const state = textOr(after.state, '');
    const edits = FIRST_STATES.includes(state) ? [] : [`it was put there as ${stateText(state)}`];
    return toldOf(change, id, [...edits, ...more], id);
  }
  return toldOf(change, id, [...requestEdits(before, after), ...more], id);
}

function requestEdits(before: StoredItem, after: StoredItem): string[] {
  const added = records(after.events).slice(records(before.events).length);
  const fixed = FIXED.filter((field) => !sameValue(before[field], after[field]));
  const told = added.length > 0 ? [] : TOLD.filter((field) => !sameValue(before[field], after[field]));
  const standing = record(before.grant).standing;
  const isOther = standing !== undefined && record(after.grant).standing !== standing && added.length === 0;
  // Requests that were made before there was a list of all are put into it once; out of it, or elsewhere in it, never.
  const moved = LISTED.filter((field) => before[field] !== undefined && !sameValue(before[field], after[field]));
  return [
    ...[...moved, ...fixed, ...told].map((field) => edited(field, before[field], after[field])),
    ...(isOther ? [edited('grant.standing', standing, record(after.grant).standing)] : []),
    ...(added.length > 0 ? skipped(before, after, added) : []),
  ];
}

/** A state that is not the one its event entered, or one that no step leads to. */
function skipped(before: StoredItem, after: StoredItem, added: readonly StoredItem[]): string[] {
  const entered = added.flatMap(({ state }) => text(state) ?? []);
  const [from, to] = [textOr(before.state, ''), textOr(after.state, '')];
  if ((entered.at(-1) ?? from) !== to) return [edited('state', from, to)];
  const steps = [from, ...entered];
  const wrong = entered.some((state, index) => !isStep(steps[index] ?? '', state));
  return wrong ? [`no step leads from ${stateText(from)} to ${stateText(to)}`] : [];
}

/** What somebody has put into a state's place. */
function stateText(state: string): string {
  return boundedText(state, LONGEST_STATE);
}

/** Whatever is in no state may only end. */
function isStep(from: string, to: string): boolean {
  if (!isState(to)) return false;
  return isState(from) ? from === to || canMove(from, to) : canMove('ending', to);
}

/**
 * A lease says whether the assignment was there before us. Who hears later that somebody else has given it writes down when that was;
 * the grant that finds it gone only ever turns it into ours.
 */
function leaseEdits(before: StoredItem | undefined, after: StoredItem | undefined): string[] {
  if (before === undefined) return [];
  if (after === undefined) {
    const held = before.leases instanceof Set ? before.leases.size : 0;
    return held > 0 ? ['it was deleted while a request held it'] : [];
  }
  if (before.standing === undefined || sameValue(before.standing, after.standing)) return [];
  const heard = !sameValue(before.standingAt, after.standingAt) && after.standingAt !== undefined;
  const gone = after.standing === false && after.standingAt !== undefined;
  return heard || gone ? [] : [edited('standing', before.standing, after.standing)];
}

/** Is this the id of a lease? */
export function isLease(id: string): boolean {
  return id.startsWith(ITEM_PREFIXES.assignment) || id.startsWith(ITEM_PREFIXES.membership);
}

function edited(field: string, before: unknown, after: unknown): string {
  return `${field} was ${shown(before)} and is ${shown(after)}`;
}

/** A value as `shown` shows it. */
const SHOWN = '(?:not there|true|false|something else|[\\w:.-]{1,40})';

/** Text of people does not go into a note: that it has changed is enough. */
function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && /^[\w:.-]{1,40}$/.test(value)) return value;
  return 'something else';
}

/** What an edit may be told as: fields with what they were and are, and at last what is wrong with the state. */
const EDIT = `(?:${[...LISTED, ...FIXED, ...TOLD, 'grant\\.standing', 'standing'].join('|')}) was ${SHOWN} and is ${SHOWN}`;
const NOTE = new RegExp(
  `^(?:it was put there as .*|it was deleted while a request held it|(?:${EDIT}(?:; |$))*(?:no step leads from .* to .*|\\d+ more ${MORE_EVENTS})?)$`,
  's',
);

/** Could the note of an edit be in our words? What anybody could have written into a state's place is all that is free in it. */
export function isEditNote(note: string): boolean {
  return note !== '' && NOTE.test(note);
}

function toldOf(change: StoredChange, id: string, edits: readonly string[], requestId?: string): AuditEvent[] {
  return edits.length === 0 ? [] : [silentEdit(change, id, edits.join('; '), requestId)];
}

/** What the stream tells of an edit that nothing else tells of. @param requestId where it was a request's item */
export function silentEdit(
  { sequenceNumber, at }: Pick<StoredChange, 'sequenceNumber' | 'at'>,
  id: string,
  note: string,
  requestId?: string,
): AuditEvent {
  return {
    version: AUDIT_VERSION,
    id: `${id}#${sequenceNumber}#silent`,
    type: 'silent-edit',
    at: instant(at),
    by: 'unknown',
    note,
    ...(requestId === undefined ? {} : { requestId }),
    subjects: [id],
  };
}
