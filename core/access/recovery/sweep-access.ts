import { after, isInstant } from '../../model/events.ts';
import { HOLDING_STATES, isOver, WAITING_STATES } from '../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey } from '../../model/target.ts';
import { LATEST_LIVE_SECONDS, mayBeCut, reportTimes } from '../../sessions/live-sessions.ts';
import { knownRequest } from '../lease/known-request.ts';
import { isStillOurs } from '../lease/ours-or-theirs.ts';
import { whyOutOfUse } from '../lease/revoke/out-of-use.ts';
import { leftOut, type Removable } from '../lease/revoke/removable.ts';
import type { ExecutionWatch, LeaseItem, Sha256 } from '../ports.ts';
import { attemptsOf, type PassLists, type PassServices, whileTimeLasts } from './attempts.ts';
import { isRemovalRecent, removeOrphan } from './remove-orphan.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface SweepServices extends RevokeNowServices, PassServices {
  /** Requests whose report is to be looked at again. */
  readonly looks: PassLists['looks'];
  readonly executions: Pick<ExecutionWatch, 'runningFor'>;
  readonly sha256: Sha256;
  /** What the roles may take back. */
  readonly removable: Removable;
}

export interface SweepResult {
  /** Requests whose access was still there after its end. */
  readonly pastEnd: number;
  /** Assignments whose last lease was gone and that were still there. */
  readonly orphans: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Of all of them. */
  readonly ids: readonly string[];
  /** What is held and the configuration has left out, so that nothing can take it back: ids of requests, and of assignments without one. */
  readonly leftOut: readonly string[];
  /** By how much the most overdue of them was past its end, in seconds; 0 when nothing was. */
  readonly lagSeconds: number;
}

/** A workflow that is on time has this long to take access back before the sweep does it too. Seconds. */
const GRACE_SECONDS = 90;
/** A workflow that was woken takes a request on within seconds; one that has not by now was never woken. Seconds. */
const UNWOKEN_SECONDS = 60;
/** A workflow that has not moved a request by now is not running. Seconds. */
const STUCK_SECONDS = 600;
/** By then, what a grant asked for before it was given up is made: the grant takes less than a minute, Identity Center minutes. Seconds. */
const LATE_GRANT_SECONDS = 900;
/** A report this late has no workflow that would send it. Seconds. */
const REPORT_LATE_SECONDS = 3 * 3600;
/** How long after the end a report that cannot be sent is given up for good. Seconds. */
const REPORT_LOST_SECONDS = 30 * 24 * 3600;

/**
 * Ends every access past its end, whatever became of its workflow; finishes removals that nobody finishes; takes away what a
 * lease without a live request still holds; wakes workflows that were not told of an approval; has the sessions cut and the reports
 * sent whose workflow died or gave up, and looked at again when it is time. Independent of the workflow, safe beside it, and safe
 * to run twice at once. One item that fails never stops the rest.
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
  // Who cannot be told apart from the dead is taken for dead: two that do the same work are harmless, none is not.
  const isWorkedOn = (request: AccessRequest) => async () =>
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
    await attempt(() => revokeNow(request, now, services, isWorkedOn(request)), { requestId: request.id });
  };

  for await (const request of inTime(services.requests.inStates(HOLDING_STATES))) {
    noteLeftOut(assignmentOf(request), request.id);
    await endIfOverdue(request);
  }
  for await (const request of inTime(services.requests.inStates(WAITING_STATES))) {
    await attempt(() => moveOn(request, now, services, isWorkedOn(request)), { requestId: request.id });
  }
  for await (const request of inTime(services.requests.inStates(['ended'])))
    await attempt(() => tendEnded(request, now, services, isWorkedOn(request)), { requestId: request.id });
  // A grant that failed may have given what credentials were fetched by; it is over for good, so only the latest are looked at.
  await attempt(async () => {
    const latest = { endsFrom: after(now, -LATEST_LIVE_SECONDS) };
    for await (const request of inTime(services.requests.inStates(['failed'], latest)))
      await attempt(
        async () => {
          if (owesCut(request, now)) await resume(request, 'cut', now, services, isWorkedOn(request));
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
      // The lists have what is in a state they ask for; a request in none is found by its lease.
      if (!(await releaseOrphan(item, services, endIfOverdue))) return;
      result.orphans += 1;
      result.ids.push(assignmentIds(item.assignment), ...item.leases);
    }, {});
  }
  return { ...result, leftOut: [...stranded.values()] };
}

/** What is to end at no instant is to end now: whoever wrote that is nobody who gives access. */
function isOverdue(request: AccessRequest, now: string): boolean {
  const { state, endingAt } = request;
  if (request.endsAt !== '' && !isInstant(request.endsAt)) return true;
  if (state === 'ending' && !isInstant(endingAt)) return true;
  // Nobody begins to end what is to end later.
  if (state === 'ending' && endingAt !== undefined && endingAt <= after(now, GRACE_SECONDS))
    return after(endingAt, GRACE_SECONDS) < now;
  if (state === 'ending') return true;
  return request.endsAt !== '' && after(request.endsAt, GRACE_SECONDS) < now;
}

/** An end before its time counts from when it was asked for. */
function secondsPastEnd({ state, endingAt, endsAt }: AccessRequest, now: string): number {
  const end = state === 'ending' && endingAt !== undefined && endingAt < endsAt ? endingAt : endsAt;
  return !isInstant(end) ? 0 : Math.max(0, (new Date(now).getTime() - new Date(end).getTime()) / 1000);
}

function isStuck(request: AccessRequest, now: string): boolean {
  const due = request.state === 'pending' ? request.expiresAt : request.startsAt;
  return due !== undefined && due !== '' && after(due, STUCK_SECONDS) < now;
}

/** What an access that has ended still owes. */
async function tendEnded(
  request: AccessRequest,
  now: string,
  services: SweepServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  // Beside the workflow that tries the cut again and again: what was done meanwhile is told in time.
  const first =
    mayBeCut(request, now) && owesFirst(request, 0, now, services)
      ? startFirstEdition(request, now, services, isWorkedOn)
      : undefined;
  const [told] = await Promise.allSettled([first]);
  const owed = owesCut(request, now) ? 'cut' : owedReport(request, now, services);
  if (owed !== undefined) await resume(request, owed, now, services, isWorkedOn);
  if (told.status === 'rejected') throw told.reason;
}

/** Before the grant: wakes the workflow that sleeps on, starts the one that never began, and closes what neither helps. */
async function moveOn(
  request: AccessRequest,
  now: string,
  services: SweepServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  const { approval } = request.tokens;
  if (approval !== undefined && isUnwoken(request, now)) {
    // A token that nobody waits for is no error: then the workflow has gone on without it, or is gone.
    if (await services.workflow.wake(approval, { decided: true })) return;
  }
  if (!isStuck(request, now)) return;
  // Begun only now, it would be given in the moment in which it is closed.
  if (!isDead(request, now)) await services.workflow.start(request.id);
  if (request.state === 'pending' || isDead(request, now)) await revokeNow(request, now, services, isWorkedOn);
}

function isUnwoken({ state, decidedAt }: AccessRequest, now: string): boolean {
  return state === 'approved' && decidedAt !== undefined && after(decidedAt, UNWOKEN_SECONDS) < now;
}

/** No start has helped: the workflow has run before and died, or none could be begun. Nobody would grant this in time, or tell why not. */
function isDead({ startsAt }: AccessRequest, now: string): boolean {
  return startsAt !== '' && after(startsAt, 2 * STUCK_SECONDS) < now;
}

/** Access has ended, long enough ago for an edition of its report to be out, and not so long that nobody waits for one any more. */
function owedReport(request: AccessRequest, now: string, services: SweepServices): 'first' | 'report' | undefined {
  const { endedAt } = request;
  if (endedAt === undefined || after(endedAt, REPORT_LOST_SECONDS) < now) return undefined;
  const { final } = reportTimes(request, services.deliveryDelaySeconds);
  if (after(final, REPORT_LATE_SECONDS) < now) return 'report';
  return owesFirst(request, STUCK_SECONDS, now, services) ? 'first' : undefined;
}

/** Is the first edition late by so many seconds, and not left to the final one yet? */
function owesFirst(request: AccessRequest, lateSeconds: number, now: string, services: SweepServices): boolean {
  const { first, final } = reportTimes(request, services.deliveryDelaySeconds);
  const isOut = request.events.some(({ type }) => type === 'first-report');
  return !isOut && first < final && after(first, lateSeconds) < now && now < final;
}

/**
 * Ends with the first edition; the final one is with the workflow that cuts. Where none does, the one that is started for the cut sends
 * both. Once an hour, should it fail.
 */
async function startFirstEdition(
  { id }: AccessRequest,
  now: string,
  services: SweepServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  if (!(await isWorkedOn())) return;
  // The list may be behind: where the sessions are cut by now, the workflow itself goes on to this edition.
  const fresh = await services.requests.get(id);
  if (fresh === undefined || !mayBeCut(fresh, now) || !owesFirst(fresh, 0, now, services)) return;
  await services.workflow.startCleanup(id, `first-${now.slice(0, 13).replace(/\D/g, '')}`, 'report');
}

/** CloudTrail may have delivered late, or let itself be read by now. Once a day, should the workflow that looks die. */
async function lookAtReport(requestId: string, now: string, services: SweepServices): Promise<void> {
  await services.workflow.startCleanup(requestId, `look-${now.slice(0, 10).replace(/\D/g, '')}`, 'report');
}

/** Sessions that were begun before the end may live, and whoever should have cut them has had the time. */
function owesCut(request: AccessRequest, now: string): boolean {
  return request.endedAt !== undefined && after(request.endedAt, STUCK_SECONDS) < now && mayBeCut(request, now);
}

/** A report once a day, its first edition and a cut once an hour, and none beside a workflow that is still trying. */
async function resume(
  request: AccessRequest,
  owed: 'cut' | 'first' | 'report',
  now: string,
  services: SweepServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  if (await isWorkedOn()) return;
  const period = now.slice(0, owed === 'report' ? 10 : 13).replace(/\D/g, '');
  await services.workflow.startCleanup(request.id, `${owed}-${period}`);
}

/**
 * Drops the leases of requests that are over, and removes the assignment if no lease is left and it is ours. A grant that was
 * still running while its request was ended elsewhere leaves such an item behind.
 */
async function releaseOrphan(
  seen: LeaseItem,
  services: SweepServices,
  endIfOverdue: (request: AccessRequest) => Promise<void>,
): Promise<boolean> {
  if (isRemovalRecent(seen, services.now().toISOString())) return false;
  let [item, ours]: [LeaseItem, boolean] = [seen, false];
  for (const requestId of seen.leases) {
    const request = await knownRequest(requestId, services.requests);
    if (request !== undefined && !isOver(request.state) && isClaimOn(seen, request)) {
      await endIfOverdue(request);
      return false;
    }
    const left = await services.leases.drop(seen.assignment, requestId);
    if (left === undefined) return true;
    item = left;
    ours ||= request !== undefined && (await isStillOurs(request, item, services.leases));
  }
  if (item.leases.length > 0) return false;
  const { releasedAt, removing, standing } = item;
  if (releasedAt !== undefined && removing === undefined && standing !== true) return lookAgain(item, services);
  if (standing !== false && !ours) {
    // Still closed to a new grant; nothing but that is in it.
    if (item.opensAt !== undefined && item.opensAt > services.now().toISOString()) return false;
    await services.leases.forget(item);
    return seen.leases.length > 0;
  }
  await removeOrphan(item, services);
  return true;
}

/** A request that is about something else by now holds nothing here any more, live or not. */
function isClaimOn({ assignment }: LeaseItem, request: AccessRequest): boolean {
  return assignmentKey(assignmentOf(request)) === assignmentKey(assignment);
}

/**
 * The revoke found nothing more to remove, but the grant may have been at work still. What it made since is removed; when nothing
 * can come any more, the item goes.
 */
async function lookAgain(item: LeaseItem, services: SweepServices): Promise<boolean> {
  if (await services.assignments.exists(item.assignment)) {
    if ((await whyOutOfUse(item.assignment, services)) !== undefined) return false;
    await removeOrphan(item, services);
    return true;
  }
  const cameLate = isInstant(item.releasedAt) ? after(item.releasedAt, LATE_GRANT_SECONDS) : '';
  if (cameLate < services.now().toISOString()) await services.leases.forget(item);
  return false;
}
