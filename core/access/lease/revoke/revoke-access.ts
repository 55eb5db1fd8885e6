import { ItemFullError, RequestNotFoundError } from '../../../model/errors.ts';
import { enter, isInstant } from '../../../model/events.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { refusal } from '../../../model/refusal.ts';
import { type AccessRequest, assignmentOf, type RequestState } from '../../../model/request.ts';
import { cutReason, noteRetry } from '../../notify/repeated-events.ts';
import type { AssignmentPort, HoldStore, LeaseItem, LeaseStore, RequestStore } from '../../ports.ts';
import { type CaughtFailure, failureText } from '../grant/grant-failure.ts';
import { isHeldBy, isHeldByAnother } from '../held-by-another.ts';
import { goneSince, isMadeByGlasshammer, recordsStanding, whyKept } from '../made-by-glasshammer.ts';
import { HELD_BY_ANOTHER, TIME_IS_UP, WORKFLOW_STOPPED } from './end-notes.ts';
import { type AccountServices, whyOutOfUse } from './out-of-use.ts';
import { leftOut, leftOutNote, type Removable } from './removable.ts';
import { continueRemoval, leaveItemForSweep } from './removal.ts';
import {
  type AnswerServices,
  answerFor,
  FIRST_LOOK_SECONDS,
  isSlow,
  type RevokeAnswer,
  SLOW_SECONDS,
  secondsEnding,
  wait,
} from './revoke-answer.ts';

/** What the revoke needs: no policy, no Slack, and a directory only to explain a removal that failed. */
export interface RevokeServices extends AccountServices, AnswerServices {
  readonly requests: RequestStore;
  readonly holds: Pick<HoldStore, 'given'>;
  readonly leases: LeaseStore;
  readonly assignments: AssignmentPort;
  /** What the roles may take back, to explain a refused removal. @default - the history has the name of AWS's error */
  readonly removable?: Removable;
}

/** Within this time, a grant that has a claim begins its access or gives the claim back. Seconds. */
const CLAIM_SECONDS = 60;

/**
 * Ends what a request holds: takes its lease away, and removes the assignment if no lease is left and the assignment is
 * not standing. Safe to run any number of times, by any number of workers.
 *
 * @param caught what made the workflow give the grant up, where it did
 * @throws RequestNotFoundError; ItemFullError where the request cannot be written, after its access has been taken
 *   away; whatever Identity Center or DynamoDB throws, for the workflow to retry
 */
export async function revokeAccess(
  requestId: string,
  services: RevokeServices,
  caught?: CaughtFailure,
): Promise<RevokeAnswer> {
  const ending = await closeOrBeginEnding(requestId, services, caught);
  if (isOver(ending.state)) return answerFor(ending, services);
  const item = await services.leases.drop(assignmentOf(ending), ending.id);
  // That others have given it is written into the item and then into the request, which may have been read before.
  const request = item?.standing === true ? ((await services.requests.get(requestId)) ?? ending) : ending;
  if (item !== undefined && item.leases.length > 0) return closeOrAwaitOtherHolder(item, request, services);
  if (!isMadeByGlasshammer(request, item)) {
    const isKept = item?.standing ?? recordsStanding(request);
    const closed = await close(request, services, isKept ? whyKept(request) : undefined);
    // The request is closed first: with the item gone and the request open, nothing would say that the assignment is
    // standing.
    if (item !== undefined) await services.leases.forget(item);
    return closed;
  }
  return item === undefined ? removeUnrecorded(request, services) : remove(request, item, services);
}

/**
 * For a request whose lease item is gone: lost, deleted, or missing from a restored table. What the request made may
 * still exist, so it is removed under a new item, unless a live request holds the same assignment. If an earlier try
 * removed it and died before it closed the request, an assignment that exists now was given by others. That does not
 * apply to a grant that was never confirmed: its creation may still arrive.
 */
async function removeUnrecorded(request: AccessRequest, services: RevokeServices): Promise<RevokeAnswer> {
  const assignment = assignmentOf(request);
  if (wasGranted(request) && (await goneSince(request, assignment, services.leases)) !== undefined)
    return close(request, services);
  const isThere = await notingRepeatedFailure(request, () => services.assignments.exists(assignment), services);
  if (!isThere && !wasGranted(request)) await leaveItemForSweep(assignment, request.id, services);
  if (!isThere) return close(request, services);
  if (await isHeldByAnother(assignment, request.id, services)) return close(request, services, HELD_BY_ANOTHER);
  const claimed = await services.leases.claim(assignment, request.id, services.now().toISOString());
  // Another worker has just made an item; the next try goes by that item.
  return claimed === undefined ? wait('again', request, services) : takeStep(request, claimed, services);
}

/**
 * Asks whether a running removal is finished, and closes the request when it is.
 *
 * @returns `again` when the workflow must go back to the revoke, as when Identity Center finished the removal as failed
 */
export async function checkRemoval(requestId: string, services: RevokeServices): Promise<RevokeAnswer> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (isOver(request.state)) return answerFor(request, services);

  const item = await services.leases.get(assignmentOf(request));
  if (item === undefined) {
    // The item was deleted when the removal was done, or was lost: only a look can tell.
    const left = isMadeByGlasshammer(request, item) && (await services.assignments.exists(assignmentOf(request)));
    return left ? wait('again', request, services) : close(request, services);
  }
  if (item.removing === undefined && item.leases.length > 0 && !item.leases.includes(request.id)) {
    // The other request's lease may be newer than the finished removal: then nothing of this request is left.
    const isGone = (await goneSince(request, item.assignment, services.leases)) !== undefined;
    return isGone ? close(request, services) : closeOrAwaitOtherHolder(item, request, services);
  }
  if (item.removing?.operationId === undefined) return wait('again', request, services);
  return takeStep(request, item, services);
}

/**
 * Moves the request to `ending`. A request that is already ending or over stays as it is; one that was never approved
 * is closed without access.
 */
async function closeOrBeginEnding(
  requestId: string,
  services: RevokeServices,
  caught: CaughtFailure = { error: '', cause: '' },
): Promise<AccessRequest> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (isOver(request.state) || request.state === 'ending') return request;

  const at = services.now().toISOString();
  if (request.state === 'pending' || request.state === 'requested') {
    const { to, note } = closingWithoutAccess(request, at);
    return moved(requestId, services, [request.state], to, enter(to, at, { note }));
  }
  // The failure that was recorded first stays. If access was granted, the request has not failed.
  const failure = request.failure ?? (wasGranted(request) ? undefined : failureText(caught));
  const event = enter('ending', at, {
    note: failure ?? (at >= request.endsAt ? TIME_IS_UP : whyEarly(request, caught)),
  });
  return moved(requestId, services, [request.state], 'ending', event, { endingAt: at, failure }).catch((error) => {
    if (!(error instanceof ItemFullError)) throw error;
    // The access is removed although the request cannot be written; `close` finds that it cannot be closed either.
    const endingAt = isInstant(request.endsAt) && request.endsAt < at ? request.endsAt : at;
    return { ...request, state: 'ending' as const, endingAt, ...(failure === undefined ? {} : { failure }) };
  });
}

/** The note of an early end: the workflow was stopped, or its grant step broke down after the access was granted. */
function whyEarly({ events }: AccessRequest, caught: CaughtFailure): string | undefined {
  const broken = failureText(caught);
  if (broken === undefined && !events.some(({ type }) => type === 'workflow-stopped')) return undefined;
  const why = broken === undefined ? '' : ` (${broken})`;
  return `${WORKFLOW_STOPPED}${why}, so it was taken back before its time`;
}

/**
 * The state that closes a request to which nothing was granted. Either nobody answered in time, or the workflow that
 * waited for approvers is gone, so that no answer could count.
 */
function closingWithoutAccess(
  request: AccessRequest,
  at: string,
): { readonly to: RequestState; readonly note: string } {
  const { state, expiresAt } = request;
  if (state === 'pending' && expiresAt !== undefined && at >= expiresAt)
    return { to: 'expired', note: 'nobody answered in time' };
  return { to: state === 'pending' ? 'cancelled' : 'refused', note: WORKFLOW_STOPPED };
}

async function moved(
  requestId: string,
  services: RevokeServices,
  from: readonly RequestState[],
  to: RequestState,
  event: AccessRequest['events'][number],
  set: { endingAt?: string; failure?: string } = {},
): Promise<AccessRequest> {
  const result = await services.requests.change(requestId, { from, to, event, set });
  if (result.changed) return result.request;
  // Another worker moved the request first; go by its state now.
  return closeOrBeginEnding(requestId, services);
}

async function remove(request: AccessRequest, item: LeaseItem, services: RevokeServices): Promise<RevokeAnswer> {
  const at = services.now().toISOString();
  const claimed =
    item.removing === undefined ? await services.leases.beginRemoval(item.assignment, request.id, at) : item;
  // The item has just gone: another worker has finished, or the item was lost. The next try looks.
  if (claimed === undefined) return wait('again', request, services);
  if (claimed.leases.length > 0) return closeOrAwaitOtherHolder(claimed, request, services);
  if (claimed.removing?.operationId !== undefined) return wait('wait', request, services);

  return takeStep(request, claimed, services);
}

/**
 * Other requests have a claim on the assignment. If the access of one has begun, that request keeps the assignment.
 * Otherwise the other request may still be refused, and what this request made must then be removed before it is
 * closed. That wait is limited to `CLAIM_SECONDS`, because the sweep finds an assignment that is left over, too.
 */
async function closeOrAwaitOtherHolder(
  item: LeaseItem,
  request: AccessRequest,
  services: RevokeServices,
): Promise<RevokeAnswer> {
  const isLate = secondsEnding(request, services) >= CLAIM_SECONDS;
  return isLate || (await isHeldBy(item.leases, services.requests))
    ? close(request, services, HELD_BY_ANOTHER)
    : wait('wait', request, services);
}

/** One step of the removal, and what it means for the request. */
async function takeStep(request: AccessRequest, claimed: LeaseItem, services: RevokeServices): Promise<RevokeAnswer> {
  const step = await notingRepeatedFailure(request, () => continueRemoval(claimed, services), services);
  switch (step.outcome) {
    case 'gone':
      await finishRemoval(request, claimed, services);
      return close(request, services);
    case 'running':
      // However late it is, a removal that has only just begun is looked at soon.
      return step.begun
        ? { ...wait('wait', request, services), waitSeconds: FIRST_LOOK_SECONDS }
        : wait(isSlow(request, services) ? 'slow' : 'wait', request, services);
    case 'failed': {
      const outOfUse = await whyOutOfUse(claimed.assignment, services);
      if (outOfUse !== undefined) {
        // The item stays: if the account is opened again, the sweep removes what is still listed.
        await services.leases.release(claimed, services.now().toISOString());
        return close(request, services, outOfUse);
      }
      await noteRetry(request, step.reason, services);
      return wait('again', request, services);
    }
  }
}

/** A call that fails once is ordinary; a call that keeps failing is written into the history. */
async function notingRepeatedFailure<T>(
  request: AccessRequest,
  call: () => Promise<T>,
  services: RevokeServices,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (secondsEnding(request, services) >= SLOW_SECONDS) {
      await noteRetry(request, whyFailed(request, error, services), services);
    }
    throw error;
  }
}

/** The name of the error or, where no role has the right any more, what an operator has to do about it. */
function whyFailed(request: AccessRequest, error: unknown, { removable }: RevokeServices): string {
  const name = error instanceof Error ? error.name : 'unknown error';
  if (removable === undefined || !/^AccessDenied/.test(name)) return name;
  const missing = leftOut(request.target, removable, request.names);
  return missing === undefined ? name : leftOutNote(missing);
}

/**
 * The removal is done. After confirmed access, nothing can follow. A grant that was never confirmed, because its
 * workflow was killed or its function was given up, may still be running: its call to create can arrive after this
 * removal. So its item stays, and the sweep looks again.
 */
async function finishRemoval(request: AccessRequest, item: LeaseItem, services: RevokeServices): Promise<void> {
  if (wasGranted(request)) return services.leases.forget(item);
  await services.leases.release(item, services.now().toISOString());
}

function wasGranted({ events }: AccessRequest): boolean {
  return events.some((event) => event.type === 'granted');
}

function whyUnconfirmed({ events }: AccessRequest): string {
  const { type, note = '' } = events.findLast(({ state }) => state === 'ending') ?? {};
  if (type === 'removed-by-others') return cutReason(`somebody else removed it before it was confirmed: ${note}`);
  return 'stopped before access was confirmed';
}

/** `ending -> ended`, or `failed` when access was never confirmed; `again` where the request is not in `ending` yet. */
async function close(request: AccessRequest, services: RevokeServices, kept?: string): Promise<RevokeAnswer> {
  const at = services.now().toISOString();
  const wasActive = wasGranted(request);
  const failure = request.failure ?? whyUnconfirmed(request);
  const to = wasActive ? 'ended' : 'failed';
  const left = kept === undefined ? {} : { sessionsLeft: 'kept' as const };
  // Sessions are left alone because of this note (`areSessionsSettled`), not because of the field.
  const note = wasActive ? (kept ?? request.failure) : kept === undefined ? failure : `${kept}; ${failure}`;
  const result = await services.requests.change(request.id, {
    from: ['ending'],
    to,
    event: enter(to, at, { note }),
    set: wasActive
      ? { endedAt: at, ...left }
      : { endedAt: at, ...left, failure, refusal: request.refusal ?? refusal('grant-failed', failure) },
  });
  if (result.request === undefined) throw new RequestNotFoundError(`no request ${request.id}`);
  // The item was too full to move to `ending`, and DynamoDB checks the state before the size, so nothing was thrown.
  // `again` counts towards the alarm.
  if (!result.changed && !isOver(result.request.state)) return wait('again', request, services);
  const failed = result.changed && to === 'failed' ? { failed: true as const } : {};
  return { ...answerFor(result.request, services), ...failed };
}
