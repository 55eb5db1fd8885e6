import type { AccessRequest, EventType } from '../../model/request.ts';

/** Events that say that there is no report yet, or never will be. */
const MISSING: readonly EventType[] = ['activity-unreadable', 'report-unsent'];

/** Is the review owed, and either the report out, or the access over and its report known to be late or missing? */
export function isReviewable({ state, review, events }: Pick<AccessRequest, 'state' | 'review' | 'events'>): boolean {
  if (review?.status !== 'owed') return false;
  return state === 'reported' || (state === 'ended' && events.some(({ type }) => MISSING.includes(type)));
}

/** The approvers who may review break-glass access: those it skipped, without the requester. Principal ids. */
export function reviewersOf({ review, requester }: Pick<AccessRequest, 'review' | 'requester'>): readonly string[] {
  return (review?.approvers ?? []).filter((id) => id !== requester.principalId);
}
