import { businessOf } from '../../../core/access/request/identity/own-business.ts';
import { answerReview, reviewAccess } from '../../../core/access/review/review-access.ts';
import { answerSchema, reviewSchema } from '../document/schemas.ts';
import type { ApiAnswer } from '../http.ts';
import { readBody, wrongField } from '../input.ts';
import type { Services } from '../services.ts';
import { actOnRequest, type Call } from './act.ts';
import { answerPage } from './look.ts';

/** Break-glass access that the person may review, as one of the approvers who were passed over. */
export async function listReviews(call: Call, all: Services): Promise<ApiAnswer> {
  const { reviews } = await businessOf(call.person.principalId, all);
  return answerPage(reviews, call);
}

/** Acknowledges a break-glass access, or asks a question about it. */
export async function review(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, reviewSchema);
  if (!body.ok) return body.answer;
  const { status, note } = body.value;
  if (status === 'questioned' && note === undefined)
    return wrongField('note', 'ask something, for the person to answer').answer;
  const given = { status, note };
  const services = { ...all, reviewerGroups: all.personas.operators };
  return actOnRequest('review', call, (requestId) => reviewAccess(requestId, call.caller, given, services), all);
}

/** Answers a reviewer's question. */
export async function answer(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, answerSchema);
  if (!body.ok) return body.answer;
  return actOnRequest('answer', call, (requestId) => answerReview(requestId, call.caller, body.value.answer, all), all);
}
