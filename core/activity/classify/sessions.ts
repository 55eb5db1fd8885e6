import { ACCOUNT_ID } from '../../model/target.ts';
import { type Call, field, roleSessionOf, wholeSeconds } from './call.ts';

/**
 * Credentials that a call gave its caller, beside the permission set's own session: a session as another role or user,
 * a session in the console, or an access key that does not expire.
 */
export interface ChainedRole {
  readonly at: string;
  /** ARN of the role or user, or its name where CloudTrail does not give the ARN. */
  readonly role: string;
  readonly accountId: string;
  /** Empty when CloudTrail does not say, as for a switch of role in the console. */
  readonly accessKeyId: string;
  /** ARN of the session, if its calls carry access keys that no earlier record names. */
  readonly session?: string;
  /** ISO 8601; when its credentials expire, if CloudTrail says. */
  readonly until?: string;
  /** The role or user it was begun from; absent for the permission set's own role. */
  readonly from?: string;
  /** It does not expire: an access key of an IAM user. */
  readonly lasts?: true;
}

/**
 * The session or key that a successful call gave its caller; `undefined` for most calls. The console switches roles by
 * an `AssumeRole` that AWS makes itself. Later calls do not carry the key in its response, so that session is followed
 * by its ARN.
 */
export function sessionBegunBy(call: Call): ChainedRole | undefined {
  if (call.errorCode !== '') return undefined;
  switch (call.action) {
    case 'sts:AssumeRole':
    case 'sts:AssumeRoot':
      return assumed(call);
    case 'sts:GetFederationToken':
      return held(call, String(field(field(call.response, 'federatedUser'), 'arn')));
    case 'sts:GetSessionToken':
      return held(call, call.identity.arn);
    case 'iam:CreateAccessKey':
      return createdKey(call);
    // Both open the caller's session in the console, whose calls carry access keys of its own.
    case 'signin:GetSigninToken':
    case 'signin:SwitchRole':
      return {
        at: call.at,
        role: call.identity.arn,
        accountId: call.identity.arn.split(':')[4] ?? '',
        accessKeyId: '',
        session: call.identity.arn,
      };
    default:
      return undefined;
  }
}

function assumed(call: Call): ChainedRole {
  const arn = String(field(field(call.response, 'assumedRoleUser'), 'arn'));
  const role = String(
    field(call.request, 'roleArn') || field(call.request, 'targetPrincipal') || roleSessionOf(arn).roleName,
  );
  const key = keyIn(call);
  const byConsole = call.address === 'AWS Internal' || call.userAgent === 'AWS Internal';
  return {
    at: call.at,
    role,
    accountId: arn.split(':')[4] || role.split(':')[4] || (ACCOUNT_ID.test(role) ? role : ''),
    accessKeyId: byConsole && arn !== '' ? '' : key,
    ...(arn !== '' && (byConsole || key === '') ? { session: arn } : {}),
    ...untilOf(call),
  };
}

function held(call: Call, arn: string): ChainedRole {
  return {
    at: call.at,
    role: arn,
    accountId: arn.split(':')[4] || call.identity.accountId,
    accessKeyId: keyIn(call),
    ...untilOf(call),
  };
}

function createdKey(call: Call): ChainedRole {
  const key = field(call.response, 'accessKey');
  const user = String(field(key, 'userName') || field(call.request, 'userName') || 'unknown');
  const accountId = call.identity.accountId;
  return {
    at: call.at,
    role: `arn:aws:iam::${accountId}:user/${user}`,
    accountId,
    accessKeyId: String(field(key, 'accessKeyId')),
    lasts: true,
  };
}

function keyIn(call: Call): string {
  return String(field(field(call.response, 'credentials'), 'accessKeyId'));
}

/** CloudTrail writes it as `Jan 5, 2026, 10:30:00 AM` or `Sep 17, 2020 8:04:10 PM`, in UTC. */
function untilOf(call: Call): { readonly until?: string } {
  const expiration = String(field(field(call.response, 'credentials'), 'expiration'));
  const until = /[AP]M$/.test(expiration) ? wholeSeconds(`${expiration} UTC`) : wholeSeconds(expiration);
  return until === '' ? {} : { until };
}
