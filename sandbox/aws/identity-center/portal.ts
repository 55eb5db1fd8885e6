import { authorize, covers, type Statement } from '../access/authorize.ts';
import { policyInForce } from '../access/iam.ts';
import type { AssignmentKey, World } from '../world/world.ts';
import { roleKey } from '../world/world-changes.ts';
import { contentsOf, type PortalSession, referenceOf, referredArn } from './permission-set-roles.ts';

/** A role that a person may assume in the portal: one principal, one account, one permission set. */
export type PortalRole = Pick<AssignmentKey, 'principalId' | 'accountId' | 'permissionSetArn'>;

/** Identity Center gives a permission set's role a random suffix; the sandbox's is always this one. */
const ROLE_SUFFIX = '0123456789abcdef';

/**
 * Fetches credentials as a person does in the access portal. The person gets them if they have an assignment, directly
 * or through a group. The credentials last as long as the permission set says, even if the assignment is deleted.
 *
 * @returns `undefined` where the portal does not offer the role to the person
 */
export function fetchCredentials(world: World, role: PortalRole, nowMs: number): PortalSession | undefined {
  const { principalId, accountId, permissionSetArn } = role;
  const user = world.users.find(({ id }) => id === principalId);
  const set = world.permissionSets.find(({ arn }) => arn === permissionSetArn);
  const groups = world.memberships.filter(({ userId }) => userId === principalId).map(({ groupId }) => groupId);
  const offered = world.assignments.some(
    (held) =>
      roleKey(held) === roleKey(role) &&
      (held.principalType === 'USER' ? held.principalId === principalId : groups.includes(held.principalId)),
  );
  if (user?.status !== 'ENABLED' || set === undefined || !offered) return undefined;
  const serial = Object.keys(world.portalSessions).length.toString(36).toUpperCase().padStart(4, '0');
  // STS uses whole seconds.
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000;
  const session: PortalSession = {
    accessKeyId: `ASIAPORTAL${accountId}${serial}`,
    principalId,
    accountId,
    permissionSetArn,
    issuedAtMs,
    expiresAtMs: issuedAtMs + milliseconds(set.sessionDuration),
    role: world.provisioned[roleKey(role)] ?? contentsOf(set),
  };
  world.portalSessions[session.accessKeyId] = session;
  return session;
}

/** The outcome of a call with the portal's credentials. */
export interface Use {
  readonly allowed: boolean;
  /** The reason: for a denial in AWS's words, followed by the sandbox's explanation. */
  readonly why: string;
  /** The error code in CloudTrail; absent where the call was allowed. */
  readonly errorCode?: string;
}

/**
 * Makes a call with the portal's credentials. What the permission set's policies allow is not evaluated. What denies
 * the call is, as in IAM and by the current default versions: a deny in an attached customer managed policy, and the
 * role's permissions boundary.
 *
 * @param action such as `s3:ListAllMyBuckets`
 */
export function useCredentials(world: World, session: PortalSession, action: string, nowMs: number): Use {
  const began = `The session began at ${clockTime(session.issuedAtMs)}`;
  if (session.expiresAtMs <= nowMs)
    return {
      allowed: false,
      errorCode: 'ExpiredToken',
      why: `The security token included in the request is expired. ${began} and ran out at ${clockTime(session.expiresAtMs)}.`,
    };
  const { boundary, attached } = policiesOf(world, session);
  const call = [{ action, resources: ['*'], context: contextOf(world, session) }];
  const isDeniedBy = attached.find(({ document }) => authorize(call, statements(document, action))?.explicit === true);
  const denial = boundary === undefined ? undefined : authorize(call, statements(boundary.document, action));
  if (isDeniedBy === undefined && (denial === undefined || boundary === undefined))
    return {
      allowed: true,
      why: `${began}, and lives until ${clockTime(session.expiresAtMs)}: nothing denies it${boundary === undefined && attached.length === 0 ? ', and its role has no session guard' : ''}.`,
    };
  const because =
    isDeniedBy !== undefined
      ? `with an explicit deny in an identity-based policy: ${isDeniedBy.arn}`
      : denial?.explicit === true
        ? `with an explicit deny in a permissions boundary: ${boundary?.arn}`
        : `because no permissions boundary allows the ${action} action`;
  return {
    allowed: false,
    errorCode: 'AccessDenied',
    why: `User: ${sessionArn(world, session)} is not authorized to perform: ${action} ${because}. ${began}; the guard of the account denies this person's sessions begun before their access ended.`,
  };
}

/** The condition keys of a call by a session of Identity Center that the session guard uses. */
function contextOf(world: World, session: PortalSession): Record<string, string> {
  return {
    'identitystore:UserId': session.principalId,
    'aws:TokenIssueTime': new Date(session.issuedAtMs).toISOString(),
    'aws:PrincipalArn': portalRoleArn(world, session),
  };
}

interface InForce {
  readonly arn: string;
  readonly document: string;
}

/**
 * The policies of the session's role: as last provisioned, or, if the role was deleted, as they were when it was
 * assumed.
 */
function policiesOf(world: World, session: PortalSession): { boundary: InForce | undefined; attached: InForce[] } {
  const role = world.provisioned[roleKey(session)] ?? session.role;
  const inForce = (reference: { Name: string; Path?: string }): InForce[] => {
    const arn = referredArn(session.accountId, reference);
    const document = policyInForce(world, arn);
    return document === undefined ? [] : [{ arn, document }];
  };
  const reference = role.boundary?.CustomerManagedPolicyReference;
  return {
    boundary: reference === undefined ? undefined : inForce(reference)[0],
    attached: role.policies.flatMap((text) => inForce(referenceOf(text))),
  };
}

/** The statements of a policy document, of which only those about this action name it. */
function statements(document: string, action: string): Statement[] {
  const { Statement: list } = JSON.parse(document) as { Statement: RawStatement | RawStatement[] };
  // IAM ignores case in the names of actions.
  const isNamed = (patterns: string | string[]) =>
    [patterns].flat().some((pattern) => covers(pattern.toLowerCase(), action.toLowerCase()));
  return [list].flat().map(({ Sid: _, Effect, Action, NotAction, Resource, NotResource, Condition, ...unknown }) => {
    const [member] = Object.keys(unknown);
    if (member !== undefined) throw new Error(`the sandbox cannot judge the policy element ${member}`);
    return {
      actions: (NotAction === undefined ? isNamed(Action ?? []) : !isNamed(NotAction)) ? [action] : [],
      resources: [Resource ?? []].flat(),
      ...(NotResource === undefined ? {} : { notResources: [NotResource].flat() }),
      deny: Effect === 'Deny',
      ...(Condition === undefined ? {} : { conditions: Condition }),
    };
  });
}

interface RawStatement {
  Sid?: string;
  Effect: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: NonNullable<Statement['conditions']>;
}

export function portalRoleArn(world: World, { accountId, permissionSetArn }: PortalSession): string {
  return `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${world.region}/${roleName(world, permissionSetArn)}`;
}

export function roleName(world: World, permissionSetArn: string): string {
  const name = world.permissionSets.find(({ arn }) => arn === permissionSetArn)?.name ?? '';
  return `AWSReservedSSO_${name}_${ROLE_SUFFIX}`;
}

/** The name of the session: the person's user name. */
export function sessionName(world: World, { principalId }: Pick<PortalSession, 'principalId'>): string {
  return world.users.find(({ id }) => id === principalId)?.userName ?? principalId;
}

export function sessionArn(world: World, session: PortalSession): string {
  return `arn:aws:sts::${session.accountId}:assumed-role/${roleName(world, session.permissionSetArn)}/${sessionName(world, session)}`;
}

function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

/** Milliseconds of a session's hours and minutes. */
function milliseconds(duration: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}
