import { later } from '../../model/access.ts';
import { after, isInstant } from '../../model/events.ts';
import type { AccessRequest, Vote } from '../../model/request.ts';
import { assignmentKey } from '../../model/target.ts';

type Subject = NonNullable<Vote['subject']>;

/** What an approver is asked to approve. It is stored with the vote. */
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
 * Votes count for this long after the latest time their grant is due: the workflow may have to be restarted, or the
 * grant may have to wait until all sessions of an earlier access have expired. Seconds.
 */
const GRACE_SECONDS = 24 * 3600;
/** The wait for approvers and the time to a later start, taken together, are never longer than this. Seconds. */
const LONGEST_SECONDS = 366 * 24 * 3600;
/** How long a vote counts that does not say until when. Seconds. */
const UNDATED_SECONDS = 8 * 24 * 3600;

/**
 * Until when a vote cast now on a request counts (ISO 8601): through the wait for other approvers and for the start,
 * and for the duration of the access. That the request had its one grant is remembered for exactly as long as its votes
 * count, so votes must not count longer.
 *
 * @param at ISO 8601; when the vote is cast
 */
export function countsUntil({ expiresAt = '', windowFrom = '', durationSeconds }: AccessRequest, at: string): string {
  const most = after(at, LONGEST_SECONDS);
  const due = [expiresAt, windowFrom].filter(isInstant).reduce(later, at);
  // A forged request may have a duration that is no number, or one beyond the range of `Date`.
  const lasts = Math.min(durationSeconds, LONGEST_SECONDS) || 0;
  return due < most ? earliest(after(due, lasts + GRACE_SECONDS), most) : most;
}

/** Until when the last of these approvals counts (ISO 8601); `undefined` without an approval. */
export function votesUntil(votes: readonly Vote[]): string | undefined {
  const ends = votes.filter(({ vote }) => vote === 'approve').map(endOf);
  return ends.length === 0 ? undefined : ends.reduce(later);
}

/**
 * The votes that count for a request as it is now. An approval counts only for the request its approver saw, and for a
 * limited time (`agreedSeconds` limits the duration to what was seen); a denial always counts.
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

/**
 * The longest duration that all of these approvers agreed to: as asked for, or less where a vote shortened it. Seconds.
 */
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
