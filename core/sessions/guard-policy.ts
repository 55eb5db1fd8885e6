import { compareText } from '../model/text.ts';

/**
 * The text of `SessionGuard`, the customer managed policy that guarded permission sets have as their permissions
 * boundary. It allows everything, so that as a boundary it takes nothing away, and denies sessions that began before an
 * access ended. `SessionGuardAttached` has the same denials, for a permission set with a boundary of its own; it is
 * attached as one more policy. An attached policy grants what it allows, so this one never allows anything.
 *
 * `aws:TokenIssueTime` is what AWS's own "revoke active sessions" compares; `identitystore:UserId` is the key AWS
 * documents for denying one person's sessions of Identity Center.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */

/** The policy to set with `PutPermissionsBoundaryToPermissionSet`, as a `CustomerManagedPolicyReference`. */
export const GUARD_POLICY = { name: 'SessionGuard', path: '/glasshammer/' } as const;

/**
 * The policy of the attached form, for `AttachCustomerManagedPolicyReferenceToPermissionSet`. Only for sets opted in.
 */
export const ATTACHED_GUARD_POLICY = { name: 'SessionGuardAttached', path: '/glasshammer/' } as const;

/** How a permission set has the guard: as its permissions boundary, or attached to it beside a boundary of its own. */
export type GuardForm = 'boundary' | 'attached';

/** The policy of each form. */
export const GUARD_POLICIES = { boundary: GUARD_POLICY, attached: ATTACHED_GUARD_POLICY } as const;

/** The role beside them in each account. It may only read and write the versions of these policies. */
export const GUARD_ROLE = 'GlasshammerSessionGuard';

/** A customer managed policy, as a permission set refers to it; the path begins and ends with `/`. */
export interface GuardPolicyName {
  readonly name: string;
  readonly path: string;
}

/** The names of a deployment's guards, the same in every account. */
export interface GuardNames {
  readonly policies: Readonly<Record<GuardForm, GuardPolicyName>>;
  readonly role: string;
}

/**
 * The names of the guards of one deployment. IAM's names are unique in an account whatever their path, so each
 * deployment in an organization has its own names; the one with the default name has them without a prefix.
 *
 * @param prefix the prefix of all names of the deployment: its stack's name in lower case
 */
export function guardNames(prefix: string): GuardNames {
  if (prefix === 'glasshammer') return { policies: GUARD_POLICIES, role: GUARD_ROLE };
  const own = ({ name, path }: GuardPolicyName) => ({ name: `${prefix}-${name}`, path });
  return {
    policies: { boundary: own(GUARD_POLICY), attached: own(ATTACHED_GUARD_POLICY) },
    role: `${prefix}-SessionGuard`,
  };
}

/** One person's sessions of one permission set that are denied, although their credentials have not expired. */
export interface SessionCut {
  /** Identity Center user id. */
  readonly userId: string;
  readonly permissionSetName: string;
  /** ISO 8601, whole seconds: sessions that began before this are denied. */
  readonly issuedBefore: string;
  /** ISO 8601, whole seconds: all of these sessions have expired by then, so the entry can be removed. */
  readonly until: string;
}

/** The content of a guard policy. */
export interface GuardPolicy {
  readonly form: GuardForm;
  readonly cuts: readonly SessionCut[];
  /** Identity Center user ids all of whose sessions are denied, until an operator unlocks them. */
  readonly locked: readonly string[];
}

/** The policy the member stack is created with: it denies nobody. */
export const OPEN_GUARD: GuardPolicy = { form: 'boundary', cuts: [], locked: [] };

/** The same in the attached form. */
export const OPEN_ATTACHED_GUARD: GuardPolicy = { form: 'attached', cuts: [], locked: [] };

/**
 * IAM's limit for a managed policy is 6,144 characters, not counting white space.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const LONGEST_POLICY_CHARACTERS = 6144;

const ALLOW_ALL = { Sid: 'BoundaryTakesNothingAway', Effect: 'Allow', Action: '*', Resource: '*' };

/**
 * IAM rejects a policy without a statement. This one denies the user id `nobody`, which no user has: the ids of
 * Identity Center are GUIDs, with at most ten digits before them. `StringEquals` does not match a session without the
 * key, such as one not of Identity Center.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const DENY_NOBODY = {
  Sid: 'DeniesNobody',
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { StringEquals: { 'identitystore:UserId': 'nobody' } },
};

/** The statement that every policy of a form begins with. By itself it denies nobody. */
const NEUTRAL = { boundary: ALLOW_ALL, attached: DENY_NOBODY } as const;

const LOCKED_SID = 'Locked';

/** `Cut20260105T103100N0`: the time is when the entry can be removed, kept in the Sid because IAM stores no dates. */
const CUT_SID = /^Cut(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)N\d+$/;

/** The policy with one more cut. It is merged with an earlier cut of the same person and permission set. */
export function withCut(policy: GuardPolicy, cut: SessionCut): GuardPolicy {
  const same = (other: SessionCut) => other.userId === cut.userId && other.permissionSetName === cut.permissionSetName;
  const earlier = policy.cuts.find(same);
  const merged: SessionCut =
    earlier === undefined
      ? cut
      : {
          ...cut,
          issuedBefore: latest(earlier.issuedBefore, cut.issuedBefore),
          until: latest(earlier.until, cut.until),
        };
  return { ...policy, cuts: [...policy.cuts.filter((other) => !same(other)), merged] };
}

/**
 * The policy without the cuts whose sessions have all expired.
 *
 * @param now ISO 8601
 */
export function withoutExpired(policy: GuardPolicy, now: string): GuardPolicy {
  return { ...policy, cuts: policy.cuts.filter(({ until }) => until > now) };
}

/** The policy with a person locked or unlocked. */
export function withLock(policy: GuardPolicy, userId: string, locked: boolean): GuardPolicy {
  const others = policy.locked.filter((id) => id !== userId);
  return { ...policy, locked: locked ? [...others, userId].sort(compareText) : others };
}

/** The policy as IAM stores it, without white space. Equal for equal policies, in whatever order their entries are. */
export function guardDocument({ form, cuts, locked }: GuardPolicy): string {
  const ordered = [...cuts].sort((a, b) => compareText(keyOf(a), keyOf(b)));
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [NEUTRAL[form], ...ordered.map(cutStatement), ...(locked.length === 0 ? [] : [lockStatement(locked)])],
  });
}

/** Cuts leave this much room for locks, so that a full policy does not prevent an urgent lock. Characters. */
export const LOCK_ROOM_CHARACTERS = 400;

/** Does the policy fit into IAM's limit with this many characters to spare? */
export function fitsIam(policy: GuardPolicy, spare = 0): boolean {
  return guardDocument(policy).replace(/\s/g, '').length + spare <= LONGEST_POLICY_CHARACTERS;
}

/**
 * Parses a guard policy.
 *
 * @param document the policy's JSON, as IAM returns it, URL-decoded
 * @param form which of the two policies it was read from; the text of one in the other counts as edited
 * @returns `undefined` for a text that Glasshammer would not have written: it was edited by hand, and must not be
 * overwritten
 */
export function readGuardDocument(document: string, form: GuardForm = 'boundary'): GuardPolicy | undefined {
  const parsed = parse(document);
  const statements = statementsOf(parsed);
  const cuts: SessionCut[] = [];
  let locked: readonly string[] = [];
  for (const statement of statements) {
    const sid = String(statement.Sid ?? '');
    if (sid === NEUTRAL[form].Sid) continue;
    if (sid === LOCKED_SID) locked = textsAt(statement, 'StringEquals', 'identitystore:UserId');
    else {
      const cut = readCut(sid, statement);
      if (cut === undefined) return undefined;
      cuts.push(cut);
    }
  }
  const policy = { form, cuts, locked };
  // Writing the parsed policy again must give the same text. CloudFormation may order members differently, so order is
  // ignored.
  return canonical(JSON.parse(guardDocument(policy))) === canonical(parsed) ? policy : undefined;
}

/** Is every statement of the policy a denial, so that it grants nothing where it is attached? */
export function deniesOnly(document: string): boolean {
  const statements = statementsOf(parse(document));
  return statements.length > 0 && statements.every(({ Effect }) => Effect === 'Deny');
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function cutStatement({ userId, permissionSetName, issuedBefore, until }: SessionCut, index: number): object {
  return {
    Sid: `Cut${until.slice(0, 19).replace(/[-:]/g, '')}N${index}`,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'identitystore:UserId': userId },
      DateLessThan: { 'aws:TokenIssueTime': issuedBefore },
      // The end of one access must not cut the person's sessions of another permission set. Identity Center ends a
      // role's name with 16 characters of its own, so `Admin` does not match `Admin_Audit`.
      StringLike: { 'aws:PrincipalArn': `${ROLE_PREFIX}${permissionSetName}_${ROLE_HASH}` },
    },
  };
}

/**
 * Shorter than the full ARN and as narrow, as only sessions of Identity Center match the user id in the same condition.
 */
const ROLE_PREFIX = '*/AWSReservedSSO_';
const ROLE_HASH = '?'.repeat(16);

function readCut(sid: string, statement: Record<string, unknown>): SessionCut | undefined {
  const [, year, month, day, hour, minute, second] = CUT_SID.exec(sid) ?? [];
  const [userId] = textsAt(statement, 'StringEquals', 'identitystore:UserId');
  const [issuedBefore] = textsAt(statement, 'DateLessThan', 'aws:TokenIssueTime');
  const [role] = textsAt(statement, 'StringLike', 'aws:PrincipalArn');
  if (year === undefined || userId === undefined || issuedBefore === undefined || role === undefined) return undefined;
  return {
    userId,
    permissionSetName: role.slice(ROLE_PREFIX.length, -(ROLE_HASH.length + 1)),
    issuedBefore,
    until: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
  };
}

function lockStatement(userIds: readonly string[]): object {
  return {
    Sid: LOCKED_SID,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'identitystore:UserId': userIds } },
  };
}

function statementsOf(policy: unknown): readonly Record<string, unknown>[] {
  if (!isRecord(policy)) return [];
  return [policy.Statement].flat().filter(isRecord);
}

/** The values of one condition key, which IAM stores as a single value or a list. */
function textsAt(statement: Record<string, unknown>, operator: string, key: string): readonly string[] {
  const condition = isRecord(statement.Condition) ? statement.Condition[operator] : undefined;
  const values = isRecord(condition) ? [condition[key]].flat() : [];
  return values.filter((value): value is string => typeof value === 'string');
}

/** Equal for equal values, in whatever order their members are. */
function canonical(parsed: unknown): string {
  return JSON.stringify(parsed, (_key, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b))) : value,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf({ until, userId, permissionSetName }: SessionCut): string {
  return `${until} ${userId} ${permissionSetName}`;
}

function latest(one: string, other: string): string {
  return compareText(one, other) < 0 ? other : one;
}
