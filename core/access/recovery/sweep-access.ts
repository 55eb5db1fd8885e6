import { after, isInstant } from '../../model/events.ts';
import { HOLDING_STATES, isOver, WAITING_STATES } from '../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey } from '../../model/target.ts';
import { endedBy, LATEST_LIVE_SECONDS, mayBeCut, reportTimes } from '../../sessions/live-sessions.ts';
import { isStillMadeByGlasshammer } from '../lease/made-by-glasshammer.ts';
import { readableRequest } from '../lease/readable-request.ts';
import { whyOutOfUse } from '../lease/revoke/out-of-use.ts';
import { leftOut, type Removable } from '../lease/revoke/removable.ts';
import type { ExecutionWatch, LeaseItem, Sha256 } from '../ports.ts';
import { attemptsOf, type PassLists, type PassServices, whileTimeLasts } from './attempts.ts';
import { isRemovalRecent, removeOrphan } from './remove-orphan.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface SweepServices extends RevokeNowServices, PassServices {
  /** Requests whose report is to be looked at again. */
  readonly looks: PassLists['looks'];
  readonly executions: Pick<ExecutionWatch, 'runningFor'> & RevokeNowServices['executions'];
  readonly sha256: Sha256;
  /** What the roles may take back. */
  readonly removable: Removable;
}

export interface SweepResult {
  /** Requests whose access was still there after its end. */
  readonly pastEnd: number;
  /** Assignments without a live request: leases that were left behind, or removals that were not finished. */
  readonly orphans: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Ids of these requests and assignments. */
  readonly ids: readonly string[];
  /** Held but left out of the configuration, so that no role can take it back: ids of requests, or of assignments. */
  readonly leftOut: readonly string[];
  /** How far the most overdue request was past its end, in seconds; 0 when none was. */
  readonly lagSeconds: number;
}

/** A workflow that is on time has this long to take access back before the sweep does it too. Seconds. */
const GRACE_SECONDS = 90;
/** A woken workflow moves its request within seconds; an approval this old has not woken its workflow. Seconds. */
const UNWOKEN_SECONDS = 60;
/** A workflow that has not moved a request by now is not running. Seconds. */
const STUCK_SECONDS = 600;
/** By now, what a dead grant asked for is made: the grant takes under a minute, Identity Center minutes. Seconds. */
const LATE_GRANT_SECONDS = 900;
/** A report this late has no workflow that would send it. Seconds. */
const REPORT_LATE_SECONDS = 3 * 3600;
/** How long after the end a report that cannot be sent is given up for good. Seconds. */
const REPORT_LOST_SECONDS = 30 * 24 * 3600;

/**
 * Ends every access past its end, whatever became of its workflow. Finishes abandoned removals, and drops leases
 * without a live request with what they held. Wakes workflows that were not told of an approval. Starts the cuts and
 * reports of workflows that died or gave up, and later looks at reports when they are due. Independent of the workflow,
 * safe beside it, and safe to run twice at once. One item that fails never stops the rest.
 */
export async function sweepAccess(services: SweepServices): Promise<SweepResult> {
  const result = { pastEnd: 0, orphans: 0, failures: 0, complete: true, ids: [] as string[], lagSeconds: 0 };
  const stranded = new Map<string, string>();
  const noteLeftOut = (assignment: Assignment, id: string) => {
    if (leftOut(assignment.target, services.removable) !== undefined) stranded.set(assignmentKey(assignment), id);
  };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);
  const inTime = <T>(list: AsyncIterable<T>) => whileTimeLasts(list, services, result);
  // If Step Functions cannot be asked, the workflow counts as dead: two workers do no harm, no worker would.
  const isExecuting = (request: AccessRequest) => async () =>
    services.executions.runningFor().then(
      (running) => running.has(request.id),
      () => false,
    );

  const ended = new Set<string>();
  const endIfOverdue = async (request: AccessRequest) => {
    if (ended.has(request.id) || !isOverdue(request, now)) return;
    ended.add(request.id);
    result.pastEnd += 1;
    result.ids.push(request.id);
    result.lagSeconds = Math.max(result.lagSeconds, secondsPastEnd(request, now));
    await attempt(() => revokeNow(request, now, services, isExecuting(request)), { requestId: request.id });
  };

  for await (const request of inTime(services.requests.inStates(HOLDING_STATES))) {
    noteLeftOut(assignmentOf(request), request.id);
    await endIfOverdue(request);
  }
  for await (const request of inTime(services.requests.inStates(WAITING_STATES))) {
    await attempt(() => tendWaiting(request, now, services, isExecuting(request)), { requestId: request.id });
  }
  for await (const request of inTime(services.requests.inStates(['ended'])))
    await attempt(() => tendEnded(request, now, services, isExecuting(request)), { requestId: request.id });
  // A failed grant may have handed out credentials whose sessions must be cut. Requests stay `failed` for ever, so only
  // the latest are read.
  await attempt(async () => {
    const latest = { endsFrom: after(now, -LATEST_LIVE_SECONDS) };
    for await (const request of inTime(services.requests.inStates(['failed'], latest)))
      await attempt(
        async () => {
          if (owesCut(request, now)) await resume(request, 'cut', now, services, isExecuting(request));
        },
        { requestId: request.id },
      );
  }, {});
  await attempt(async () => {
    for await (const requestId of inTime(services.looks.due(now)))
      await attempt(() => lookAtReport(requestId, now, services), { requestId });
  }, {});
  for await (const item of inTime(services.leases.all())) {
    if (item.standing !== true && !stranded.has(assignmentKey(item.assignment)))
      noteLeftOut(item.assignment, assignmentIds(item.assignment));
    await attempt(async () => {
      // The lists have only requests in the states they ask for; a request in no valid state is found by its lease.
      if (!(await releaseOrphan(item, services, endIfOverdue))) return;
      result.orphans += 1;
      result.ids.push(assignmentIds(item.assignment), ...item.leases);
    }, {});
  }
  return { ...result, leftOut: [...stranded.values()] };
}

/** A request whose end cannot be parsed is overdue: code that gives access always writes an instant. */
function isOverdue(request: AccessRequest, now: string): boolean {
  const { state, endingAt } = request;
  if (request.endsAt !== '' && !isInstant(request.endsAt)) return true;
  if (state === 'ending' && !isInstant(endingAt)) return true;
  // An `endingAt` in the future was not written by code that ends access: then the request is overdue.
  if (state === 'ending' && endingAt !== undefined && endingAt <= after(now, GRACE_SECONDS))
    return after(endingAt, GRACE_SECONDS) < now;
  if (state === 'ending') return true;
  return request.endsAt !== '' && after(request.endsAt, GRACE_SECONDS) < now;
}

/** How long a request is past its end; for an end before its time, since it was asked for. */
function secondsPastEnd({ state, endingAt, endsAt }: AccessRequest, now: string): number {
  const end = state === 'ending' && endingAt !== undefined && endingAt < endsAt ? endingAt : endsAt;
  return !isInstant(end) ? 0 : Math.max(0, (new Date(now).getTime() - new Date(end).getTime()) / 1000);
}

function isStuck(request: AccessRequest, now: string): boolean {
  const due = request.state === 'pending' ? request.expiresAt : request.startsAt;
  return due !== undefined && due !== '' && after(due, STUCK_SECONDS) < now;
}

/** Does what an access that has ended still owes: the cut of its sessions, and its report. */
async function tendEnded(
  request: AccessRequest,
  now: string,
  services: SweepServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  // Runs beside the workflow that keeps trying the cut, so that the first edition comes in time.
  const first =
    mayBeCut(request, now) && owesFirst(request, 0, now, services)
      ? startFirstEdition(request, now, services, isExecuting)
      : undefined;
  const [told] = await Promise.allSettled([first]);
  const owed = owesCut(request, now) ? 'cut' : owedReport(request, now, services);
  if (owed !== undefined) await resume(request, owed, now, services, isExecuting);
  if (told.status === 'rejected') throw told.reason;
}

/** Before the grant: wakes a workflow that was not woken, starts one that never began, closes what neither helps. */
async function tendWaiting(
  request: AccessRequest,
  now: string,
  services: SweepServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  const { approval } = request.tokens;
  if (approval !== undefined && isUnwoken(request, now)) {
    // A token that no state waits for is no error: the workflow has gone on without it, or is gone.
    if (await services.workflow.wake(approval, { decided: true })) return;
  }
  if (!isStuck(request, now)) return;
  // A workflow that began only now would grant the request at the moment in which it is closed.
  if (!isTooLateToStart(request, now)) await services.workflow.start(request.id);
  if (request.state === 'pending' || isTooLateToStart(request, now))
    await revokeNow(request, now, services, isExecuting);
}

function isUnwoken({ state, decidedAt }: AccessRequest, now: string): boolean {
  return state === 'approved' && decidedAt !== undefined && after(decidedAt, UNWOKEN_SECONDS) < now;
}

/** Starting did not help: the workflow died before, or could not start. It will neither grant in time nor say why. */
function isTooLateToStart({ startsAt }: AccessRequest, now: string): boolean {
  return startsAt !== '' && after(startsAt, 2 * STUCK_SECONDS) < now;
}

/** The edition that an ended access owes, once it is so late that no workflow sends it, and until it is given up. */
function owedReport(request: AccessRequest, now: string, services: SweepServices): 'first' | 'report' | undefined {
  const endedAt = endedBy(request, now);
  if (endedAt === undefined || after(endedAt, REPORT_LOST_SECONDS) < now) return undefined;
  const { final } = reportTimes({ ...request, endedAt }, services.deliveryDelaySeconds);
  if (after(final, REPORT_LATE_SECONDS) < now) return 'report';
  return owesFirst(request, STUCK_SECONDS, now, services) ? 'first' : undefined;
}

/** Is the first edition late by this many seconds, and the final one not due yet? */
function owesFirst(request: AccessRequest, lateSeconds: number, now: string, services: SweepServices): boolean {
  const { first, final } = reportTimes({ ...request, endedAt: endedBy(request, now) }, services.deliveryDelaySeconds);
  const isOut = request.events.some(({ type }) => type === 'first-report');
  return !isOut && first < final && after(first, lateSeconds) < now && now < final;
}

/**
 * Starts an execution that ends with the first edition, because the workflow that cuts sends the final one. If no
 * workflow runs, the one that is started for the cut sends both. Once an hour, in case it fails.
 */
async function startFirstEdition(
  { id }: AccessRequest,
  now: string,
  services: SweepServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  if (!(await isExecuting())) return;
  // The list may be outdated: once the sessions are cut, the workflow itself goes on to this edition.
  const fresh = await services.requests.get(id);
  if (fresh === undefined || !mayBeCut(fresh, now) || !owesFirst(fresh, 0, now, services)) return;
  await services.workflow.startCleanup(id, `first-${now.slice(0, 13).replace(/\D/g, '')}`, 'report');
}

/** CloudTrail may have delivered late, or may be readable by now. Once a day, in case the execution that looks dies. */
async function lookAtReport(requestId: string, now: string, services: SweepServices): Promise<void> {
  await services.workflow.startCleanup(requestId, `look-${now.slice(0, 10).replace(/\D/g, '')}`, 'report');
}

/** Sessions begun before the end may still live, and the workflow that should have cut them has had the time. */
function owesCut(request: AccessRequest, now: string): boolean {
  return request.endedAt !== undefined && after(request.endedAt, STUCK_SECONDS) < now && mayBeCut(request, now);
}

/** Starts a clean-up: a report once a day, a first edition or a cut once an hour, never beside a running workflow. */
async function resume(
  request: AccessRequest,
  owed: 'cut' | 'first' | 'report',
  now: string,
  services: SweepServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  if (await isExecuting()) return;
  const period = now.slice(0, owed === 'report' ? 10 : 13).replace(/\D/g, '');
  await services.workflow.startCleanup(request.id, `${owed}-${period}`);
}

/**
 * Drops the leases of requests that are over, and removes the assignment if no lease is left and Glasshammer made it. A
 * grant that was still running when its request was ended elsewhere leaves such an item behind.
 */
async function releaseOrphan(
  seen: LeaseItem,
  services: SweepServices,
  endIfOverdue: (request: AccessRequest) => Promise<void>,
): Promise<boolean> {
  if (isRemovalRecent(seen, services.now().toISOString())) return false;
  let [item, isMade]: [LeaseItem, boolean] = [seen, false];
  for (const requestId of seen.leases) {
    const request = await readableRequest(requestId, services.requests);
    if (request !== undefined && !isOver(request.state) && isClaimOn(seen, request)) {
      await endIfOverdue(request);
      return false;
    }
    const left = await services.leases.drop(seen.assignment, requestId);
    if (left === undefined) return true;
    item = left;
    isMade ||= request !== undefined && (await isStillMadeByGlasshammer(request, item, services.leases));
  }
  if (item.leases.length > 0) return false;
  const { releasedAt, removing, standing } = item;
  if (releasedAt !== undefined && removing === undefined && standing !== true) return removeLateGrant(item, services);
  if (standing !== false && !isMade) {
    // The item still refuses new grants until `opensAt`, and says nothing else.
    if (item.opensAt !== undefined && item.opensAt > services.now().toISOString()) return false;
    await services.leases.forget(item);
    return seen.leases.length > 0;
  }
  await removeOrphan(item, services);
  return true;
}

/** A request that is for another assignment by now has no claim on this one, live or not. */
function isClaimOn({ assignment }: LeaseItem, request: AccessRequest): boolean {
  return assignmentKey(assignmentOf(request)) === assignmentKey(assignment);
}

/**
 * The revoke found nothing more to remove, but the grant may have been running still. What it has made since is
 * removed; once nothing can come any more, the item is deleted.
 */
async function removeLateGrant(item: LeaseItem, services: SweepServices): Promise<boolean> {
  if (await services.assignments.exists(item.assignment)) {
    if ((await whyOutOfUse(item.assignment, services)) !== undefined) return false;
    await removeOrphan(item, services);
    return true;
  }
  const cameLate = isInstant(item.releasedAt) ? after(item.releasedAt, LATE_GRANT_SECONDS) : '';
  if (cameLate < services.now().toISOString()) await services.leases.forget(item);
  return false;
}
