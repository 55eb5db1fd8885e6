import { later } from '../../model/access.ts';
import { after, isInstant } from '../../model/events.ts';
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
    windowFrom,
    extends: named,
  };
}

/**
 * How long after the last instant at which a grant is due its votes count still: a workflow may have to be started anew, and what the
 * person had before may keep it waiting until the last session has run out. Seconds.
 */
const GRACE_SECONDS = 24 * 3600;
/** No wait for approvers and no start in the future is longer, taken together. Seconds. */
const LONGEST_SECONDS = 366 * 24 * 3600;
/** Of votes that do not say until when they count. Seconds. */
const UNDATED_SECONDS = 8 * 24 * 3600;

/**
 * Until when a vote cast now on a request counts (ISO 8601): as long as the request may wait for other approvers or its start, and may
 * last. The request has one turn, and that it has had it is remembered as long as its votes count, and no longer.
 *
 * @param at ISO 8601; when it is cast
 */
export function countsUntil({ expiresAt = '', windowFrom = '', durationSeconds }: AccessRequest, at: string): string {
  const most = after(at, LONGEST_SECONDS);
  const due = [expiresAt, windowFrom].filter(isInstant).reduce(later, at);
  // What the request says may be no number, and further away than any clock.
  const lasts = Math.min(durationSeconds, LONGEST_SECONDS) || 0;
  return due < most ? earliest(after(due, lasts + GRACE_SECONDS), most) : most;
}

/** Until when the last of these votes counts (ISO 8601); `undefined` where there is none. */
export function votesUntil(votes: readonly Vote[]): string | undefined {
  const ends = votes.filter(({ vote }) => vote === 'approve').map(endOf);
  return ends.length === 0 ? undefined : ends.reduce(later);
}

/**
 * The votes that count for a request as it is now. A yes is to what its approver saw and nothing else, and for a time; a no is always
 * a no.
 *
 * @param now ISO 8601
 */
export function countedVotes(request: AccessRequest, votes: readonly Vote[], now: string): readonly Vote[] {
  return votes.filter(
    (one) => one.vote === 'deny' || (one.subject !== undefined && isAbout(one.subject, request) && now <= endOf(one)),
  );
}

function earliest(one: string, other: string): string {
  return one < other ? one : other;
}

function endOf({ at, countsUntil: until }: Vote): string {
  return isInstant(until) ? until : after(at, UNDATED_SECONDS);
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
