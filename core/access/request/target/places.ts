import { STATES } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { futurePlaceKey, waitingPlaceKey } from '../../../model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../model/target.ts';
import { readableRequest } from '../../lease/readable-request.ts';
import type { RequestStore } from '../../ports.ts';

/*
 * Per target, a person has at most one request that waits and one that begins later: more of them would confuse the
 * approvers. Each of the two is a place (a key) that a request takes when it is written.
 */

/** The key of the place for requests with a later start. */
function futurePlace(assignment: Assignment): string {
  return futurePlaceKey(assignmentKey(assignment));
}

/** The place that a new request takes; `undefined` for a request that is granted at once. */
export function placeOf(request: AccessRequest): string | undefined {
  const assignment = { principalId: request.requester.principalId, target: request.target };
  if (request.windowFrom !== undefined) return futurePlace(assignment);
  return request.state === 'pending' ? waitingPlaceKey(assignmentKey(assignment)) : undefined;
}

/** Is the request that took the place still in it? */
export function isInPlace(request: AccessRequest): boolean {
  const { phase } = STATES[request.state];
  if (request.windowFrom !== undefined) return phase === 'asking' || phase === 'waiting';
  return request.state === 'requested' || request.state === 'pending';
}

/** The waiting request that extends this access, if there is one. */
export async function waitingExtension(
  access: AccessRequest,
  requests: Pick<RequestStore, 'get' | 'inPlace'>,
): Promise<AccessRequest | undefined> {
  const assignment = { principalId: access.requester.principalId, target: access.target };
  const id = await requests.inPlace(waitingPlaceKey(assignmentKey(assignment)));
  const request = id === undefined ? undefined : await readableRequest(id, requests);
  return request?.state === 'pending' && request.extends === access.id ? request : undefined;
}

/**
 * The person's request for the same target with a later start, if there is one. It stays when the current access ends.
 */
export async function laterRequest(
  assignment: Assignment,
  requests: Pick<RequestStore, 'get' | 'inPlace'>,
): Promise<AccessRequest | undefined> {
  const id = await requests.inPlace(futurePlace(assignment));
  const request = id === undefined ? undefined : await readableRequest(id, requests);
  return request !== undefined && isInPlace(request) ? request : undefined;
}
