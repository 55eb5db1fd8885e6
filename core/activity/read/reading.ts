import { ActivityUnreadableError } from '../../model/errors.ts';
import { oneLine } from '../../model/text.ts';
import { foldPage, type Subject } from '../classify/aggregate.ts';
import { type ActivityDigest, LIMITS, type RoleHop } from '../classify/digest.ts';
import type { ActivitySource } from '../ports.ts';
import { createMatcher } from './match.ts';
import type { ReportPlan } from './plan.ts';
import type { Lane, Reading } from './progress.ts';

/** CloudTrail allows two look-ups a second per account and Region, and the workflow waits a second between rounds. */
export const PAGES_PER_ROUND = 2;

/** After this many rounds reading stops, well before an execution's history is full (25,000 events). */
export const MOST_ROUNDS = 1500;

/**
 * A lane that failed so often in a row is given up. It rests 1, 2, 4 … rounds between its tries while other lanes are read;
 * when none is, the workflow waits 5, 10, 20 … 300 seconds between them.
 */
export const MOST_FAILURES = 10;

/** Accounts gone on into that are read beside the request's own. */
const MOST_FURTHER_ACCOUNTS = 3;

/** Nothing read yet; one lane per Region of the request's account. */
export function beginReading(plan: ReportPlan): Reading {
  if (plan.unreadable !== undefined) return { subjects: [], lanes: [], rounds: 0, pages: 0 };
  return {
    subjects: [{ accountId: plan.accountId, as: '' }],
    lanes: lanesOf(plan.accountId, plan),
    rounds: 0,
    pages: 0,
  };
}

function lanesOf(accountId: string, plan: ReportPlan): Lane[] {
  return plan.regions.map((region) => ({ accountId, region, done: 0 }));
}

/** Lanes with something left to read. */
export function openLanes(reading: Reading): readonly Lane[] {
  return reading.lanes.filter((lane) => lane.stopped === undefined && nextSubject(reading, lane) !== undefined);
}

function nextSubject(reading: Reading, lane: Lane): Subject | undefined {
  return reading.subjects.filter((subject) => subject.accountId === lane.accountId)[lane.done];
}

export interface RoundContext {
  readonly requestId: string;
  readonly plan: ReportPlan;
  readonly source: ActivitySource;
}

/**
 * Reads the next pages of every open lane, all lanes at once, and folds them into the digest. Both `reading` and `digest` are
 * changed, and stay consistent with each other whatever fails: a page is counted exactly when its lane has moved past it.
 *
 * A lane that cannot be read is stopped, with the reason, and the others go on. So is one that fails again and again, whatever
 * the error is called: nobody knows all the names.
 *
 * @returns the errors of a round in which every lane failed: only waiting helps, and their lanes have not moved
 */
export async function readRound(
  reading: Reading,
  digest: ActivityDigest,
  context: RoundContext,
): Promise<readonly unknown[]> {
  const open = openLanes(reading);
  reading.rounds += 1;
  if (reading.rounds > MOST_ROUNDS) {
    for (const lane of open)
      lane.stopped = 'Reading was stopped because there was too much; the older calls were not read.';
    return [];
  }
  const rested = open.filter((lane) => (lane.restsUntil ?? 0) <= reading.rounds);
  const lanes = rested.length > 0 ? rested : open;
  const match = createMatcher(context.plan);
  const found: RoleHop[] = [];
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (let page = 0; page < PAGES_PER_ROUND; page += 1) {
        const subject = nextSubject(reading, lane);
        if (subject === undefined) return;
        const answer = await readPage(subject, lane, context);
        if (answer === undefined) return;
        // No await from here on: the fold and the lane's step are one.
        found.push(...foldPage(digest, answer.records, { plan: context.plan, match, subject }));
        advance(lane, answer.next);
        reading.pages += 1;
      }
    }),
  );
  for (const hop of found) follow(reading, hop, context.plan);
  const failed = outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [noteFailure(lanes[at], outcome.reason, reading.rounds)] : [],
  );
  return failed.length === lanes.length ? failed : [];
}

/** Lets a lane rest before its next try, or gives it up. Throttling is not the lane's fault and has no end of its own here. */
function noteFailure(lane: Lane | undefined, reason: unknown, round: number): unknown {
  if (lane === undefined || isThrottling(reason)) return reason;
  const failures = (lane.failures ?? 0) + 1;
  lane.failures = failures;
  lane.restsUntil = round + 2 ** (failures - 1);
  if (failures >= MOST_FAILURES) {
    const name = oneLine(reason instanceof Error ? reason.name : 'an unknown error', 80);
    lane.stopped = `Reading was given up after ${failures} errors in a row (${name}).`;
  }
  return reason;
}

/** Was the source asked too fast? It is the one error that is nobody's fault. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrottlingException';
}

async function readPage(
  subject: Subject,
  lane: Lane,
  { requestId, plan, source }: RoundContext,
): Promise<Awaited<ReturnType<ActivitySource['page']>> | undefined> {
  try {
    return await source.page({
      requestId,
      accountId: lane.accountId,
      region: lane.region,
      by: subject.accessKeyId === undefined ? { userName: plan.userName } : { accessKeyId: subject.accessKeyId },
      from: subject.accessKeyId === undefined ? plan.readFrom : plan.from,
      until: plan.readUntil,
      ...(lane.token === undefined ? {} : { token: lane.token }),
    });
  } catch (error) {
    if (!(error instanceof ActivityUnreadableError)) throw error;
    lane.stopped = error.message;
    return undefined;
  }
}

function advance(lane: Lane, next: string | undefined): void {
  delete lane.failures;
  delete lane.restsUntil;
  if (next !== undefined) {
    lane.token = next;
    return;
  }
  delete lane.token;
  lane.done += 1;
}

/** Adds a session gone on as another role to what is read. One in too many an account is not followed, and the report says so. */
function follow(reading: Reading, hop: RoleHop, plan: ReportPlan): void {
  if (hop.accountId === '' || isFollowed(reading, hop) || reading.subjects.length > LIMITS.hops) return;
  const accounts = new Set(reading.lanes.map((lane) => lane.accountId));
  if (!accounts.has(hop.accountId)) {
    if (accounts.size > MOST_FURTHER_ACCOUNTS) return;
    reading.lanes.push(...lanesOf(hop.accountId, plan));
  }
  reading.subjects.push({ accountId: hop.accountId, accessKeyId: hop.accessKeyId, as: hop.role });
}

/** Are the calls of this session read? */
export function isFollowed(reading: Reading, hop: RoleHop): boolean {
  return hop.accessKeyId !== '' && reading.subjects.some((subject) => subject.accessKeyId === hop.accessKeyId);
}
