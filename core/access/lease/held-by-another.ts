import { mayHoldAccess } from '../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentKey } from '../../model/target.ts';
import type { RequestStore } from '../ports.ts';
import { knownRequest } from './known-request.ts';

/** Does another live request (`granting` or `active`) hold the assignment, whatever the lease item says? */
export async function isHeldByAnother(
  assignment: Assignment,
  requestId: string,
  requests: Pick<RequestStore, 'inStates'>,
): Promise<boolean> {
  return (await otherHolder(assignment, requestId, requests)) !== undefined;
}

/** The other live request (`granting` or `active`) that holds the assignment, whatever the lease item says. */
export async function otherHolder(
  assignment: Assignment,
  requestId: string,
  requests: Pick<RequestStore, 'inStates'>,
): Promise<AccessRequest | undefined> {
  const holds = (other: AccessRequest) =>
    other.id !== requestId && assignmentKey(assignmentOf(other)) === assignmentKey(assignment);
  for await (const other of requests.inStates(['granting', 'active'])) if (holds(other)) return other;
  return undefined;
}

/** Has the access of one of these requests begun? A claim on the assignment alone is not access yet. */
export async function isHeldBy(requestIds: readonly string[], requests: Pick<RequestStore, 'get'>): Promise<boolean> {
  for (const id of requestIds) {
    const request = await knownRequest(id, requests);
    if (request !== undefined && mayHoldAccess(request.state)) return true;
  }
  return false;
}
