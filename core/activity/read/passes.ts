import { after } from '../../model/events.ts';
import type { PageFindings, Subject } from '../classify/aggregate/aggregate.ts';
import { type Call, wholeSeconds } from '../classify/call.ts';
import { FLAGGED_NAMES, FLAGGED_READS } from '../classify/rules/flag-actions.ts';
import type { ActivityQuery, LookupBy } from '../ports.ts';
import type { ReportPlan } from './plan.ts';
import type { Cursor, Flood } from './progress.ts';
import { readUntil } from './schedule.ts';

/** After this many pages of 50 calls under one name, writes and flagged calls are looked up before the rest. */
export const FLOOD_PAGES = 100;
/** The most pages read of all writes of an account, and of the calls of one event name. */
const WRITES_PAGES = 200;
const NAME_PAGES = 10;

/** The next look-up of a cursor. */
export function nextQuery(
  cursor: Cursor,
  subject: Subject,
  plan: ReportPlan,
): Pick<ActivityQuery, 'by' | 'from' | 'until' | 'token'> {
  const followed = subject.accessKeyId !== undefined || subject.session !== undefined;
  return {
    by: lookupBy(cursor, subject, plan),
    from: followed ? plan.from : plan.readFrom,
    until: cursor.below ?? cursor.flood?.until ?? readUntil(subject, plan),
    token: cursor.token,
  };
}

function lookupBy({ flood }: Cursor, subject: Subject, plan: ReportPlan): LookupBy {
  if (flood?.step === 'writes' || subject.search === 'writes') return { readOnly: false };
  if (flood?.step === 'names') return { eventName: namesOf(flood)[flood.name] ?? '' };
  if (subject.search === 'sign-ins') return { eventName: 'AssumeRoleWithSAML' };
  if (subject.accessKeyId !== undefined) return { accessKeyId: subject.accessKeyId };
  // For a role session, the user name in CloudTrail is the session name, which is the last part of the ARN.
  if (subject.session !== undefined) return { userName: subject.session.split('/').at(-1) ?? '' };
  return { userName: subject.userName ?? plan.userName };
}

/** After all writes were read, only the flagged calls that CloudTrail may record as read-only are left. */
function namesOf({ writesFrom }: Flood): readonly string[] {
  return writesFrom === '' ? FLAGGED_READS : FLAGGED_NAMES;
}

/** Tells which calls of the next page count: those that no earlier look-up has counted. */
export function countsHere(flood: Flood | undefined): (call: Call) => boolean {
  if (flood === undefined) return () => true;
  const { step, until, writesFrom, name, namesFrom } = flood;
  const names = namesOf(flood);
  const done = new Set(step === 'rest' ? names : names.slice(0, name));
  const amongWrites = (call: Call) => call.readOnly === false && call.at > writesFrom;
  const amongNames = (call: Call) => done.has(call.eventName) && call.at > (namesFrom[call.eventName] ?? '');
  return (call) => {
    if (call.at > until) return false;
    if (step === 'writes') return call.readOnly === false;
    if (amongWrites(call) || amongNames(call)) return false;
    return step === 'rest' || call.eventName === names[name];
  };
}

/** Does this look-up end with the next page, even if there are more? */
export function isLastPage({ flood, pages = 0 }: Cursor, subject: Subject): boolean {
  if (flood?.step === 'rest' || subject.search === 'sign-ins') return false;
  const most =
    subject.search === 'writes' || flood?.step === 'writes'
      ? WRITES_PAGES
      : flood?.step === 'names'
        ? NAME_PAGES
        : FLOOD_PAGES;
  return pages + 1 >= most;
}

/** Moves a cursor past a page. */
export function advance(
  cursor: Cursor,
  subject: Subject,
  next: string | undefined,
  { edge, left, foreign }: Pick<PageFindings, 'edge' | 'left' | 'foreign'>,
): void {
  delete cursor.failures;
  delete cursor.restsUntil;
  cursor.pages = (cursor.pages ?? 0) + 1;
  const isOver = next === undefined || foreign || (subject.search === 'writes' && left);
  if (!isOver && !left) {
    cursor.token = next;
    cursor.edge = edge;
    return;
  }
  delete cursor.token;
  delete cursor.edge;
  delete cursor.pages;
  delete cursor.below;
  if (!isOver && cursor.flood === undefined) {
    cursor.flood = floodFrom(edge.at);
  } else if (cursor.flood !== undefined && cursor.flood.step !== 'rest' && !foreign) {
    nextStep(cursor.flood, left ? edge.at : '');
  } else {
    delete cursor.flood;
    cursor.done += 1;
  }
}

/**
 * Moves a cursor past a second that has more calls than the source can return, so that nobody can hide a call behind a
 * burst of others. Without a flood, the flood begins at that second. The writes or a name of a flood are cut short
 * there, and its next step reads on. Only in the last step of a flood, and in a search, is the second passed over,
 * which the report says.
 *
 * @param at that second, ISO 8601
 */
export function passDense(cursor: Cursor, subject: Subject, at: string): void {
  delete cursor.failures;
  delete cursor.restsUntil;
  delete cursor.token;
  delete cursor.edge;
  const { flood } = cursor;
  if (subject.search !== undefined || flood?.step === 'rest') {
    const { first, last } = cursor.passedOver ?? { first: at, last: at };
    cursor.passedOver = { first: at < first ? at : first, last: at > last ? at : last };
    cursor.below = wholeSeconds(after(at, -1));
    return;
  }
  delete cursor.pages;
  delete cursor.below;
  if (flood === undefined) cursor.flood = floodFrom(at);
  else nextStep(flood, at);
}

function floodFrom(until: string): Flood {
  return { until, step: 'writes', writesFrom: '', name: 0, namesFrom: {} };
}

/** @param from ISO 8601; where the look-up was cut short, empty if it was not */
function nextStep(flood: Flood, from: string): void {
  if (flood.step === 'writes') {
    flood.writesFrom = from;
    flood.step = 'names';
    return;
  }
  const name = namesOf(flood)[flood.name];
  if (from !== '' && name !== undefined) flood.namesFrom[name] = from;
  flood.name += 1;
  if (flood.name >= namesOf(flood).length) flood.step = 'rest';
}
