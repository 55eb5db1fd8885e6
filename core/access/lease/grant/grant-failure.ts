import { cutReason } from '../../notify/repeated-events.ts';

/** What the workflow caught: an error's name, and its cause from Step Functions. Both empty: nothing was caught. */
export interface CaughtFailure {
  readonly error: string;
  readonly cause: string;
}

/**
 * A caught failure in one line, to be stored with the request. The cause of a function's failure is JSON and may be cut
 * short.
 *
 * @returns `undefined` when nothing was caught
 */
export function failureText({ error, cause }: CaughtFailure): string | undefined {
  if (error === '') return undefined;
  if (error === 'States.Timeout') return 'the function that gives access did not finish within a minute';
  const message = messageIn(cause);
  return cutReason(message === '' ? error : `${error}: ${message}`);
}

function messageIn(cause: string): string {
  const [, quoted] = /"errorMessage"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(cause) ?? [];
  if (quoted !== undefined) return String(JSON.parse(quoted));
  return cause.trimStart().startsWith('{') ? '' : cause.trim();
}

/** Why a grant can fail, as far as AWS's message tells; `docs/runbook.md` has a row for each. */
export type GrantFailureKind =
  | 'missing-policy'
  | 'suspended-account'
  | 'quota'
  | 'gone'
  | 'denied'
  | 'conflict'
  | 'slow'
  | 'other';

/**
 * AWS promises no wording, so these patterns only choose the advice that people read, and decide nothing. The first
 * match counts, because AWS often reports a missing policy within a 404.
 */
const KINDS: readonly (readonly [GrantFailureKind, RegExp])[] = [
  [
    'missing-policy',
    /polic(?:y|ies)\b.{0,200}(?:does not exist|do not exist|not found|not attachable|cannot be found)/is,
  ],
  ['suspended-account', /suspended|account (?:is )?closed|pending closure|manage your AWS account/i],
  ['quota', /quota|LimitExceeded|limit exceeded|maximum number/i],
  ['gone', /ResourceNotFoundException|not found in directory|\b404\b/i],
  ['denied', /AccessDenied|not authorized|explicit deny|UnauthorizedOperation/i],
  ['conflict', /Conflict/i],
  ['slow', /took too long|did not finish|timed? ?out|Throttl|TooManyRequests/i],
];

/** The frequent reason that a failure matches; `other` when it matches none. */
export function grantFailureKind(failure: string): GrantFailureKind {
  return KINDS.find(([, pattern]) => pattern.test(failure))?.[0] ?? 'other';
}
