import { type Call, DENIED_IN_WORDS } from './call.ts';

/**
 * The sections of a report.
 * - `write`: changed something, or may have.
 * - `refused`: AWS did not allow it.
 * - `failed`: a write that AWS rejected for another reason, so nothing was changed.
 * - `read`: changed nothing.
 * - `sign-in`: began or ended a session and did nothing else.
 */
export const CALL_KINDS = ['write', 'refused', 'failed', 'read', 'sign-in'] as const;

export type CallKind = (typeof CALL_KINDS)[number];

/** The section a call belongs to. A call of unknown kind counts as a write, so that no change looks harmless. */
export function kindOf(call: Call): CallKind {
  if (call.errorCode !== '' && isRefusal(call)) return 'refused';
  if (call.action.startsWith('signin:') || call.action === 'sts:AssumeRoleWithSAML') return 'sign-in';
  if (call.readOnly ?? readsByName(call.action)) return 'read';
  return call.errorCode === '' ? 'write' : 'failed';
}

/**
 * Did AWS deny the call? Services spell the error differently: `AccessDenied`, `AccessDeniedException`,
 * `Client.UnauthorizedOperation` (EC2), `AuthorizationError` (SNS), `NotAuthorized`, `Forbidden`, `403`,
 * `OperationNotPermittedException`, `AllAccessDisabled` (S3), `InvalidAccess`, `ExpiredToken` and
 * `SignatureDoesNotMatch` (the caller could not be authenticated). Some services say it in the message.
 */
function isRefusal(call: Call): boolean {
  return (
    /Access_?Denied|Unauthori[sz]ed|NotAuthori[sz]ed|AuthorizationError|AuthorizationException|AuthFailure|Forbidden|NotPermitted|(?<!Method)NotAllowed|PermissionDenied|InsufficientPrivileges|InsufficientPermissions?|AllAccessDisabled|InvalidAccess|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|^403$|OptInRequired/i.test(
      call.errorCode,
    ) || DENIED_IN_WORDS.test(call.errorMessage)
  );
}

/** Only for records without `readOnly`: verbs that change nothing in any service. */
function readsByName(action: string): boolean {
  const name = action.slice(action.indexOf(':') + 1);
  return /^(Get|List|Describe|Head|Lookup|Search|BatchGet|Scan|Query|Select|Simulate)(?![a-z])/.test(name);
}
