import type { AccessRequest, EventType } from '../../model/request.ts';

/** What says that there is no report yet, or never will be. */
const MISSING: readonly EventType[] = ['activity-unreadable', 'report-unsent'];

/** Nobody can review what is not done yet, nor before the report is there to be read, unless it is known that it will be long in coming. */
export function isReviewable({ state, review, events }: Pick<AccessRequest, 'state' | 'review' | 'events'>): boolean {
  if (review?.status !== 'owed') return false;
  return state === 'reported' || (state === 'ended' && events.some(({ type }) => MISSING.includes(type)));
}

/** Who may give the review of a broken glass: whom it passed over, but for whoever broke it. Principal ids. */
export function reviewersOf({ review, requester }: Pick<AccessRequest, 'review' | 'requester'>): readonly string[] {
  return (review?.approvers ?? []).filter((id) => id !== requester.principalId);
}
