import { type AccessRequest, askedApprovers } from '../../../model/request.ts';
import type { RequestStore } from '../../ports.ts';

/** Is the person the requester of this request, one of its approvers (asked or voted), or one of its reviewers? */
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
 * As `concerns`, for a whole access: a person with a part in one of its requests, such as an approver, may see the
 * access and all of its requests.
 *
 * @param request any request of the access; a request that is part of no access is judged by itself
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
