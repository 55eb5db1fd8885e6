import { evaluateVote } from '../../../core/access/approval/cast-vote.ts';
import { seesAll } from '../../../core/access/request/identity/personas.ts';
import { requesterHistory } from '../../../core/access/request/requester-history.ts';
import { toIsoDuration } from '../../../core/model/duration.ts';
import { type Refusal, refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import type { RequesterHistoryView } from '../document/schemas-of-one.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import { targetView } from '../views.ts';
import type { Call } from './act.ts';
import { concernedRequest, requestIdIn } from './concerned.ts';

/**
 * What the requester asked for before, for an approver of this request while their vote would count by today's
 * policies. At any other time only auditors and operators may see it.
 */
export async function getRequesterHistory(call: Call, all: Services): Promise<ApiAnswer> {
  const seen = await mayLook(call, all);
  if ('refusal' in seen) return refusedWithoutAudit(seen.refusal);
  const { requests, since } = await requesterHistory(seen.request, all);
  return answerJson(200, { requests: requests.map(earlierView), since });
}

async function mayLook(
  call: Call,
  all: Services,
): Promise<{ readonly request: AccessRequest } | { readonly refusal: Refusal }> {
  const found = await concernedRequest(call, all);
  if (found !== undefined && seesAll(call.person, all.personas)) return { request: found.request };
  const requestId = requestIdIn(call);
  if (requestId === undefined) return { refusal: refusal('unknown-request') };
  // Checks the right to deny, because an approval may also be refused for reasons other than the approver's right.
  const vote = await evaluateVote(requestId, call.caller, { vote: 'deny' }, all);
  if (vote.done) return { request: vote.request };
  // A caller whom the request does not concern gets the answer of a request that does not exist.
  return { refusal: found === undefined ? refusal('unknown-request') : vote.refusal };
}

/** Only what helps to decide this request: no reason, no note, and no id of an earlier request. */
function earlierView(request: AccessRequest): RequesterHistoryView['requests'][number] {
  const { target, names, state, durationSeconds, requestedAt, endedAt, breakGlass, review } = request;
  return {
    target: targetView(target, names),
    state,
    duration: toIsoDuration(durationSeconds),
    requestedAt,
    endedAt: endedAt ?? null,
    breakGlass,
    review: review?.status ?? null,
  };
}
