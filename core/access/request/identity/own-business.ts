import { OPEN_STATES, STATES } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import type { RequestStore } from '../../ports.ts';
import type { ReviewStore } from '../../review/review-reminders.ts';
import { isReviewable } from '../../review/reviewable.ts';

/** What a person has, waits for, and has to do now. */
export interface Business {
  /** The person's access that exists now, or is being created or ended. */
  readonly active: readonly AccessRequest[];
  /** The person's requests that wait for approval or for their start. */
  readonly pending: readonly AccessRequest[];
  /** Requests that wait for the person's vote. */
  readonly toDecide: readonly AccessRequest[];
  /** Break-glass access that the person may review. */
  readonly reviews: readonly AccessRequest[];
}

export interface BusinessServices {
  readonly requests: Pick<RequestStore, 'get' | 'inStates'>;
  readonly reviews: Pick<ReviewStore, 'owed'>;
}

/** Finds what a person has, what they wait for, and which votes and reviews wait for them. */
export async function businessOf(principalId: string, services: BusinessServices): Promise<Business> {
  const [open, reviews] = await Promise.all([openRequests(services), reviewsFor(principalId, services)]);
  const mine = open.filter((request) => request.requester.principalId === principalId);
  const waits = ({ state }: AccessRequest) => STATES[state].phase === 'waiting';
  return {
    active: mine.filter((request) => !waits(request)),
    pending: mine.filter(waits),
    toDecide: open.filter((request) => waitsFor(principalId, request)),
    reviews,
  };
}

async function openRequests({ requests }: BusinessServices): Promise<AccessRequest[]> {
  const open: AccessRequest[] = [];
  for await (const request of requests.inStates(OPEN_STATES)) open.push(request);
  return open;
}

async function reviewsFor(principalId: string, { requests, reviews }: BusinessServices): Promise<AccessRequest[]> {
  const owed: string[] = [];
  for await (const { requestId } of reviews.owed()) owed.push(requestId);
  const found = await Promise.all(owed.map((requestId) => requests.get(requestId)));
  return found.filter(
    (request) =>
      request !== undefined && isReviewable(request) && request.review?.approvers.includes(principalId) === true,
  ) as AccessRequest[];
}

/** By the approvers stored when they were last asked; the vote itself is judged by today's policies. */
function waitsFor(principalId: string, { state, asked, votes }: AccessRequest): boolean {
  return (
    state === 'pending' &&
    !votes.some((vote) => vote.principalId === principalId) &&
    asked?.waitingPaths.some(({ approvals }) => approvals.some(({ approvers }) => approvers.includes(principalId))) ===
      true
  );
}
