import type { Call } from './call.ts';

/**
 * The sections of a report.
 * - `write`: changed something, or may have.
 * - `refused`: AWS did not allow it.
 * - `failed`: a write that AWS rejected for another reason, so nothing was changed.
 * - `read`: changed nothing.
 * - `sign-in`: began or ended a session; nothing was done by it.
 */
export const CALL_KINDS = ['write', 'refused', 'failed', 'read', 'sign-in'] as const;

export type CallKind = (typeof CALL_KINDS)[number];

/** The section a call belongs to. What cannot be told is a write: a report may not make a change look harmless. */
export function kindOf(call: Call): CallKind {
  if (call.errorCode !== '' && isRefusal(call.errorCode)) return 'refused';
  if (call.action.startsWith('signin:') || call.action === 'sts:AssumeRoleWithSAML') return 'sign-in';
  if (call.readOnly ?? readsByName(call.action)) return 'read';
  return call.errorCode === '' ? 'write' : 'failed';
}

/**
 * Did AWS answer "you may not"? Services spell it differently: `AccessDenied`, `AccessDeniedException`,
 * `Client.UnauthorizedOperation` (EC2), `AuthorizationError` (SNS), `NotAuthorized`, `Forbidden`,
 * `OperationNotPermittedException`, `AllAccessDisabled` (S3).
 */
function isRefusal(errorCode: string): boolean {
  return /AccessDenied|Unauthori[sz]ed|NotAuthori[sz]ed|AuthorizationError|AuthorizationException|Forbidden|NotPermitted|AllAccessDisabled/i.test(
    errorCode,
  );
}

/** Only for records without `readOnly`: verbs that change nothing in any service. */
function readsByName(action: string): boolean {
  const name = action.slice(action.indexOf(':') + 1);
  return /^(Get|List|Describe|Head|Lookup|Search|BatchGet|Scan|Query|Select|Simulate)(?![a-z])/.test(name);
}
