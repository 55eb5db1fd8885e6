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
 * The program writes a state, an end and the event about them in one write. A field that changes without an event was
 * therefore changed by hand, or by an attacker who holds the role of a function.
 */

/** The stored fields of a request: those of `AccessRequest`, and those that only its item has. */
type StoredField = keyof AccessRequest | 'askedIn' | 'find' | 'joiners' | 'voters';

/**
 * When a change of a field counts as an edit. `fixed`: always, because the field never changes after the request is
 * created. `listed`: always, except when it is first set, as requests older than the list of all requests are put into
 * it once. `needs-event`: when no event came with the change. `why-failed`: as `needs-event`, except when it is set while
 * the request is `granting`: the program stores why a grant fails before it moves the request to `ending`, which has the
 * event. `grows`: when a part of the value went. `ignored`: never; the text says why.
 */
type Rule = 'fixed' | 'listed' | 'needs-event' | 'why-failed' | 'grows' | { readonly ignored: string };

/** The type demands a rule for every stored field, so that no new field can be edited unnoticed. */
const RULES: Readonly<Record<StoredField, Rule>> = {
  id: { ignored: 'another id is another item' },
  events: { ignored: 'what came is told as what it is, and what is no longer as it was as history-rewritten' },
  grant: { ignored: 'its parts have rules of their own, below' },
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
  // When approvers are reminded, and when the request escalates and expires.
  approvalTiming: 'fixed',
  expiresAt: 'fixed',
  // By these the list of all requests finds the request.
  askedIn: 'listed',
  find: 'listed',
  state: 'needs-event',
  startsAt: 'needs-event',
  endsAt: 'needs-event',
  durationSeconds: 'needs-event',
  endedAt: 'needs-event',
  endingAt: 'needs-event',
  breakGlass: 'needs-event',
  review: 'needs-event',
  // By these the program checks, while access lasts, whether what justified it still holds.
  path: 'needs-event',
  endsWith: 'needs-event',
  decidedAt: 'needs-event',
  accessVersion: 'needs-event',
  accessId: 'needs-event',
  accessStory: 'needs-event',
  sessionsCutAt: 'needs-event',
  sessionsLeft: 'needs-event',
  votes: 'needs-event',
  voters: 'needs-event',
  claim: 'needs-event',
  mailed: 'needs-event',
  reportLines: 'needs-event',
  // A join that moves no end has its event in the history of the request that joined.
  joins: 'grows',
  joiners: 'grows',
  failure: 'why-failed',
  refusal: 'why-failed',
  asked: { ignored: 'what approvers were shown last; who may decide is decided again at each click' },
  messages: { ignored: 'where a message is in Slack, for the next edit of it; sent first, and noted then' },
  told: { ignored: 'how much of the history the messages show' },
  tokens: { ignored: 'by which a workflow is woken, which would wake by itself; they are nobody’s to read' },
  removalTries: { ignored: 'a count, for notes; the history has some of the tries only' },
};

const FIELDS = Object.keys(RULES) as StoredField[];

/** What the grant found and when it asked Identity Center; the operation id is written later, without an event. */
const GRANT_PARTS = ['standing', 'askedAt'] as const;

/**
 * Ends a note on events that are not reported because one write added too many. They are in the table, and a replay
 * archives them.
 */
const MORE_EVENTS = 'events came with the same write than are told';

/** At most this much of a text that somebody wrote as a state goes into a note. Characters. */
const LONGEST_STATE = 100;

/** The states in which a request can be created. */
const FIRST_STATES = ['requested', 'refused', 'pending', 'approved'];

/**
 * One event for each item that was edited without an event; none for what the program itself writes.
 *
 * @param untold how many events of the same write are not reported because they are too many
 */
export function silentEdits(change: StoredChange, untold: number = 0): AuditEvent[] {
  const { before, after } = change;
  const id = textOr((after ?? before)?.id, '');
  const more = untold > 0 ? [`${untold} more ${MORE_EVENTS}`] : [];
  if (isLease(id)) return editEvents(change, id, [...leaseEdits(before, after), ...more]);
  if (after === undefined || !Array.isArray(after.events)) return [];
  if (before === undefined) {
    const state = textOr(after.state, '');
    const edits = FIRST_STATES.includes(state) ? [] : [`it was put there as ${stateText(state)}`];
    return editEvents(change, id, [...edits, ...more], id);
  }
  return editEvents(change, id, [...requestEdits(before, after), ...more], id);
}

function requestEdits(before: StoredItem, after: StoredItem): string[] {
  const added = records(after.events).slice(records(before.events).length);
  const hasEvent = added.length > 0;
  const brought = hasEvent ? [] : broughtByJoining(before, after);
  const fields = FIELDS.filter((field) => isEdit(field, before, after, hasEvent) && !brought.includes(field));
  const [was, is] = [record(before.grant), record(after.grant)];
  const parts = hasEvent ? [] : GRANT_PARTS.filter((part) => !sameValue(was[part], is[part]));
  return [
    ...fields.map((field) => edited(field, before[field], after[field])),
    ...parts.map((part) => edited(`grant.${part}`, was[part], is[part])),
    ...(hasEvent ? skipped(before, after, added) : []),
  ];
}

function isEdit(
  field: StoredField,
  { [field]: was, state }: StoredItem,
  { [field]: is }: StoredItem,
  hasEvent: boolean,
): boolean {
  const rule = RULES[field];
  if (sameValue(was, is)) return false;
  switch (rule) {
    case 'fixed':
      return true;
    case 'listed':
      return was !== undefined;
    case 'needs-event':
      return !hasEvent;
    case 'why-failed':
      return !hasEvent && !(state === 'granting' && is !== undefined);
    case 'grows':
      return !hasGrown(was, is);
    default:
      return false;
  }
}

/** Is everything that was there still there, in its place? */
function hasGrown(was: unknown, is: unknown): boolean {
  if (was === undefined) return true;
  if (was instanceof Set && is instanceof Set) return [...was].every((member) => is.has(member));
  return Array.isArray(was) && Array.isArray(is) && was.every((member, index) => sameValue(member, is[index]));
}

/**
 * The fields that a break-glass request sets on the access it joins, which then owes a review. If the join moves no
 * end, it adds no event.
 */
function broughtByJoining(before: StoredItem, after: StoredItem): readonly StoredField[] {
  const isJoined = !sameValue(before.joins, after.joins) && hasGrown(before.joins, after.joins);
  const owes = before.review === undefined && record(after.review).status === 'owed' && after.breakGlass === true;
  return isJoined && owes ? ['breakGlass', 'review'] : [];
}

/** Reports a state that is not the one its event entered, or that no step of the life cycle leads to. */
function skipped(before: StoredItem, after: StoredItem, added: readonly StoredItem[]): string[] {
  const entered = added.flatMap(({ state }) => text(state) ?? []);
  const [from, to] = [textOr(before.state, ''), textOr(after.state, '')];
  if ((entered.at(-1) ?? from) !== to) return [edited('state', from, to)];
  const steps = [from, ...entered];
  const wrong = entered.some((state, index) => !isStep(steps[index] ?? '', state));
  return wrong ? [`no step leads from ${stateText(from)} to ${stateText(to)}`] : [];
}

/** A stored state as a note shows it; an attacker may have written any text there. */
function stateText(state: string): string {
  return boundedText(state, LONGEST_STATE);
}

/** A request whose stored state is no known state may only go on as from `ending`. */
function isStep(from: string, to: string): boolean {
  if (!isState(to)) return false;
  return isState(from) ? from === to || canMove(from, to) : canMove('ending', to);
}

/**
 * A lease item says whether the assignment was there before Glasshammer made it. The function that hears of a change by
 * somebody else writes `standing` together with `standingAt`; a grant that finds the assignment gone only ever sets
 * `standing` to false.
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

/** Is this the id of a lease item? */
export function isLease(id: string): boolean {
  return id.startsWith(ITEM_PREFIXES.assignment) || id.startsWith(ITEM_PREFIXES.membership);
}

function edited(field: string, before: unknown, after: unknown): string {
  return `${field} was ${shown(before)} and is ${shown(after)}`;
}

/** Matches every text that `shown` returns. */
const SHOWN = '(?:not there|true|false|something else|[\\w:.-]{1,40})';

/** A value as a note shows it. Text that people wrote stays out of notes: that it has changed is enough. */
function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && /^[\w:.-]{1,40}$/.test(value)) return value;
  return 'something else';
}

/**
 * Matches an edited field with its values before and after. `NOTE` matches a whole note, with a wrong state at its end.
 */
const EDIT = `(?:${[...FIELDS, ...GRANT_PARTS.map((part) => `grant\\.${part}`), 'standing'].join('|')}) was ${SHOWN} and is ${SHOWN}`;
const NOTE = new RegExp(
  `^(?:it was put there as .*|it was deleted while a request held it|(?:${EDIT}(?:; |$))*(?:no step leads from .* to .*|\\d+ more ${MORE_EVENTS})?)$`,
  's',
);

/**
 * Can `silentEdits` have made the note? Only a stored state in it is free text, because an attacker may have written
 * it.
 */
export function isEditNote(note: string): boolean {
  return note !== '' && NOTE.test(note);
}

function editEvents(change: StoredChange, id: string, edits: readonly string[], requestId?: string): AuditEvent[] {
  return edits.length === 0 ? [] : [silentEdit(change, id, edits.join('; '), requestId)];
}

/** The event of an edit without an event, made from the write. @param requestId where the item is a request's */
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
