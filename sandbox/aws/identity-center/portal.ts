import { authorize, type Statement } from '../access/authorize.ts';
import { policyInForce } from '../access/iam.ts';
import type { AssignmentKey, World } from '../world/world.ts';
import { roleKey } from '../world/world-changes.ts';
import type { PortalSession } from './permission-set-roles.ts';

/** Whose credentials for what: one person, one account, one permission set. */
export type PortalRole = Pick<AssignmentKey, 'principalId' | 'accountId' | 'permissionSetArn'>;

/** The role Identity Center makes for a permission set has a suffix nobody can guess; the sandbox's is this. */
const ROLE_SUFFIX = '0123456789abcdef';

/**
 * Fetches credentials as a person does in the access portal. Who is assigned, by themselves or by a group, gets some; they live as
 * long as the permission set says, whatever becomes of the assignment.
 *
 * @returns `undefined` where the portal does not offer this to the person
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
  // STS counts in whole seconds.
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000;
  const session: PortalSession = {
    accessKeyId: `ASIAPORTAL${accountId}${serial}`,
    principalId,
    accountId,
    permissionSetArn,
    issuedAtMs,
    expiresAtMs: issuedAtMs + milliseconds(set.sessionDuration),
    boundary: world.provisioned[roleKey(role)] ?? null,
  };
  world.portalSessions[session.accessKeyId] = session;
  return session;
}

/** What became of one call with credentials of the portal. */
export interface Use {
  readonly allowed: boolean;
  /** Why, in the words of AWS where it was refused, and in ours. */
  readonly why: string;
  /** As it stands in CloudTrail; absent where it was allowed. */
  readonly errorCode?: string;
}

/**
 * Makes a call with credentials of the portal. What the policies of the permission set allow is not evaluated here: the boundary of
 * its role is, as IAM does, by the version that is in force now.
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
  const boundary = boundaryOf(world, session);
  const denial =
    boundary === undefined
      ? undefined
      : authorize(
          [{ action, resources: ['*'], context: contextOf(world, session) }],
          statements(boundary.document, action),
        );
  if (denial === undefined || boundary === undefined)
    return {
      allowed: true,
      why: `${began}, and lives until ${clockTime(session.expiresAtMs)}: nothing denies it${boundary === undefined ? ', and its role has no session guard' : ''}.`,
    };
  const because = denial.explicit
    ? `with an explicit deny in a permissions boundary: ${boundary.arn}`
    : `because no permissions boundary allows the ${action} action`;
  return {
    allowed: false,
    errorCode: 'AccessDenied',
    why: `User: ${sessionArn(world, session)} is not authorized to perform: ${action} ${because}. ${began}; the guard of the account denies this person's sessions begun before their access ended.`,
  };
}

/** What IAM knows of a call of a session of Identity Center, as far as the guard asks. */
function contextOf(world: World, session: PortalSession): Record<string, string> {
  return {
    'identitystore:UserId': session.principalId,
    'aws:TokenIssueTime': new Date(session.issuedAtMs).toISOString(),
    'aws:PrincipalArn': portalRoleArn(world, session),
  };
}

/** A role that is gone keeps what it had; one that is there has what it was provisioned with last. */
function boundaryOf(world: World, session: PortalSession): { arn: string; document: string } | undefined {
  const { CustomerManagedPolicyReference: reference } = world.provisioned[roleKey(session)] ?? session.boundary ?? {};
  if (reference === undefined) return undefined;
  const arn = `arn:aws:iam::${session.accountId}:policy${reference.Path ?? '/'}${reference.Name}`;
  const document = policyInForce(world, arn);
  return document === undefined ? undefined : { arn, document };
}

function statements(document: string, action: string): Statement[] {
  const { Statement: list } = JSON.parse(document) as { Statement: RawStatement[] };
  return list.map(({ Effect, Action, Resource, Condition }) => ({
    // A star is any action; the emulated boundary needs no finer patterns.
    actions: [Action].flat().map((pattern) => (pattern === '*' ? action : pattern)),
    resources: [Resource].flat(),
    deny: Effect === 'Deny',
    ...(Condition === undefined ? {} : { conditions: Condition }),
  }));
}

interface RawStatement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: NonNullable<Statement['conditions']>;
}

export function portalRoleArn(world: World, { accountId, permissionSetArn }: PortalSession): string {
  return `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${world.region}/${roleName(world, permissionSetArn)}`;
}

export function roleName(world: World, permissionSetArn: string): string {
  const name = world.permissionSets.find(({ arn }) => arn === permissionSetArn)?.name ?? '';
  return `AWSReservedSSO_${name}_${ROLE_SUFFIX}`;
}

/** The name of the session is the name the person signs in with. */
export function sessionName(world: World, { principalId }: Pick<PortalSession, 'principalId'>): string {
  return world.users.find(({ id }) => id === principalId)?.userName ?? principalId;
}

export function sessionArn(world: World, session: PortalSession): string {
  return `arn:aws:sts::${session.accountId}:assumed-role/${roleName(world, session.permissionSetArn)}/${sessionName(world, session)}`;
}

function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

/** Milliseconds of the hours and minutes of a session. */
function milliseconds(duration: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}
