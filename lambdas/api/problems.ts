import type { Refusal, RefusalReason } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { plainSentence } from '../shared/plain-sentence.ts';
import type { Problem } from './document/schemas.ts';
import { type ApiAnswer, answerJson } from './http.ts';
import { refusalView, requestView } from './views.ts';

/** Why a call failed other than by a refusal. */
export type CallProblem =
  | 'not-found'
  | 'malformed-body'
  | 'malformed-query'
  | 'body-too-large'
  | 'break-glass-unconfirmed'
  | 'idempotency-key-reused'
  | 'too-much'
  | 'failed';

const TITLES: Readonly<Record<CallProblem, { readonly status: number; readonly title: string }>> = {
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'malformed-body': { status: 400, title: 'The body cannot be worked with' },
  'malformed-query': { status: 400, title: 'The query cannot be worked with' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'break-glass-unconfirmed': { status: 409, title: 'This breaks the glass' },
  'idempotency-key-reused': { status: 409, title: 'The idempotency key was used for something else' },
  'too-much': { status: 422, title: 'It is too much for one answer' },
  failed: { status: 500, title: 'It failed' },
};

/** HTTP statuses of refusals; all others are 403. */
const STATUSES: Readonly<Partial<Record<RefusalReason, number>>> = {
  'unknown-request': 404,
  'unknown-account': 404,
  'unknown-permission-set': 404,
  'unknown-group': 404,
  'malformed-duration': 400,
  'unreadable-button': 400,
  'reason-required': 422,
  'ticket-required': 422,
  'too-long': 422,
  'already-voted': 409,
  'already-decided': 409,
  'unknown-proposal': 404,
  'policy-errors': 422,
  'too-many-policies': 422,
  'removes-policies': 422,
  'no-change': 409,
  'policies-changed': 409,
  'other-text': 409,
  'proposer-not-operator': 409,
  'proposal-expired': 409,
  'proposal-over': 409,
  'already-ended': 409,
  'access-changed': 409,
  'sessions-denied': 409,
  'already-waiting': 409,
  'request-expired': 409,
  'access-over': 409,
  'nothing-held': 409,
  'not-begun': 409,
  'already-reported': 409,
  'nothing-to-review': 409,
  'nothing-to-answer': 409,
  // A store that cannot be read now may be readable in a minute.
  'policy-unreadable': 503,
  'directory-unreadable': 503,
};

/** What an answer may tell along with a refusal. */
export interface RefusedWith {
  readonly request?: AccessRequest | undefined;
  /** All reasons for the refusal, if more than the gravest is known. */
  readonly problems?: readonly Refusal[] | undefined;
  /** The nearest thing that would be allowed. */
  readonly nearest?: string | undefined;
}

/** Answers with a refusal that `answerKnown` (`known-caller.ts`) writes to the audit. */
export function refusedWithAudit(refusal: Refusal, told: RefusedWith = {}): ApiAnswer {
  return { ...refusedWithoutAudit(refusal, told), refusal };
}

/**
 * Answers with a refusal as problem+json, without an audit event. For asks, which are stored as refused requests, and
 * for reads that find nothing the caller may see.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function refusedWithoutAudit(refusal: Refusal, told: RefusedWith = {}): ApiAnswer {
  return problem({
    reason: refusal.reason,
    status: STATUSES[refusal.reason] ?? 403,
    title: 'Refused',
    detail: plainSentence(refusal),
    refusal: refusalView(refusal),
    ...(told.problems === undefined ? {} : { problems: told.problems.map(refusalView) }),
    ...(told.nearest === undefined ? {} : { nearest: told.nearest }),
    ...(told.request === undefined ? {} : { request: requestView(told.request) }),
  });
}

/** Answers a call that is wrong in itself. @param detail one sentence that says what to do */
export function callProblem(
  reason: CallProblem,
  detail: string,
  more: Pick<Problem, 'fields' | 'request'> = {},
): ApiAnswer {
  return problem({ reason, ...TITLES[reason], detail, ...more });
}

function problem(content: Omit<Problem, 'type'>): ApiAnswer {
  const body: Problem = { type: `urn:glasshammer:problem:${content.reason}`, ...content };
  return answerJson(content.status, body, 'application/problem+json');
}
