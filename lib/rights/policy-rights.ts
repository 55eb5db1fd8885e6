import { POLICY_PREFIX } from '../../core/model/stored-ids.ts';
import type { Right } from './rights.ts';

/**
 * Write policies, and no other record of the access table: principal records and access records are written by people
 * only.
 */
export function writePolicies(table: string): Right {
  return {
    actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
    resources: [table],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${POLICY_PREFIX}*`] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  };
}

/**
 * Reads all users, groups, permission sets and accounts, to check policies.
 *
 * @param ofStore makes the actions and resources for kinds of items in the identity store
 */
export function readEverything(
  instanceArn: string,
  ofStore: (kinds: readonly string[], ...verbs: readonly string[]) => Pick<Right, 'actions' | 'resources'>,
  listAccounts: Right,
): readonly Right[] {
  return [
    {
      ...ofStore(['user', 'group', 'membership'], 'ListGroupMemberships', 'ListGroups', 'ListUsers'),
      wildcard: 'Reads only. Policies may name anybody and any group, and are checked as a whole.',
    },
    {
      actions: ['sso:DescribePermissionSet', 'sso:ListPermissionSets'],
      resources: [instanceArn, `${instanceArn.replace(':instance/', ':permissionSet/')}/*`],
      wildcard: 'Reads only, of this instance. Policies may name any permission set, and are checked as a whole.',
    },
    listAccounts,
  ];
}
