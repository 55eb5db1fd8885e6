import type { AccessRequest } from '../../model/request.ts';

/** Whose business a request is: of its person, and of those who were asked about it, decided it or may review it. */
export function concerns(principalId: string, { requester, asked, votes, review }: AccessRequest): boolean {
  const eligible = (asked?.waitingPaths ?? []).flatMap(({ approvals }) =>
    approvals.flatMap(({ approvers }) => approvers),
  );
  return (
    principalId !== '' &&
    (requester.principalId === principalId ||
      eligible.includes(principalId) ||
      votes.some((vote) => vote.principalId === principalId) ||
      review?.approvers.includes(principalId) === true)
  );
}
