import { isWindowOver } from '../../../model/access.ts';
import { RequestNotFoundError } from '../../../model/errors.ts';
import { enter } from '../../../model/events.ts';
import { STATES } from '../../../model/life-cycle.ts';
import type { Refusal } from '../../../model/refusal.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { assignmentKey } from '../../../model/target.ts';
import { nextStep } from '../../approval/approval-timing.ts';
import type { VotedRequest } from '../../ports.ts';
import { TIME_IS_UP } from '../revoke/end-notes.ts';
import { keptToItsEnd } from '../true-end.ts';
import { beginAccess, type GiveServices, resumeAccess } from './give-access.ts';
import { answer, type GrantAnswer } from './grant-answer.ts';
import { extendAccess, type JoinOutcome, joinHolder } from './join-access.ts';
import { judgeGrant } from './judge-grant.ts';
import { unbrokenHold } from './unbroken-hold.ts';

export type GrantServices = GiveServices;

/** A reminder that is due and could not be sent is tried again after this time. Seconds. */
const OVERDUE_STEP_SECONDS = 60;

/**
 * Takes a request one step further: says what it waits for, or grants it. Reads the request first, so that running it
 * again, after a crash or by hand, continues where the request is.
 *
 * @throws RequestNotFoundError, RemovalInProgressError, RequestChangedError; whatever AWS throws, for the workflow to
 *   retry or, in the end, to revoke
 */
export async function grantAccess(requestId: string, services: GrantServices): Promise<GrantAnswer> {
  const voted = await services.requests.getWithVotes(requestId);
  if (voted === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const { request } = voted;
  const now = services.now().toISOString();

  if (request.state === 'pending') return waitForApproval(request, services);
  if (request.state === 'active') return lookAtEnd(request, services);
  if (request.state === 'ending') return answer(request, 'revoke', services);
  if (request.state === 'granting') return resumeAccess(voted, services);
  if (request.state === 'approved' || request.state === 'scheduled') {
    return request.startsAt > now ? waitForStart(request, services) : takeTurn(voted, services);
  }
  return answer(request, STATES[request.state].told ? 'tell' : 'over', services);
}

/**
 * Says until when access lasts, for a workflow that has had its grant. It gives nothing: where the table has a request
 * that still waits for its turn, the table is older than the grant (restored from a backup), and what a look at
 * Identity Center would find was made by this workflow itself.
 *
 * @returns `announce` while the access lasts, else `revoke`
 * @throws as `grantAccess`
 */
export async function lookAtAccess(requestId: string, services: GrantServices): Promise<GrantAnswer> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  return request.state === 'active' ? lookAtEnd(request, services) : answer(request, 'revoke', services);
}

async function waitForApproval(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  const now = services.now();
  if (request.expiresAt !== undefined && now.toISOString() < request.expiresAt) {
    const left = Math.ceil((new Date(nextStep(request).at).getTime() - now.getTime()) / 1000);
    return answer(request, 'approval', services, { approvalSeconds: left > 0 ? left : OVERDUE_STEP_SECONDS });
  }
  const result = await services.requests.change(request.id, {
    from: ['pending'],
    to: 'expired',
    event: enter('expired', now.toISOString(), { note: 'nobody answered in time' }),
  });
  if (result.changed) return answer(result.request, 'tell', services);
  return grantAccess(request.id, services);
}

async function waitForStart(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  if (request.state === 'scheduled') return answer(request, 'start', services);
  const result = await services.requests.change(request.id, {
    from: ['approved'],
    to: 'scheduled',
    event: enter('scheduled', services.now().toISOString(), { note: `starts at ${request.startsAt}` }),
  });
  return result.changed ? answer(result.request, 'start', services) : grantAccess(request.id, services);
}

/**
 * Asked when the workflow reaches the end it knows. Another request may have moved the end, or may move it at this
 * instant, so the ending begins here, only if the access is still as it was read, and no request can join after that.
 * Whether there is an access at all is decided by the hold that the grant wrote.
 */
async function lookAtEnd(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  const access = await keptToItsEnd(request, services);
  if (access?.state !== 'active') return answer(access ?? request, 'revoke', services);
  const now = services.now().toISOString();
  if (access.endsAt > now) return answer(access, 'announce', services);
  const result = await services.requests.change(access.id, {
    from: ['active'],
    to: 'ending',
    event: enter('ending', now, { note: TIME_IS_UP }),
    set: { endingAt: now },
    accessSeen: { endsAt: access.endsAt, joins: (access.joins ?? []).map(({ requestId }) => requestId) },
  });
  // Any other difference, such as an end that was deleted from the item, is no reason to wait.
  const isExtended = !result.changed && result.request !== undefined && result.request.endsAt > now;
  return isExtended ? lookAtAccess(request.id, services) : answer(result.request ?? access, 'revoke', services);
}

/**
 * The request's turn has come, and it is judged as if it had never been judged. One access holds an assignment: a
 * request that gets the claim begins an access, and a request whose person already holds the target joins that access.
 */
async function takeTurn(voted: VotedRequest, services: GrantServices): Promise<GrantAnswer> {
  const { request } = voted;
  if (isWindowOver(request, services.now().toISOString())) return expire(request, services);
  const assignment = assignmentOf(request);
  const given = (await services.holds.given([assignment])).get(assignmentKey(assignment)) ?? [];
  // The request has had its turn. If an altered item says that it still waits, its time would be given, and its votes
  // would count, a second time.
  if (given.some(({ accessId }) => accessId === request.id)) return answer(request, 'revoke', services);
  if (request.extends !== undefined)
    return conclude(request, await extendAccess(voted, request.extends, services), services);
  const judged = await judgeGrant(voted, services);
  if ('reason' in judged) return refuse(request, judged, services);
  const item = await services.leases.add(assignment, request.id);
  const holder = item.leases.find((id) => id !== request.id);
  // The same person's earlier access has only just ended, and credentials fetched now would be denied with the earlier
  // ones.
  if (item.leases.length === 0 && item.opensAt !== undefined)
    return answer(request, 'start', services, { startsAt: item.opensAt });
  if (holder !== undefined) return conclude(request, await joinHolder(voted, holder, services), services);
  const before = await unbrokenHold(assignment, given, services);
  if (before === undefined)
    return (await beginAccess(request, item, judged, services)) ?? grantAccess(request.id, services);
  const now = services.now();
  const left = await judgeGrant(voted, { ...services, now: () => now }, before);
  if ('reason' in left) {
    await services.leases.drop(assignment, request.id);
    return refuse(request, left, services);
  }
  return (await beginAccess(request, item, left, services, before.startedAt)) ?? grantAccess(request.id, services);
}

function conclude(request: AccessRequest, outcome: JoinOutcome, services: GrantServices): Promise<GrantAnswer> {
  return 'refusal' in outcome
    ? refuse(request, outcome.refusal, services)
    : Promise.resolve(answer(outcome.joined, 'tell', services));
}

/** The window that the requester chose is over, so there is no time left to give. */
async function expire(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  const result = await services.requests.change(request.id, {
    from: ['approved', 'scheduled'],
    to: 'expired',
    event: enter('expired', services.now().toISOString(), { note: 'the time it was asked for is over' }),
  });
  return result.changed ? answer(result.request, 'tell', services) : grantAccess(request.id, services);
}

async function refuse(request: AccessRequest, why: Refusal, services: GrantServices): Promise<GrantAnswer> {
  const note = why.detail === undefined ? why.reason : `${why.reason}: ${why.detail}`;
  const result = await services.requests.change(request.id, {
    from: ['approved', 'scheduled'],
    to: 'refused',
    event: enter('refused', services.now().toISOString(), { note }),
    set: { refusal: why },
  });
  return result.changed ? answer(result.request, 'tell', services) : grantAccess(request.id, services);
}
