import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { ProvenCaller } from './identify.ts';

/**
 * What API Gateway says of a signed call: the path that was called, and whose signature AWS has verified. Whatever is missing proves
 * nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export interface SignedCall {
  /** The user id in the path, which the door's policy lets through for this very user alone; absent where nobody's path is called. */
  readonly pathUserId?: string | undefined;
  /** `requestContext.identity.accountId` */
  readonly accountId?: string | null | undefined;
  /** `requestContext.identity.userArn`: of a session of a role, STS's ARN, which leaves out the path of the role. */
  readonly callerArn?: string | null | undefined;
  /** `requestContext.identity.caller`: `<id of the role>:<name of the session>` */
  readonly callerId?: string | null | undefined;
  /** `requestContext.identity.principalOrgId` */
  readonly organizationId?: string | null | undefined;
}

/** Who may come in at all. */
export interface Door {
  readonly organizationId: string;
  /** Accounts whose sessions are taken; `*` is every account of the organization. */
  readonly accounts: readonly string[];
}

export type Proof =
  | { readonly proven: true; readonly caller: ProvenCaller }
  | { readonly proven: false; readonly refusal: Refusal };

/** A session of the role Identity Center makes for a permission set: the name of the set, and sixteen hexadecimal digits. */
const SESSION =
  /^arn:aws(?:-[a-z]+)*:sts::(\d{12}):assumed-role\/AWSReservedSSO_[\w+=,.@-]{1,32}_[0-9a-f]{16}\/([\w+=,.@-]{2,64})$/;

/** An Identity Center user's id: a GUID, behind ten hexadecimal digits in older directories; the sandbox has names in their place. */
const USER_ID = /^[A-Za-z0-9-]{1,47}$/;

/**
 * Holds against each other what AWS says of a call, and takes the user of the path for its caller only where all of it agrees.
 *
 * Two things make the proof, and neither is enough. The door's policy (`DOOR_POLICY` in `api-door.ts`) admits only roles below
 * `aws-reserved/sso.amazonaws.com`, which nobody but Identity Center can make, and only the path of the user that the session
 * carries. Here the name of the role, the account, the organization and the name of the session are held against it once more, and
 * `identifyPerson` holds that name against the directory: should a policy be loosened by mistake, a call has still to name the user
 * whose session it comes with.
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
  // The same name in two places of one call: by the session, and beside the id of the role.
  if (!/^AROA[A-Z0-9]+$/.test(beforeColon(callerId)) || afterColon(callerId) !== sessionName)
    return unproven('the session and the caller do not agree');
  if (pathUserId === undefined || !USER_ID.test(pathUserId)) return unproven('the path names no user');
  return { proven: true, caller: { principalId: pathUserId, userName: sessionName } };
}

/**
 * The name a caller signs in with, for telling them the id their path has. It proves nothing: whatever is told is theirs to know, and
 * nothing is done by it.
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
