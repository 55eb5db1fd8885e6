import { happen } from '../../model/events.ts';
import { REVIEWABLE_STATES } from '../../model/life-cycle.ts';
import { refusal } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { ActionOutcome, EndServices } from '../lease/revoke/end-access.ts';
import { type Caller, identifyPerson } from '../request/identity/identify.ts';
import { isSamePerson } from '../request/identity/same-person.ts';
import { isReviewable } from './reviewable.ts';

export interface ReviewServices extends Omit<EndServices, 'workflow'> {
  /** Ids of the Identity Center groups whose members may review all break-glass access but their own. */
  readonly reviewerGroups?: readonly string[];
}

/**
 * An approver skipped by a break-glass grant, or a member of a reviewer group, acknowledges or questions the access.
 */
export async function reviewAccess(
  requestId: string,
  caller: Caller,
  review: { readonly status: 'acknowledged' | 'questioned'; readonly note?: string },
  services: ReviewServices,
): Promise<ActionOutcome> {
  const judged = await evaluateReview(requestId, caller, services);
  if (!judged.done) return judged;
  const { request, principalId, userName } = judged;
  const at = services.now().toISOString();
  const { status, note } = review;
  const approvers = request.review?.approvers ?? [];
  const result = await services.requests.change(requestId, {
    from: REVIEWABLE_STATES,
    reviewOwed: true,
    event: happen('reviewed', at, {
      by: principalId,
      byName: userName,
      note: note === undefined ? status : `${status}: ${note}`,
    }),
    set: { review: { approvers, status, by: principalId, at, note } },
  });
  if (!result.changed)
    return { done: false, refusal: refusal('nothing-to-review'), request: result.request ?? request };
  return { done: true, request: result.request };
}

/** The requester answers a reviewer's question, once; the question and the answer stay in the history. */
export async function answerReview(
  requestId: string,
  caller: Caller,
  answer: string,
  services: ReviewServices,
): Promise<ActionOutcome> {
  const judged = await mayAnswer(requestId, caller, services);
  if (!judged.done || judged.request.review === undefined) return judged;
  const { request } = judged;
  const at = services.now().toISOString();
  const result = await services.requests.change(requestId, {
    from: REVIEWABLE_STATES,
    event: happen('answered', at, { by: request.requester.principalId, note: answer }),
    eventsSeen: request.events.length,
    set: { review: { ...judged.request.review, answer, answeredAt: at } },
  });
  if (!result.changed)
    return { done: false, refusal: refusal('nothing-to-answer'), request: result.request ?? request };
  return { done: true, request: result.request };
}

/** May this person answer now? Only for showing a form; the answer itself is judged again. */
export async function mayAnswer(requestId: string, caller: Caller, services: ReviewServices): Promise<ActionOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (who.person.principalId !== request.requester.principalId)
    return { done: false, refusal: refusal('not-yours'), request };
  if (request.review?.status !== 'questioned' || request.review.answer !== undefined)
    return { done: false, refusal: refusal('nothing-to-answer'), request };
  return { done: true, request };
}

/** May this person review now? Only for showing a form; the review itself is judged again. */
export async function mayReview(requestId: string, caller: Caller, services: ReviewServices): Promise<ActionOutcome> {
  return evaluateReview(requestId, caller, services);
}

async function evaluateReview(
  requestId: string,
  caller: Caller,
  services: ReviewServices,
): Promise<
  | { readonly done: true; readonly request: AccessRequest; readonly principalId: string; readonly userName: string }
  | Extract<ActionOutcome, { done: false }>
> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  const { principalId, userName } = who.person;
  if (!isReviewable(request)) return { done: false, refusal: refusal('nothing-to-review'), request };
  // The skipped approvers were chosen at the grant; that two users are one person may have become known since.
  if (await isSamePerson(who.person, request.requester, services))
    return { done: false, refusal: refusal('own-request'), request };
  const isReviewer = who.person.groupIds.some((id) => services.reviewerGroups?.includes(id) === true);
  if (!isReviewer && request.review?.approvers.includes(principalId) !== true)
    return { done: false, refusal: refusal('not-approver'), request };
  return { done: true, request, principalId, userName };
}
