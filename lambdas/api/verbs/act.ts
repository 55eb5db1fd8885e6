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
import { callProblem, type RefusedWith, refused, toldOnly } from '../problems.ts';
import type { Services } from '../services.ts';
import { requestDetail } from '../views.ts';
import { concernedRequest, requestIdIn } from './concerned.ts';
import { type Asked, isSameAsk } from './same-ask.ts';

/** One call by a person who is known. */
export interface Call {
  readonly event: ApiEvent;
  readonly caller: ProvenCaller;
  readonly person: IdentifiedPerson;
  readonly parameters: Readonly<Record<string, string>>;
  /** Why an operator has locked whoever would be an auditor or operator: they are neither. */
  readonly lockedOut?: Refusal;
}

/** Asks for access. */
export async function ask(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, askSchema);
  if (!body.ok) return body.answer;
  const { startsAt } = body.value;
  // What was asked for in time is told again, although its start has come meanwhile.
  const isAgain = startsAt !== undefined && (await askedBefore(call, all)) !== undefined;
  const terms = readTerms(body.value, all.now(), isAgain ? { mayBePast: true } : {});
  return terms.ok ? send(call, { ...body.value, ...terms.value }, all) : terms.answer;
}

/** Asks for more time. A broken glass that is extended has said already how audited it is; other access has not. */
export async function extend(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, extendSchema);
  if (!body.ok) return body.answer;
  const duration = readDuration(body.value.duration);
  if (!duration.ok) return duration.answer;
  const found = await concernedRequest(call, all);
  if (found === undefined) return refused(refusal('unknown-request'));
  const { reason, ticket, confirmBreakGlass } = body.value;
  const input = { wanted: { extends: found.request.id }, durationSeconds: duration.value, reason, ticket };
  return send(call, { ...input, confirmBreakGlass: confirmBreakGlass || found.request.breakGlass }, all);
}

async function send(
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
      // What could not be read is not what came of the key: the same key again is the ask once more.
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
 * What came of the ask that had this key, for whoever lost the answer to it. As long as the ask may still be on its way, that there is
 * none proves nothing.
 */
export async function findAsked(call: Call, all: Services): Promise<ApiAnswer> {
  const key = headerOf(call.event, 'idempotency-key') ?? '';
  if (!isKey(key)) return wrongField('Idempotency-Key', 'must be that of the ask').answer;
  const request = await askedBefore(call, all);
  if (request === undefined) return toldOnly(refusal('unknown-request'));
  const found = await all.requests.getWithVotes(request.id);
  return answerJson(200, requestDetail(found?.request ?? request, found?.votes));
}

/** The request that was made with the key of this call. */
async function askedBefore(call: Call, all: Services): Promise<AccessRequest | undefined> {
  const key = keyOf(call);
  return isKey(key) ? all.requests.get(requestIdOf(call.caller, 'api', key)) : undefined;
}

/** The key of an ask; one without is nobody's second try. */
function keyOf({ event }: Call): string {
  return headerOf(event, 'idempotency-key') ?? event.requestContext.requestId;
}

/** Is it fit for an idempotency key: up to 200 printable ASCII characters, without blanks? */
export function isKey(key: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(key);
}

/** The same key again: what came of it the first time, whatever that was; but a key is for one ask alone. */
async function answerDuplicate(request: AccessRequest, asked: Asked, all: Services): Promise<ApiAnswer> {
  if (!(await isSameAsk(request, asked, all))) return keyReused();
  return request.state === 'refused'
    ? refusedAsk(request, request.refusal ?? refusal('not-allowed'))
    : answerJson(200, requestDetail(request));
}

function keyReused(): ApiAnswer {
  return callProblem('idempotency-key-reused', 'Send another Idempotency-Key with what is asked for now.');
}

/** It is kept as a request. Whoever it is not of learns nothing of it. */
function refusedAsk(request: AccessRequest, why: Refusal, more: Omit<RefusedWith, 'request'> = {}): ApiAnswer {
  return toldOnly(why, why.reason === 'not-yours' ? {} : { request, ...more });
}

/** Approves or denies. */
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
  return conclude(
    'vote',
    call,
    (requestId) => castVote(requestId, call.caller, input, all),
    all,
    // Whoever may decide it by today's records has to do with it, although nobody has asked them yet.
    async (requestId) => (await evaluateVote(requestId, call.caller, input, all)).done,
  );
}

/** Takes back a request. */
export async function cancel(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, emptySchema);
  if (!body.ok) return body.answer;
  return conclude('cancel', call, (requestId) => cancelRequest(requestId, call.caller, all), all);
}

/** Ends access before its time. */
export async function end(call: Call, all: Services): Promise<ApiAnswer> {
  const body = readBody(call.event, endSchema);
  if (!body.ok) return body.answer;
  const { note, seen } = body.value;
  return conclude('end', call, (requestId) => endEarly(requestId, call.caller, all, { note, seen }), all);
}

/** Carries something out on the request of the path. */
export async function conclude(
  operation: OperationId,
  call: Call,
  carryOut: (requestId: string) => Promise<ActionOutcome>,
  all: Services,
  mayOtherwise: (requestId: string) => Promise<boolean> = async () => false,
): Promise<ApiAnswer> {
  const requestId = requestIdIn(call);
  const isTheirs =
    requestId !== undefined && ((await concernedRequest(call, all)) !== undefined || (await mayOtherwise(requestId)));
  // The same words and the same record, whether there is no such request or it does not concern the caller.
  if (!isTheirs) return refused(refusal('unknown-request'));
  const outcome = await carryOut(requestId);
  if (outcome.done) {
    log('request.acted-on', { requestId: outcome.request.id, operation });
    const found = await all.requests.getWithVotes(outcome.request.id);
    return answerJson(200, requestDetail(found?.request ?? outcome.request, found?.votes));
  }
  return refused(outcome.refusal, { request: outcome.request });
}

/** The id a person's ask has: equal for the same key, and nobody else's, whatever key they send. */
function requestIdOf({ principalId }: ProvenCaller, kind: 'api' | 'api-unread', key: string): string {
  return requestIdFrom([kind, principalId, key]);
}
