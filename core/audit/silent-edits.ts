import { canMove, isState } from '../model/life-cycle.ts';
import type { AccessRequest } from '../model/request.ts';
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

/** What is stored of a request: its fields, and what only its item has. */
type StoredField = keyof AccessRequest | 'askedIn' | 'find' | 'joiners' | 'voters';

/**
 * When a change of a field is somebody's edit. `fixed`: always, for it says so from the beginning on. `listed`: always, but that requests
 * from before there was a list of all are put into it once. `told`: where no event came with it. `grows`: where something of it went.
 */
type Rule = 'fixed' | 'listed' | 'told' | 'grows' | { readonly untold: string };

/** A field that is new has to be given its rule here, so that none can be edited unnoticed because nobody thought of it. */
const RULES: Readonly<Record<StoredField, Rule>> = {
  id: { untold: 'another id is another item' },
  events: { untold: 'what came is told as what it is, and what is no longer as it was as history-rewritten' },
  grant: { untold: 'its parts have rules of their own, below' },
  requester: 'fixed',
  target: 'fixed',
  names: 'fixed',
  sessionSeconds: 'fixed',
  reason: 'fixed',
  ticket: 'fixed',
  requestedAt: 'fixed',
  windowFrom: 'fixed',
  extends: 'fixed',
  origin: 'fixed',
  ask: 'fixed',
  about: 'fixed',
  held: 'fixed',
  // When it is reminded of, escalates and expires.
  approvalTiming: 'fixed',
  expiresAt: 'fixed',
  // By these it is found in the list of all.
  askedIn: 'listed',
  find: 'listed',
  state: 'told',
  startsAt: 'told',
  endsAt: 'told',
  durationSeconds: 'told',
  endedAt: 'told',
  endingAt: 'told',
  breakGlass: 'told',
  review: 'told',
  // By these it is found out, while access lasts, whether what justified it still holds.
  path: 'told',
  endsWith: 'told',
  decidedAt: 'told',
  accessVersion: 'told',
  accessId: 'told',
  accessStory: 'told',
  sessionsCutAt: 'told',
  sessionsLeft: 'told',
  votes: 'told',
  voters: 'told',
  claim: 'told',
  mailed: 'told',
  reportLines: 'told',
  // What joins and moves no end is told in the history of the request that joined.
  joins: 'grows',
  joiners: 'grows',
  failure: { untold: 'written before the state that it explains, which is told; it decides nothing' },
  refusal: { untold: 'as failure' },
  asked: { untold: 'what approvers were shown last; who may decide is decided again at each click' },
  messages: { untold: 'where a message is in Slack, for the next edit of it; sent first, and noted then' },
  told: { untold: 'how much of the history the messages show' },
  tokens: { untold: 'by which a workflow is woken, which would wake by itself; they are nobody’s to read' },
  removalTries: { untold: 'a count, for notes; the history has some of the tries only' },
};

const FIELDS = Object.keys(RULES) as StoredField[];

/** What the grant found and when it asked; the id of the operation comes after it, and is not told. */
const GRANT_PARTS = ['standing', 'askedAt'] as const;

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
  const isTold = added.length > 0;
  const brought = isTold ? [] : broughtByJoining(before, after);
  const fields = FIELDS.filter((field) => isEdit(field, before, after, isTold) && !brought.includes(field));
  const [was, is] = [record(before.grant), record(after.grant)];
  const parts = isTold ? [] : GRANT_PARTS.filter((part) => !sameValue(was[part], is[part]));
  return [
    ...fields.map((field) => edited(field, before[field], after[field])),
    ...parts.map((part) => edited(`grant.${part}`, was[part], is[part])),
    ...(isTold ? skipped(before, after, added) : []),
  ];
}

function isEdit(
  field: StoredField,
  { [field]: was }: StoredItem,
  { [field]: is }: StoredItem,
  isTold: boolean,
): boolean {
  const rule = RULES[field];
  if (sameValue(was, is)) return false;
  switch (rule) {
    case 'fixed':
      return true;
    case 'listed':
      return was !== undefined;
    case 'told':
      return !isTold;
    case 'grows':
      return !hasGrown(was, is);
    default:
      return false;
  }
}

/** Is all still there that was, at its place? */
function hasGrown(was: unknown, is: unknown): boolean {
  if (was === undefined) return true;
  if (was instanceof Set && is instanceof Set) return [...was].every((member) => is.has(member));
  return Array.isArray(was) && Array.isArray(is) && was.every((member, index) => sameValue(member, is[index]));
}

/** What a request that broke the glass brings to the access it joins, also where that lasts no longer for it: a review that is owed. */
function broughtByJoining(before: StoredItem, after: StoredItem): readonly StoredField[] {
  const isJoined = !sameValue(before.joins, after.joins) && hasGrown(before.joins, after.joins);
  const owes = before.review === undefined && record(after.review).status === 'owed' && after.breakGlass === true;
  return isJoined && owes ? ['breakGlass', 'review'] : [];
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
const EDIT = `(?:${[...FIELDS, ...GRANT_PARTS.map((part) => `grant\\.${part}`), 'standing'].join('|')}) was ${SHOWN} and is ${SHOWN}`;
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
