import { type AccessRequest, askedApprovers } from '../../../model/request.ts';
import type { RequestStore } from '../../ports.ts';

/** Whose business a request is: of its person, and of those who were asked about it, decided it or may review it. */
function concerns(principalId: string, request: AccessRequest): boolean {
  const { requester, votes, review } = request;
  return (
    principalId !== '' &&
    (requester.principalId === principalId ||
      askedApprovers(request).includes(principalId) ||
      votes.some((vote) => vote.principalId === principalId) ||
      review?.approvers.includes(principalId) === true)
  );
}

/**
 * The same of all that belongs to one access: whoever decided one of its requests has to do with the access as a whole, and with each
 * of the others.
 *
 * @param request any request that is part of it; of a request that is part of none, the question is about itself
 */
export async function concernsAccess(
  principalId: string,
  request: AccessRequest,
  { requests }: { readonly requests: Pick<RequestStore, 'get'> },
): Promise<boolean> {
  if (concerns(principalId, request)) return true;
  const { accessId } = request;
  const root = accessId === undefined || accessId === request.id ? request : await requests.get(accessId);
  if (root === undefined) return false;
  if (root !== request && concerns(principalId, root)) return true;
  for (const { requestId } of root.joins ?? []) {
    const joined = requestId === request.id ? undefined : await requests.get(requestId);
    if (joined !== undefined && concerns(principalId, joined)) return true;
  }
  return false;
}
