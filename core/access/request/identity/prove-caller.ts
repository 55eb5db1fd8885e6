import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { ProvenCaller } from './identify.ts';

/**
 * What API Gateway reports of a signed call: the path, and the caller whose signature AWS has verified. A missing value
 * proves nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export interface SignedCall {
  /**
   * The user id in the path. The API's resource policy admits only that user's sessions. Absent: a path without a user.
   */
  readonly pathUserId?: string | undefined;
  /** `requestContext.identity.accountId` */
  readonly accountId?: string | null | undefined;
  /** `requestContext.identity.userArn`: for a role session STS's ARN, which leaves out the role's path. */
  readonly callerArn?: string | null | undefined;
  /** `requestContext.identity.caller`: `<id of the role>:<name of the session>` */
  readonly callerId?: string | null | undefined;
  /** `requestContext.identity.principalOrgId` */
  readonly organizationId?: string | null | undefined;
}

/** Which sessions the API accepts. */
export interface Door {
  readonly organizationId: string;
  /** Accounts whose sessions are accepted; `*` is every account of the organization. */
  readonly accounts: readonly string[];
}

export type Proof =
  | { readonly proven: true; readonly caller: ProvenCaller }
  | { readonly proven: false; readonly refusal: Refusal };

/**
 * A session of a role that Identity Center made for a permission set: the set's name and sixteen hexadecimal digits.
 */
const SESSION =
  /^arn:aws(?:-[a-z]+)*:sts::(\d{12}):assumed-role\/AWSReservedSSO_[\w+=,.@-]{1,32}_[0-9a-f]{16}\/([\w+=,.@-]{2,64})$/;

/** An Identity Center user's id: a GUID, in older directories behind ten hexadecimal digits; in the sandbox, a name. */
const USER_ID = /^[A-Za-z0-9-]{1,47}$/;

/**
 * Compares what AWS reports of a call, and accepts the user in the path as the caller only if all of it agrees.
 *
 * The proof has two halves, and neither is enough alone. The API's resource policy (`doorPolicy` in
 * `lib/rights/door-policy.ts`) admits only roles below `aws-reserved/sso.amazonaws.com`, where only Identity Center can
 * create roles, and only the path of the session's user. This function checks the role's name, the account, the
 * organization and the session name again, and `identifyPerson` compares the session name with the directory. So even
 * if the policy is loosened by mistake, a call must name the user of its own session.
 */
export function proveCaller(call: SignedCall, door: Door): Proof {
  const { pathUserId, accountId, callerArn, callerId, organizationId } = call;
  const unproven = (why: string): Proof => ({ proven: false, refusal: refusal('caller-unproven', why) });

  if (!organizationId || organizationId !== door.organizationId)
    return unproven('the call does not come from an account of the organization');
  const [, sessionAccount, sessionName] = SESSION.exec(callerArn ?? '') ?? [];
  if (sessionAccount === undefined || sessionName === undefined)
    return unproven('the call does not come with a session of Identity Center');
  if (sessionAccount !== accountId) return unproven('the account and the session do not agree');
  if (!door.accounts.includes('*') && !door.accounts.includes(sessionAccount))
    return unproven('calls are not taken from this account');
  // The session name occurs twice in a call, in `userArn` and in `caller`; both must agree.
  if (!/^AROA[A-Z0-9]+$/.test(beforeColon(callerId)) || afterColon(callerId) !== sessionName)
    return unproven('the session and the caller do not agree');
  if (pathUserId === undefined || !USER_ID.test(pathUserId)) return unproven('the path names no user');
  return { proven: true, caller: { principalId: pathUserId, userName: sessionName } };
}

/**
 * The caller's sign-in name, for `whoami`, which tells callers the user id their paths need. It does not prove that id:
 * the answer holds only facts about the caller, and no action follows from it.
 */
export function signInNameOf(call: SignedCall, door: Door): Proof {
  return proveCaller({ ...call, pathUserId: 'unknown' }, door);
}

function beforeColon(text: string | null | undefined): string {
  return (text ?? '').split(':')[0] ?? '';
}

function afterColon(text: string | null | undefined): string {
  return (text ?? '').split(':').slice(1).join(':');
}
