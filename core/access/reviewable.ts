import type { AccessRequest } from './request.ts';

/** Nobody can review what is not done yet, nor before the report is there to be read, unless it is known that none will come. */
export function isReviewable({ state, review, events }: Pick<AccessRequest, 'state' | 'review' | 'events'>): boolean {
  if (review?.status !== 'owed') return false;
  return state === 'reported' || (state === 'ended' && events.some(({ type }) => type === 'activity-unreadable'));
}
