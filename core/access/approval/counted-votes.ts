import type { AccessRequest, Vote } from '../../model/request.ts';
import { assignmentKey } from '../../model/target.ts';

type Subject = NonNullable<Vote['subject']>;

/** What an approver is asked about, to be kept with their vote. */
export function subjectOf({
  requester,
  target,
  durationSeconds,
  reason,
  ticket,
  windowFrom,
  extends: named,
}: AccessRequest): Subject {
  return {
    principalId: requester.principalId,
    target,
    durationSeconds,
    reason,
    ticket,
    ...(windowFrom === undefined ? {} : { windowFrom }),
    ...(named === undefined ? {} : { extends: named }),
  };
}

/** The votes that count for a request as it is now. A yes is to what its approver saw and nothing else; a no is always a no. */
export function countedVotes(request: AccessRequest, votes: readonly Vote[]): readonly Vote[] {
  return votes.filter(({ vote, subject }) => vote === 'deny' || (subject !== undefined && isAbout(subject, request)));
}

/** The longest length that all of these approvers have agreed to: what was asked, or less where one of them shortened it. Seconds. */
export function agreedSeconds(durationSeconds: number, votes: readonly Vote[]): number {
  const agreed = votes.flatMap(({ vote, subject, durationSeconds: shortened }) =>
    vote === 'deny' ? [] : [shortened ?? durationSeconds, subject?.durationSeconds ?? durationSeconds],
  );
  return Math.min(durationSeconds, ...agreed);
}

function isAbout(subject: Subject, request: AccessRequest): boolean {
  const now = subjectOf(request);
  return (
    assignmentKey(subject) === assignmentKey(now) &&
    subject.reason === now.reason &&
    subject.ticket === now.ticket &&
    subject.windowFrom === now.windowFrom &&
    subject.extends === now.extends
  );
}
