import { GUARD_ROLE } from '../../../core/sessions/guard-policy.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import { guardPolicyArn } from './iam.ts';

/** A function's credentials belong to a role, and role chaining limits a session to one hour. */
const CHAINED_SESSION_SECONDS = 3600;

/**
 * STS for roles in the organization's accounts. The access key id contains the account id, so each call shows its
 * account.
 */
export function sts(world: World): Operations {
  return {
    GetCallerIdentity(_input: unknown, call: Call) {
      return {
        Account: call.accountId,
        Arn: call.callerArn,
        UserId: `AROASANDBOX:${call.callerArn.split('/').at(-1)}`,
      };
    },
    AssumeRole(input: { RoleArn: string; RoleSessionName: string; DurationSeconds?: string }, call: Call) {
      const [, accountId, roleName] = /^arn:aws:iam::(\d{12}):role\/(?:.+\/)?([\w+=,.@-]+)$/.exec(input.RoleArn) ?? [];
      if (accountId === undefined || roleName === undefined) throw invalid(`${input.RoleArn} is invalid`);
      if (!/^[\w+=,.@-]{2,64}$/.test(input.RoleSessionName))
        throw invalid("Value at 'roleSessionName' failed to satisfy constraint");
      const seconds = Number(input.DurationSeconds ?? CHAINED_SESSION_SECONDS);
      if (!Number.isInteger(seconds) || seconds < 900) throw invalid('DurationSeconds must be at least 900');
      if (seconds > CHAINED_SESSION_SECONDS)
        throw invalid(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        );
      const account = world.accounts.find(({ id }) => id === accountId);
      if (account === undefined || isMissing(world, accountId, roleName))
        throw new AwsError(
          'AccessDenied',
          `User: ${call.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
        );
      const serial = Object.keys(world.sessions).length.toString(36).toUpperCase().padStart(4, '0');
      const accessKeyId = `ASIA${accountId}${serial}`;
      const expiresAtMs = call.nowMs + seconds * 1000;
      world.sessions[accessKeyId] = {
        accountId,
        roleArn: input.RoleArn,
        sessionName: input.RoleSessionName,
        expiresAtMs,
      };
      return {
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: `sandbox-secret-of-${accessKeyId}`,
          SessionToken: `sandbox-session-of-${accessKeyId}`,
          Expiration: new Date(expiresAtMs).toISOString(),
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROASANDBOX:${input.RoleSessionName}`,
          Arn: sessionArn(accountId, roleName, input.RoleSessionName),
        },
      };
    },
  };
}

/**
 * Is the role missing in the account? The session guard's role is deployed with its policy, so it is missing where the
 * policy is. The other member role can be missing by itself.
 */
function isMissing({ rolesMissing, policies }: World, accountId: string, roleName: string): boolean {
  if (roleName !== GUARD_ROLE) return rolesMissing.has(accountId);
  return rolesMissing.has(`${accountId}/${roleName}`) || policies[guardPolicyArn(accountId)] === undefined;
}

/** The access key id of the app's functions. */
export const APP_KEY_ID = 'AKIASANDBOX';
/** The name of a function's role. The stack names the roles of the functions that change assignments like this. */
export function functionRole(functionName: string): string {
  return `glasshammer-${functionName}`;
}

const ADMINISTRATOR = ['AWSReservedSSO_AdministratorAccess_0123456789abcdef', 'administrator'] as const;

/**
 * The caller of a call: a session of AssumeRole; the role of one of the app's functions; with any other key, and for
 * `byConsole`, an administrator of the app's account.
 *
 * @param functionName the function that makes the call with the app's key
 */
export function identify(
  world: World,
  accessKeyId: string,
  nowMs: number,
  functionName = 'sandbox',
): { accountId: string; callerArn: string } {
  const session = world.sessions[accessKeyId];
  if (session === undefined) {
    if (/^ASIA\d{12}/.test(accessKeyId))
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    const [role, name] =
      accessKeyId === APP_KEY_ID ? ([functionRole(functionName), functionName] as const) : ADMINISTRATOR;
    return { accountId: world.homeAccountId, callerArn: sessionArn(world.homeAccountId, role, name) };
  }
  if (session.expiresAtMs <= nowMs)
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
  const roleName = session.roleArn.split('/').at(-1) ?? '';
  return { accountId: session.accountId, callerArn: sessionArn(session.accountId, roleName, session.sessionName) };
}

/** The error that STS has for a malformed call. */
function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}
