import { assignmentId, ITEM_PREFIXES, membershipId } from './stored-ids.ts';

/** What an AWS account id is. */
export const ACCOUNT_ID = /^\d{12}$/;

/**
 * What a permission set may be called.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
 */
export const PERMISSION_SET_NAME = /^[\w+=,.@-]{1,32}$/;

/** What is asked for: a permission set in an account, or membership in an Identity Center group. */
export interface AssignmentTarget {
  readonly accountId: string;
  readonly permissionSetArn: string;
}

/** Membership in a group, for the time of the lease. */
export interface GroupTarget {
  readonly groupId: string;
}

export type Target = AssignmentTarget | GroupTarget;

/** True when the target is membership in a group. */
export function isGroupTarget(target: Target): target is GroupTarget {
  return 'groupId' in target;
}

/** What Identity Center holds, or should hold, for one principal: the thing a lease is a claim on. */
export interface Assignment {
  readonly principalId: string;
  readonly target: Target;
}

/** One assignment in the ids of its parts, for the audit: no names in it. */
export function assignmentIds({ principalId, target }: Assignment): string {
  return `${principalId} ${isGroupTarget(target) ? target.groupId : `${target.accountId} ${target.permissionSetArn}`}`;
}

/** Is it a key that leases are kept under, with every part there? Whoever writes by hand writes others. */
export function isAssignmentKey(key: string): boolean {
  const [kind, ...parts] = key.split('#');
  if (parts.includes('')) return false;
  return (
    (`${kind}#` === ITEM_PREFIXES.assignment && parts.length >= 3) ||
    (`${kind}#` === ITEM_PREFIXES.membership && parts.length >= 2)
  );
}

/** The assignment whose leases are kept under a key. @throws TypeError for what is no such key */
export function assignmentOfKey(key: string): Assignment {
  const [kind, principalId = '', first = '', ...rest] = key.split('#');
  if (`${kind}#` === ITEM_PREFIXES.membership) return { principalId, target: { groupId: [first, ...rest].join('#') } };
  if (`${kind}#` !== ITEM_PREFIXES.assignment) throw new TypeError('no key of leases');
  return { principalId, target: { accountId: first, permissionSetArn: rest.join('#') } };
}

/**
 * The key under which the leases of one assignment are kept.
 *
 * @returns `assignment#<principal>#<account>#<permission set ARN>` or `membership#<principal>#<group>`; equal for equal assignments.
 */
export function assignmentKey({ principalId, target }: Assignment): string {
  return isGroupTarget(target)
    ? membershipId(principalId, target.groupId)
    : assignmentId(principalId, target.accountId, target.permissionSetArn);
}
