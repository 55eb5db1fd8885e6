import type { ClickOutcome, EndServices } from './end-access.ts';
import { actorOf, happen } from './events.ts';
import { type Caller, identifyPerson } from './identify.ts';
import { refusal } from './refusal.ts';
import type { RequestState } from './request.ts';

/** Nobody can review what is not done yet. */
const REVIEWABLE: readonly RequestState[] = ['ended', 'reported'];

/** One of the approvers whom a break-glass grant skipped has read what was done, and says so or asks. */
export async function reviewAccess(
  requestId: string,
  caller: Caller,
  verdict: { readonly status: 'acknowledged' | 'questioned'; readonly note?: string },
  services: Omit<EndServices, 'workflow'>,
): Promise<ClickOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  const { principalId } = who.person;
  if (request.review?.status !== 'owed' || !REVIEWABLE.includes(request.state)) {
    return { done: false, refusal: refusal('nothing-to-review'), request };
  }
  if (principalId === request.requester.principalId) return { done: false, refusal: refusal('own-request'), request };
  if (!request.review.approvers.includes(principalId))
    return { done: false, refusal: refusal('not-approver'), request };
  const at = services.now().toISOString();
  const { status, note } = verdict;
  const result = await services.requests.change(requestId, {
    from: REVIEWABLE,
    event: happen('reviewed', at, {
      by: actorOf(who.person),
      note: note === undefined ? status : `${status}: ${note}`,
    }),
    set: { review: { ...request.review, status, by: principalId, at, ...(note === undefined ? {} : { note }) } },
  });
  if (!result.changed)
    return { done: false, refusal: refusal('nothing-to-review'), request: result.request ?? request };
  return { done: true, request: result.request };
}
