import { assignmentId, ITEM_PREFIXES, membershipId } from './stored-ids.ts';

/** The form of an AWS account id. */
export const ACCOUNT_ID = /^\d{12}$/;

/**
 * The names that AWS allows for a permission set.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
 */
export const PERMISSION_SET_NAME = /^[\w+=,.@-]{1,32}$/;

/** A target that is a permission set in an account. */
export interface AssignmentTarget {
  readonly accountId: string;
  readonly permissionSetArn: string;
}

/** A target that is membership in an Identity Center group, for the time of the lease. */
export interface GroupTarget {
  readonly groupId: string;
}

export type Target = AssignmentTarget | GroupTarget;

/** True when the target is membership in a group. */
export function isGroupTarget(target: Target): target is GroupTarget {
  return 'groupId' in target;
}

/** One principal having one target in Identity Center, now or in the near future. A lease is a claim on it. */
export interface Assignment {
  readonly principalId: string;
  readonly target: Target;
}

/** One assignment as the ids of its parts, for the audit; without names. */
export function assignmentIds({ principalId, target }: Assignment): string {
  return `${principalId} ${isGroupTarget(target) ? target.groupId : `${target.accountId} ${target.permissionSetArn}`}`;
}

/** Is this a complete key of leases? An item that was written by hand may have an incomplete one. */
export function isAssignmentKey(key: string): boolean {
  const [kind, ...parts] = key.split('#');
  if (parts.includes('')) return false;
  return (
    (`${kind}#` === ITEM_PREFIXES.assignment && parts.length >= 3) ||
    (`${kind}#` === ITEM_PREFIXES.membership && parts.length >= 2)
  );
}

/** The assignment whose leases are stored under a key. @throws TypeError where the text is no such key */
export function assignmentOfKey(key: string): Assignment {
  const [kind, principalId = '', first = '', ...rest] = key.split('#');
  if (`${kind}#` === ITEM_PREFIXES.membership) return { principalId, target: { groupId: [first, ...rest].join('#') } };
  if (`${kind}#` !== ITEM_PREFIXES.assignment) throw new TypeError('no key of leases');
  return { principalId, target: { accountId: first, permissionSetArn: rest.join('#') } };
}

/**
 * The key under which the leases of one assignment are kept; equal for equal assignments.
 *
 * @returns `assignment#<principal>#<account>#<permission set ARN>` or `membership#<principal>#<group>`
 */
export function assignmentKey({ principalId, target }: Assignment): string {
  return isGroupTarget(target)
    ? membershipId(principalId, target.groupId)
    : assignmentId(principalId, target.accountId, target.permissionSetArn);
}
