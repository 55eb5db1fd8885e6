import { ActivityUnreadableError } from '../../model/errors.ts';
import { oneLine } from '../../model/text.ts';
import { aggregatePage, type Subject } from '../classify/aggregate.ts';
import { type ActivityDigest, type ChainedRole, LIMITS } from '../classify/digest.ts';
import type { ActivitySource } from '../ports.ts';
import { createMatcher } from './match.ts';
import type { ReportPlan } from './plan.ts';
import type { Cursor, Reading } from './progress.ts';

/** CloudTrail allows two look-ups a second per account and Region, and the workflow waits a second between rounds. */
export const PAGES_PER_ROUND = 2;

/** After this many rounds reading stops, well before an execution's history is full (25,000 events). */
export const MOST_ROUNDS = 1500;

/**
 * A cursor that failed so often in a row is given up. It rests 1, 2, 4 … rounds between its tries while other cursors are read;
 * when none is, the workflow waits 5, 10, 20 … 300 seconds between them.
 */
export const MOST_FAILURES = 10;

/** Accounts gone on into that are read beside the request's own. */
const MOST_FURTHER_ACCOUNTS = 3;

/** Nothing read yet; one cursor per Region of the request's account. */
export function beginReading(plan: ReportPlan): Reading {
  if (plan.unreadable !== undefined) return { subjects: [], lanes: [], rounds: 0, pages: 0 };
  return {
    subjects: [{ accountId: plan.accountId, as: '' }],
    lanes: cursorsOf(plan.accountId, plan),
    rounds: 0,
    pages: 0,
  };
}

function cursorsOf(accountId: string, plan: ReportPlan): Cursor[] {
  return plan.regions.map((region) => ({ accountId, region, done: 0 }));
}

/** Cursors with something left to read. */
export function openCursors(reading: Reading): readonly Cursor[] {
  return reading.lanes.filter((cursor) => cursor.stopped === undefined && nextSubject(reading, cursor) !== undefined);
}

function nextSubject(reading: Reading, cursor: Cursor): Subject | undefined {
  return reading.subjects.filter((subject) => subject.accountId === cursor.accountId)[cursor.done];
}

export interface RoundContext {
  readonly requestId: string;
  readonly plan: ReportPlan;
  readonly source: ActivitySource;
}

/**
 * Reads the next pages of every open cursor, all cursors at once, and aggregates them into the digest. Both `reading` and `digest` are
 * changed, and stay consistent with each other whatever fails: a page is counted exactly when its cursor has moved past it.
 *
 * A cursor that cannot be read is stopped, with the reason, and the others go on. So is one that fails again and again, whatever
 * the error is called: nobody knows all the names.
 *
 * @returns the errors of a round in which every cursor failed: only waiting helps, and their cursors have not moved
 */
export async function readRound(
  reading: Reading,
  digest: ActivityDigest,
  context: RoundContext,
): Promise<readonly unknown[]> {
  const open = openCursors(reading);
  reading.rounds += 1;
  if (reading.rounds > MOST_ROUNDS) {
    for (const cursor of open)
      cursor.stopped = 'Reading was stopped because there was too much; the older calls were not read.';
    return [];
  }
  const rested = open.filter((cursor) => (cursor.restsUntil ?? 0) <= reading.rounds);
  const cursors = rested.length > 0 ? rested : open;
  const match = createMatcher(context.plan);
  const found: ChainedRole[] = [];
  const outcomes = await Promise.allSettled(
    cursors.map(async (cursor) => {
      for (let page = 0; page < PAGES_PER_ROUND; page += 1) {
        const subject = nextSubject(reading, cursor);
        if (subject === undefined) return;
        const answer = await readPage(subject, cursor, context);
        if (answer === undefined) return;
        // No await from here on: the aggregation and the cursor's step are one.
        found.push(...aggregatePage(digest, answer.records, { plan: context.plan, match, subject }));
        advance(cursor, answer.next);
        reading.pages += 1;
      }
    }),
  );
  for (const chainedRole of found) follow(reading, chainedRole, context.plan);
  const failed = outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [noteFailure(cursors[at], outcome.reason, reading.rounds)] : [],
  );
  return failed.length === cursors.length ? failed : [];
}

/** Lets a cursor rest before its next try, or gives it up. Throttling is not the cursor's fault and has no end of its own here. */
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

/** Was the source asked too fast? It is the one error that is nobody's fault. */
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
      by: subject.accessKeyId === undefined ? { userName: plan.userName } : { accessKeyId: subject.accessKeyId },
      from: subject.accessKeyId === undefined ? plan.readFrom : plan.from,
      until: plan.readUntil,
      ...(cursor.token === undefined ? {} : { token: cursor.token }),
    });
  } catch (error) {
    if (!(error instanceof ActivityUnreadableError)) throw error;
    cursor.stopped = error.message;
    return undefined;
  }
}

function advance(cursor: Cursor, next: string | undefined): void {
  delete cursor.failures;
  delete cursor.restsUntil;
  if (next !== undefined) {
    cursor.token = next;
    return;
  }
  delete cursor.token;
  cursor.done += 1;
}

/** Adds a session gone on as another role to what is read. One in too many an account is not followed, and the report says so. */
function follow(reading: Reading, chainedRole: ChainedRole, plan: ReportPlan): void {
  if (chainedRole.accountId === '' || isFollowed(reading, chainedRole) || reading.subjects.length > LIMITS.hops) return;
  const accounts = new Set(reading.lanes.map((cursor) => cursor.accountId));
  if (!accounts.has(chainedRole.accountId)) {
    if (accounts.size > MOST_FURTHER_ACCOUNTS) return;
    reading.lanes.push(...cursorsOf(chainedRole.accountId, plan));
  }
  reading.subjects.push({
    accountId: chainedRole.accountId,
    accessKeyId: chainedRole.accessKeyId,
    as: chainedRole.role,
  });
}

/** Are the calls of this session read? */
export function isFollowed(reading: Reading, chainedRole: ChainedRole): boolean {
  return (
    chainedRole.accessKeyId !== '' &&
    reading.subjects.some((subject) => subject.accessKeyId === chainedRole.accessKeyId)
  );
}
