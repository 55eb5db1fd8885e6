import { isWindowOver } from '../../model/access.ts';
import { RequestChangedError, RequestNotFoundError } from '../../model/errors.ts';
import { after, enter } from '../../model/events.ts';
import { STATES } from '../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { nextStep } from '../approval/approval-timing.ts';
import { cutReason } from '../notify/repeated-events.ts';
import type { AssignmentPort, LeaseItem, LeaseStore, OperationStatus, PolicyStoreState } from '../ports.ts';
import { decideAgain } from '../request/decide-again.ts';
import { answer, type GrantAnswer, WAIT_SECONDS } from './grant-answer.ts';
import { extendAccess, type JoinOutcome, type JoinServices, joinHolder, whyNot } from './join-access.ts';

export interface GrantServices extends JoinServices {
  readonly leases: LeaseStore;
  readonly assignments: AssignmentPort;
  readonly warnBeforeEndSeconds: number;
  readonly grantTimeoutSeconds: number;
}

/**
 * A decision this young is not made again before the grant, provided the access table has not changed since and nothing is
 * frozen: deciding twice within seconds would only spend the calls that access must wait for.
 */
const FRESH_DECISION_SECONDS = 60;

/** A reminder that is due and cannot be sent is tried again this much later. */
const OVERDUE_STEP_SECONDS = 60;

const TAKEN_AWAY =
  'the access that was there before has been taken away by somebody else; it can be asked for again when the earlier request is over';

const LONGEST_WAIT_SECONDS = 15;

/**
 * Takes a request one step further: says what it waits for, or grants it. Reads the request first, so that running it again,
 * after a crash or by hand, continues where the request is.
 *
 * @throws RequestNotFoundError, RemovalInProgressError, RequestChangedError; whatever AWS throws, for the workflow to retry or,
 *   in the end, to revoke
 */
export async function grantAccess(requestId: string, services: GrantServices): Promise<GrantAnswer> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const now = services.now().toISOString();

  if (request.state === 'pending') return waitForApproval(request, services);
  // Where the workflow believes the end has come, another request may have moved it.
  if (request.state === 'active') return answer(request, request.endsAt > now ? 'announce' : 'revoke', services);
  if (request.state === 'ending') return answer(request, 'revoke', services);
  if (request.state === 'granting') return resume(request, services);
  if (request.state === 'approved' || request.state === 'scheduled') {
    return request.startsAt > now ? waitForStart(request, services) : takeTurn(request, services);
  }
  return answer(request, STATES[request.state].told ? 'tell' : 'over', services);
}

/**
 * Asks Identity Center whether the assignment is made, and makes the request active when it is.
 *
 * @returns `announce`, `check` again after `waitSeconds`, or `revoke` when it failed or took too long
 */
export async function checkCreation(
  requestId: string,
  operationId: string,
  services: Pick<GrantServices, 'requests' | 'assignments' | 'now' | 'grantTimeoutSeconds'>,
): Promise<{ readonly next: 'announce' | 'wait' | 'revoke'; readonly waitSeconds: number }> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (request.state === 'active') return { next: 'announce', waitSeconds: 0 };
  if (request.state !== 'granting') return { next: 'revoke', waitSeconds: 0 };

  const creation = await services.assignments.creationStatus(assignmentOf(request), operationId);
  if (creation.status === 'succeeded') {
    return { next: (await activate(request, false, services)) ? 'announce' : 'revoke', waitSeconds: 0 };
  }
  const spent = (services.now().getTime() - new Date(request.startsAt).getTime()) / 1000;
  if (creation.status === 'in-progress' && spent < services.grantTimeoutSeconds) {
    return { next: 'wait', waitSeconds: Math.min(LONGEST_WAIT_SECONDS, Math.max(WAIT_SECONDS, Math.floor(spent / 4))) };
  }
  await noteFailure(request, creation, services);
  return { next: 'revoke', waitSeconds: 0 };
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
 * The request's turn has come. An assignment is held by one access: whoever has the claim on it begins one, and whose person holds
 * it already brings the time to that.
 */
async function takeTurn(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  if (isWindowOver(request, services.now().toISOString())) return expire(request, services);
  if (request.extends !== undefined)
    return conclude(request, await extend(request, request.extends, services), services);
  const why = await noLongerAllowed(request, services);
  if (why !== undefined) return refuse(request, why, services);
  const item = await services.leases.add(assignmentOf(request), request.id);
  const holder = item.leases.find((id) => id !== request.id);
  // The same person's earlier access has only just ended, and credentials fetched now would be denied with that one's.
  if (item.leases.length === 0 && item.opensAt !== undefined)
    return answer(request, 'start', services, { startsAt: item.opensAt });
  return holder === undefined
    ? begin(request, item, services)
    : conclude(request, await joinHolder(request, holder, services), services);
}

async function extend(request: AccessRequest, accessId: string, services: GrantServices): Promise<JoinOutcome> {
  const stopped = whyStopped(await services.policyStore.storeState(request.requester.principalId));
  return stopped === undefined ? extendAccess(request, accessId, services) : { refusal: stopped };
}

function conclude(request: AccessRequest, outcome: JoinOutcome, services: GrantServices): Promise<GrantAnswer> {
  return 'refusal' in outcome
    ? refuse(request, outcome.refusal, services)
    : Promise.resolve(answer(outcome.joined, 'tell', services));
}

/** The time the person asked for is over: nothing is left of it that could be given. */
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

/** Policies, groups and people change while a request waits: what was decided then must still hold now. */
async function noLongerAllowed(request: AccessRequest, services: GrantServices): Promise<Refusal | undefined> {
  const storeState = await services.policyStore.storeState(request.requester.principalId);
  const stopped = whyStopped(storeState);
  if (stopped !== undefined) return stopped;
  const age = (services.now().getTime() - new Date(request.decidedAt ?? 0).getTime()) / 1000;
  if (age < FRESH_DECISION_SECONDS && storeState.accessVersion === request.accessVersion) return undefined;
  const decision = await decideAgain(request, request.votes, services);
  return whyNot(decision);
}

/** An operator stops everybody, or one person. */
function whyStopped({ frozen, locked }: PolicyStoreState): Refusal | undefined {
  if (frozen !== undefined) return refusal('frozen', frozen.reason);
  return locked === undefined ? undefined : refusal('locked', locked.reason);
}

/** The end is written before anything is asked for: from here on the sweep knows when this must be over. */
async function begin(request: AccessRequest, item: LeaseItem, services: GrantServices): Promise<GrantAnswer> {
  const now = services.now().toISOString();
  const result = await services.requests.change(request.id, {
    from: ['approved', 'scheduled'],
    to: 'granting',
    event: enter('granting', now),
    set: { startsAt: now, endsAt: after(request.windowFrom ?? now, request.durationSeconds) },
  });
  return result.changed ? give(result.request, item, services) : grantAccess(request.id, services);
}

/**
 * An earlier run died or gave up after it had begun, and may be minutes ago: a freeze or another policy since then holds for what
 * it has not asked for yet, and the revoke takes back what it has.
 */
async function resume(request: AccessRequest, services: GrantServices): Promise<GrantAnswer> {
  const why = await noLongerAllowed(request, services);
  if (why !== undefined) {
    // The first reason stays, so that the end of the story says why it began to go wrong.
    if (request.failure === undefined) {
      const failure = `${why.reason}: ${why.detail ?? ''}`;
      await services.requests.change(request.id, { from: ['granting'], set: { failure, refusal: why } });
    }
    return answer(request, 'revoke', services);
  }
  if (services.now().toISOString() >= request.endsAt) return answer(request, 'revoke', services);
  const item = await services.leases.add(assignmentOf(request), request.id);
  return item.leases.includes(request.id) ? give(request, item, services) : answer(request, 'revoke', services);
}

/**
 * Lease first, then the look whether the assignment was there before us, then the creation: in this order, so that whoever
 * looks after we created finds our answer already recorded, and never takes our assignment for a standing one.
 */
async function give(request: AccessRequest, lease: LeaseItem, services: GrantServices): Promise<GrantAnswer> {
  if (services.now().toISOString() >= request.endsAt) return answer(request, 'revoke', services);
  const { assignment } = lease;
  let item = lease;
  let found = false;
  // Before it is given, so that no limit ever forgets it.
  await services.holds.note(assignment, { accessId: request.id, startedAt: request.startsAt, endsAt: request.endsAt });
  if (item.standing === undefined) {
    found = await services.assignments.exists(assignment);
    item = await services.leases.noteStanding(assignment, found);
  }
  if (item.standing === true) {
    // An earlier request saw it, or CloudTrail told of it, and it may be gone since: then nothing is there to use. Made by us it
    // would never end, because it counts as theirs.
    if (!found && !(await services.assignments.exists(assignment))) {
      await noteFailure(request, { status: 'failed', reason: TAKEN_AWAY }, services);
      return answer(request, 'revoke', services);
    }
    return answer(request, (await activate(request, true, services)) ? 'announce' : 'revoke', services);
  }
  const asking = await noteAsking(request, services);
  if (asking.state !== 'granting') return answer(asking, 'revoke', services);
  const askedAt = services.now().toISOString();
  const creation = await services.assignments.create(assignment);
  if (creation.fresh) await services.leases.noteAbsent(assignment, askedAt);
  if (creation.operationId !== undefined) await noteOperation(asking, creation.operationId, services);
  if (creation.status === 'failed') {
    await noteFailure(request, creation, services);
    return answer(request, 'revoke', services);
  }
  if (creation.status === 'succeeded' && creation.operationId === undefined) {
    return answer(request, (await activate(request, false, services)) ? 'announce' : 'revoke', services);
  }
  return answer(request, 'check', services, { operationId: creation.operationId ?? '' });
}

/** From here on the request itself says that what is there is ours, whatever becomes of the lease item. */
async function noteAsking(request: AccessRequest, services: GrantServices): Promise<AccessRequest> {
  if (request.grant?.standing === false) return request;
  const grant = { askedAt: services.now().toISOString(), standing: false };
  const result = await services.requests.change(request.id, { from: ['granting'], set: { grant } });
  if (result.request === undefined)
    throw new RequestChangedError(`request ${request.id} went away while it was granted`);
  return result.request;
}

/** CloudTrail tells of the creation by this id: that is how it is known as ours. */
async function noteOperation(request: AccessRequest, operationId: string, services: GrantServices): Promise<void> {
  const grant = { askedAt: request.grant?.askedAt ?? request.startsAt, standing: false, operationId };
  await services.requests.change(request.id, { from: ['granting'], set: { grant } });
}

/** `granting -> active`. False when the request was ended meanwhile. */
async function activate(
  request: AccessRequest,
  standing: boolean,
  services: Pick<GrantServices, 'requests' | 'now'>,
): Promise<boolean> {
  const at = services.now().toISOString();
  const result = await services.requests.change(request.id, {
    from: ['granting'],
    to: 'active',
    event: enter('active', at, {
      type: 'granted',
      ...(standing ? { note: 'the assignment was there before us' } : {}),
    }),
    // What was noted before the creation was asked for stays, with its id.
    ...(standing || request.grant === undefined ? { set: { grant: { askedAt: request.startsAt, standing } } } : {}),
  });
  if (result.request === undefined)
    throw new RequestChangedError(`request ${request.id} went away while it was granted`);
  return result.request.state === 'active';
}

/** Keeps the first reason, so that the end of the story says why it began to go wrong. */
async function noteFailure(
  request: AccessRequest,
  creation: OperationStatus,
  services: Pick<GrantServices, 'requests'>,
): Promise<void> {
  const failure =
    creation.status === 'failed' ? cutReason(creation.reason ?? 'no reason given') : 'Identity Center took too long';
  if (request.failure === undefined) {
    await services.requests.change(request.id, { from: ['granting'], set: { failure } });
  }
}
