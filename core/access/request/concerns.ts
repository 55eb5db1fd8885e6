import { type AccessRequest, askedApprovers } from '../../model/request.ts';

/** Whose business a request is: of its person, and of those who were asked about it, decided it or may review it. */
export function concerns(principalId: string, request: AccessRequest): boolean {
  const { requester, votes, review } = request;
  return (
    principalId !== '' &&
    (requester.principalId === principalId ||
      askedApprovers(request).includes(principalId) ||
      votes.some((vote) => vote.principalId === principalId) ||
      review?.approvers.includes(principalId) === true)
  );
}
