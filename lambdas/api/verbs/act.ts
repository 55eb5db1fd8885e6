import { castVote, evaluateVote } from '../../../core/access/approval/cast-vote.ts';
import { type ActionOutcome, cancelRequest, endEarly } from '../../../core/access/lease/revoke/end-access.ts';
import type { IdentifiedPerson, ProvenCaller } from '../../../core/access/request/identity/identify.ts';
import { requestAccess } from '../../../core/access/request/request-access.ts';
import { type Refusal, refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { log } from '../../shared/log.ts';
import { requestIdFrom } from '../../shared/request-id.ts';
import { askSchema, emptySchema, endSchema, extendSchema, voteSchema } from '../document/schemas.ts';
import { type ApiAnswer, type ApiEvent, answerJson, headerOf } from '../http.ts';
import { readBody, readDuration, readTerms, wrongField } from '../input.ts';
import type { OperationId } from '../operations.ts';
import { callProblem, type RefusedWith, refusedWithAudit, refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import { requestDetail } from '../views.ts';
import { concernedRequest, requestIdIn } from './concerned.ts';
import { type Asked, isSameAsk } from './same-ask.ts';

/** A call whose caller is identified. */
export interface Call {
  readonly event: ApiEvent;
  readonly caller: ProvenCaller;
  readonly person: IdentifiedPerson;
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Set if an operator has locked a caller who is in a persona's group: the caller then is neither auditor nor
   * operator.
   */
  readonly lockedOut?: Refusal;
}

/** Asks for access. */
export async function ask(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, askSchema);
  if (!body.ok) return body.answer;
  const { startsAt } = body.value;
  // A repeated ask gets the first answer again, even if its start has passed meanwhile.
  const isAgain = startsAt !== undefined && (await askedBefore(call, all)) !== undefined;
  const terms = readTerms(body.value, all.now(), isAgain ? { mayBePast: true } : {});
  return terms.ok ? submitAsk(call, { ...body.value, ...terms.value }, all) : terms.answer;
}

/**
 * Asks for more time. The extension of a break-glass access needs no confirmation, because its first request had one;
 * if other access could only be extended by breaking the glass, it does.
 */
export async function extend(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, extendSchema);
  if (!body.ok) return body.answer;
  const duration = readDuration(body.value.duration);
  if (!duration.ok) return duration.answer;
  const found = await concernedRequest(call, all);
  if (found === undefined) return refusedWithAudit(refusal('unknown-request'));
  const { reason, ticket, confirmBreakGlass } = body.value;
  const input = { wanted: { extends: found.request.id }, durationSeconds: duration.value, reason, ticket };
  return submitAsk(call, { ...input, confirmBreakGlass: confirmBreakGlass || found.request.breakGlass }, all);
}

async function submitAsk(
  call: Call,
  asked: Asked & { readonly confirmBreakGlass: boolean },
  all: Services,
): Promise<ApiAnswer> {
  const key = keyOf(call);
  if (!isKey(key)) return wrongField('Idempotency-Key', 'must be 1 to 200 visible characters').answer;
  const { wanted, reason, ticket, durationSeconds, startsAt } = asked;
  const outcome = await requestAccess(
    {
      requestId: requestIdOf(call.caller, 'api', key),
      // If policies or directory cannot be read, the refused request gets another id, so that the same key can be used
      // to ask again.
      unreadRequestId: requestIdOf(call.caller, 'api-unread', call.event.requestContext.requestId),
      caller: call.caller,
      wanted,
      reason,
      ticket,
      confirmed: asked.confirmBreakGlass,
      origin: { kind: call.event.requestContext.claims === undefined ? 'cli' : 'console' },
      durationSeconds,
      startsAt,
      ask: asked.ask,
    },
    all,
  );
  log('request.asked', { requestId: outcome.request.id, outcome: outcome.outcome });
  switch (outcome.outcome) {
    case 'refused': {
      const { request, decision, first } = outcome;
      if (first !== undefined && !(await isSameAsk(first, asked, all, outcome.refusal))) return keyReused();
      return refusedAsk(request, outcome.refusal, { problems: decision?.problems, nearest: decision?.nearest });
    }
    case 'confirm':
    case 'incomplete':
      return callProblem(
        'break-glass-unconfirmed',
        'Nobody approves this: every approver is told, and it is reviewed afterwards. Ask again with confirmBreakGlass to have it.',
      );
    case 'duplicate':
      return answerDuplicate(outcome.request, asked, all);
    default:
      return answerJson(201, requestDetail(outcome.request));
  }
}

/**
 * The request that was asked for with this key, for a client that lost the answer. While that ask may still be running,
 * finding no request proves nothing.
 */
export async function findAsked(call: Call, all: Services): Promise<ApiAnswer> {
  const key = headerOf(call.event, 'idempotency-key') ?? '';
  if (!isKey(key)) return wrongField('Idempotency-Key', 'must be that of the ask').answer;
  const request = await askedBefore(call, all);
  if (request === undefined) return refusedWithoutAudit(refusal('unknown-request'));
  const found = await all.requests.getWithVotes(request.id);
  return answerJson(200, requestDetail(found?.request ?? request, found?.votes));
}

/** The request that was asked for with the key of this call. */
async function askedBefore(call: Call, all: Services): Promise<AccessRequest | undefined> {
  const key = keyOf(call);
  return isKey(key) ? all.requests.get(requestIdOf(call.caller, 'api', key)) : undefined;
}

/** The idempotency key of a call. Without the header it is API Gateway's request id, which no other call has. */
function keyOf({ event }: Call): string {
  return headerOf(event, 'idempotency-key') ?? event.requestContext.requestId;
}

/** Whether a text can be an idempotency key: 1 to 200 printable ASCII characters without spaces. */
export function isKey(key: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(key);
}

/** Answers a repeated key with what came of it the first time, unless this call asks for something else. */
async function answerDuplicate(request: AccessRequest, asked: Asked, all: Services): Promise<ApiAnswer> {
  if (!(await isSameAsk(request, asked, all))) return keyReused();
  return request.state === 'refused'
    ? refusedAsk(request, request.refusal ?? refusal('not-allowed'))
    : answerJson(200, requestDetail(request));
}

function keyReused(): ApiAnswer {
  return callProblem('idempotency-key-reused', 'Send another Idempotency-Key with what is asked for now.');
}

/**
 * Answers a refused ask, which is stored as a request. If it was for another person's access, the answer shows neither
 * the request nor details.
 */
function refusedAsk(request: AccessRequest, why: Refusal, more: Omit<RefusedWith, 'request'> = {}): ApiAnswer {
  return refusedWithoutAudit(why, why.reason === 'not-yours' ? {} : { request, ...more });
}

/** Approves or denies a request. */
export async function vote(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, voteSchema);
  if (!body.ok) return body.answer;
  const duration = readDuration(body.value.duration);
  if (!duration.ok) return duration.answer;
  const { vote: cast, note } = body.value;
  if (cast === 'deny' && note === undefined) return wrongField('note', 'say why, for the person who asked').answer;
  const input = {
    vote: cast,
    note,
    durationSeconds: duration.value,
  };
  return actOnRequest(
    'vote',
    call,
    (requestId) => castVote(requestId, call.caller, input, all),
    all,
    // An approver by today's policies may vote even if they have not been asked yet.
    async (requestId) => (await evaluateVote(requestId, call.caller, input, all)).done,
  );
}

/** Cancels a request. */
export async function cancel(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, emptySchema);
  if (!body.ok) return body.answer;
  return actOnRequest('cancel', call, (requestId) => cancelRequest(requestId, call.caller, all), all);
}

/** Ends access before its time. */
export async function end(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, endSchema);
  if (!body.ok) return body.answer;
  const { note, seen } = body.value;
  return actOnRequest('end', call, (requestId) => endEarly(requestId, call.caller, all, { note, seen }), all);
}

/** Carries out an action on the request in the path, if that concerns the caller. */
export async function actOnRequest(
  operation: OperationId,
  call: Call,
  carryOut: (requestId: string) => Promise<ActionOutcome>,
  all: Services,
  mayOtherwise: (requestId: string) => Promise<boolean> = async () => false,
): Promise<ApiAnswer> {
  const requestId = requestIdIn(call);
  const isTheirs =
    requestId !== undefined && ((await concernedRequest(call, all)) !== undefined || (await mayOtherwise(requestId)));
  // The same answer and the same audit event, whether the request does not exist or does not concern the caller.
  if (!isTheirs) return refusedWithAudit(refusal('unknown-request'));
  const outcome = await carryOut(requestId);
  if (outcome.done) {
    log('request.acted-on', { requestId: outcome.request.id, operation });
    const found = await all.requests.getWithVotes(outcome.request.id);
    return answerJson(200, requestDetail(found?.request ?? outcome.request, found?.votes));
  }
  return refusedWithAudit(outcome.refusal, { request: outcome.request });
}

/**
 * The id of the request that an ask makes: the same for the same key of the same person. Two people never share one,
 * even with the same key.
 */
function requestIdOf({ principalId }: ProvenCaller, kind: 'api' | 'api-unread', key: string): string {
  return requestIdFrom([kind, principalId, key]);
}
