import { ActivityUnreadableError, TooDenseError } from '../../model/errors.ts';
import { compareText, oneLine } from '../../model/text.ts';
import { aggregatePage, type PageFindings, type Subject } from '../classify/aggregate/aggregate.ts';
import type { ActivityDigest } from '../classify/aggregate/digest.ts';
import { CALL_KINDS } from '../classify/call-kind.ts';
import { type ListedCall, MOST_FLAGGED, MOST_HANDED_ON, MOST_LISTED } from '../classify/listed-call.ts';
import type { ActivitySource } from '../ports.ts';
import { alsoKnownAs, cursorsOf, follow, keysApart } from './follow.ts';
import { createMatcher } from './match.ts';
import { advance, countsHere, isLastPage, nextQuery, passDense } from './passes.ts';
import type { ReportPlan } from './plan.ts';
import { beginPortal, isPortalOpen, readPortal } from './portal.ts';
import type { Cursor, Reading } from './progress.ts';
import { readableFrom } from './schedule.ts';

/** CloudTrail allows two look-ups a second per account and Region, and the workflow waits a second between rounds. */
export const PAGES_PER_ROUND = 2;

/** After this many rounds reading stops, well before an execution's history is full (25,000 events). */
export const MOST_ROUNDS = 1500;

/** A first edition has to be out soon; the final one reads the rest. */
const MOST_ROUNDS_AT_FIRST = 300;

/**
 * A cursor is given up after this many failures in a row. It rests 1, 2, 4 … rounds between its tries while other
 * cursors are read; when no cursor can be read, the workflow waits 5, 10, 20 … 300 seconds between them.
 */
export const MOST_FAILURES = 10;

/** The state before anything is read: one cursor per Region of the request's account. */
export function beginReading(plan: ReportPlan): Reading {
  if (plan.unreadable !== undefined) return { subjects: [], lanes: [], rounds: 0, pages: 0 };
  return {
    subjects: [
      { accountId: plan.accountId, as: '' },
      { accountId: plan.accountId, as: '', search: 'sign-ins' },
    ],
    lanes: cursorsOf(plan.accountId, plan),
    rounds: 0,
    pages: 0,
  };
}

/** Is everything read, or given up? */
export function isRead(reading: Reading): boolean {
  return openCursors(reading).length === 0 && !isPortalOpen(reading);
}

/** Cursors with something left to read. */
export function openCursors(reading: Reading): readonly Cursor[] {
  return reading.lanes.filter((cursor) => cursor.stopped === undefined && nextSubject(reading, cursor) !== undefined);
}

function nextSubject(reading: Reading, cursor: Cursor): Subject | undefined {
  return reading.subjects.filter((subject) => subject.accountId === cursor.accountId)[cursor.done];
}

/**
 * When the next page can be read, if everything that is left waits for sessions to end. ISO 8601; empty when something
 * can be read at once, or nothing is left.
 */
export function waitsUntil(reading: Reading, plan: ReportPlan, now: string): string {
  const open = openCursors(reading);
  if (open.length === 0 || open.some((cursor) => isReadable(reading, cursor, plan, now))) return '';
  return open.map((cursor) => readableAt(reading, cursor, plan)).sort(compareText)[0] ?? '';
}

function isReadable(reading: Reading, cursor: Cursor, plan: ReportPlan, now: string): boolean {
  return readableAt(reading, cursor, plan) <= now;
}

function readableAt(reading: Reading, cursor: Cursor, plan: ReportPlan): string {
  const subject = nextSubject(reading, cursor);
  return subject === undefined ? plan.begunAt : readableFrom(subject, plan);
}

export interface RoundContext {
  readonly requestId: string;
  /** ISO 8601. */
  readonly now: string;
  readonly plan: ReportPlan;
  readonly source: ActivitySource;
  /** Receives each call that is to be listed. */
  readonly list?: (call: ListedCall) => void;
}

/**
 * Reads the next pages of every open cursor, all cursors at once, and aggregates them into the digest. Changes both
 * `reading` and `digest`, which stay consistent with each other whatever fails: a page is counted exactly when its
 * cursor has moved past it.
 *
 * A cursor that cannot be read is stopped, with the reason, and the others go on. So is a cursor that fails again and
 * again, whatever the error is called, because the names of all errors are not known.
 *
 * @returns the errors of a round in which every cursor failed: only waiting helps, and their cursors have not moved
 */
export async function readRound(
  reading: Reading,
  digest: ActivityDigest,
  context: RoundContext,
): Promise<readonly unknown[]> {
  if (reading.portal !== undefined && isPortalOpen(reading)) {
    reading.rounds += 1;
    return readPortal(reading.portal, context);
  }
  const open = openCursors(reading).filter((cursor) => isReadable(reading, cursor, context.plan, context.now));
  if (open.length === 0) return [];
  reading.rounds += 1;
  if (reading.rounds > (context.plan.finalAt === undefined ? MOST_ROUNDS : MOST_ROUNDS_AT_FIRST)) {
    for (const cursor of open) cursor.stopped = tooMuch(cursor);
    askPortalIfNothing(reading, digest, context.plan);
    return [];
  }
  const rested = open.filter((cursor) => (cursor.restsUntil ?? 0) <= reading.rounds);
  const cursors = rested.length > 0 ? rested : open;
  const match = createMatcher(context.plan);
  const found: PageFindings[] = [];
  const outcomes = await Promise.allSettled(
    cursors.map(async (cursor) => {
      for (let page = 0; page < PAGES_PER_ROUND; page += 1) {
        const subject = nextSubject(reading, cursor);
        if (subject === undefined || !isReadable(reading, cursor, context.plan, context.now)) return;
        const answer = await readPage(subject, cursor, context);
        if (answer === undefined) return;
        // No `await` from here on, so that the page is aggregated and the cursor moved in one step.
        const findings = aggregatePage(digest, answer.records, {
          plan: context.plan,
          match,
          subject,
          list: (call) => list(reading, call, context),
          apart: keysApart(reading, subject),
          counts: countsHere(cursor.flood),
          leaveOldest: answer.next !== undefined && isLastPage(cursor, subject),
          edge: cursor.edge,
        });
        found.push(findings);
        advance(cursor, subject, answer.next, findings);
        reading.pages += 1;
      }
    }),
  );
  for (const { begun, names } of found) {
    for (const session of begun) follow(reading, session, context.plan);
    for (const name of names) alsoKnownAs(reading, name, context.plan);
  }
  searchIfNothing(reading, digest, context.plan);
  const failed = outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [noteFailure(cursors[at], outcome.reason, reading.rounds)] : [],
  );
  askPortalIfNothing(reading, digest, context.plan);
  return failed.length === cursors.length ? failed : [];
}

/**
 * If every Region was read to its end and nothing was found under the requester's name, the writes of the account are
 * searched next, for calls that only the requester's user id identifies.
 */
function searchIfNothing(reading: Reading, digest: ActivityDigest, plan: ReportPlan): void {
  if (openCursors(reading).length > 0 || CALL_KINDS.some((kind) => digest.counts[kind] > 0)) return;
  // A reading before the report does not say that nothing was done, and the search would take minutes.
  if (plan.soFar === true) return;
  if (reading.subjects.length === 0 || reading.subjects.some(({ search }) => search === 'writes')) return;
  reading.subjects.push({ accountId: plan.accountId, as: '', search: 'writes' });
}

/**
 * If neither a call nor a sign-in was found, as far as the account could be read, Identity Center's events are read
 * next: they record whether credentials were fetched all the same.
 */
function askPortalIfNothing(reading: Reading, digest: ActivityDigest, plan: ReportPlan): void {
  if (openCursors(reading).length > 0 || CALL_KINDS.some((kind) => digest.counts[kind] > 0)) return;
  if (plan.identityCenter !== undefined) reading.portal ??= beginPortal();
}

function tooMuch({ flood }: Cursor): string {
  return flood?.step === 'rest'
    ? 'Reading was stopped because there was too much. Writes and flagged calls were read first; older reads were not read.'
    : 'Reading was stopped because there was too much; the older calls were not read.';
}

function list(reading: Reading, call: ListedCall, context: RoundContext): void {
  reading.listed ??= { counts: {}, parts: 0 };
  if (call.flag === '' && call.handedOn !== undefined) {
    // Limited apart from other calls: the list must show what may still act after the access despite a flood of calls.
    const { handedOn = 0 } = reading.listed;
    if (handedOn >= MOST_HANDED_ON) return;
    reading.listed.handedOn = handedOn + 1;
  } else if (call.flag === '') {
    const { counts } = reading.listed;
    const listed = counts[call.kind] ?? 0;
    if (listed >= MOST_LISTED[call.kind]) return;
    counts[call.kind] = listed + 1;
  } else {
    // Failed calls have a limit of their own, because thousands of calls that AWS refuses cost an attacker nothing.
    const which = call.error === '' ? 'flagged' : 'tried';
    const counts = reading.listed[which] ?? {};
    const listed = counts[call.flag] ?? 0;
    if (listed >= MOST_FLAGGED) return;
    reading.listed[which] = { ...counts, [call.flag]: listed + 1 };
  }
  context.list?.(call);
}

/**
 * Lets a cursor rest before its next try, or gives it up. Throttling does not count as a failure, so it never stops a
 * cursor.
 */
function noteFailure(cursor: Cursor | undefined, reason: unknown, round: number): unknown {
  if (cursor === undefined || isThrottling(reason)) return reason;
  const failures = (cursor.failures ?? 0) + 1;
  cursor.failures = failures;
  cursor.restsUntil = round + 2 ** (failures - 1);
  if (failures >= MOST_FAILURES) {
    const name = oneLine(reason instanceof Error ? reason.name : 'an unknown error', 80);
    cursor.stopped = `Reading was given up after ${failures} errors in a row (${name}).`;
  }
  return reason;
}

/** Was the source called too often? That is the one error that says nothing against the cursor. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrottlingException';
}

async function readPage(
  subject: Subject,
  cursor: Cursor,
  { requestId, plan, source }: RoundContext,
): Promise<Awaited<ReturnType<ActivitySource['page']>> | undefined> {
  try {
    return await source.page({
      requestId,
      accountId: cursor.accountId,
      region: cursor.region,
      ...nextQuery(cursor, subject, plan),
    });
  } catch (error) {
    if (error instanceof TooDenseError) passDense(cursor, subject, error.at);
    else if (error instanceof ActivityUnreadableError) cursor.stopped = error.message;
    else throw error;
    return undefined;
  }
}
