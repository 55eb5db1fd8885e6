import { STATES } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { futurePlaceKey, waitingPlaceKey } from '../../../model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../model/target.ts';
import type { RequestStore } from '../../ports.ts';

/*
 * A person has one request that waits and one that begins later, per target: what waits behind another can only confuse those who
 * decide. Each of the two is a place that a request takes when it is written.
 */

/** The key of the place for requests that begin later. */
function futurePlace(assignment: Assignment): string {
  return futurePlaceKey(assignmentKey(assignment));
}

/** The place a new request takes; `undefined` for one that is granted now, which waits for nobody. */
export function placeOf(request: AccessRequest): string | undefined {
  const assignment = { principalId: request.requester.principalId, target: request.target };
  if (request.windowFrom !== undefined) return futurePlace(assignment);
  return request.state === 'pending' ? waitingPlaceKey(assignmentKey(assignment)) : undefined;
}

/** Does the request that took the place have it still? */
export function isInPlace(request: AccessRequest): boolean {
  const { phase } = STATES[request.state];
  if (request.windowFrom !== undefined) return phase === 'asking' || phase === 'waiting';
  return request.state === 'requested' || request.state === 'pending';
}

/** A person's request for the same target that begins later, where there is one. It stays when access of now ends. */
export async function laterRequest(
  assignment: Assignment,
  requests: Pick<RequestStore, 'get' | 'inPlace'>,
): Promise<AccessRequest | undefined> {
  const id = await requests.inPlace(futurePlace(assignment));
  const request = id === undefined ? undefined : await requests.get(id);
  return request !== undefined && isInPlace(request) ? request : undefined;
}
