import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { identityStore, instanceKey } from './instance-key-rights.ts';
import { MAKE_ROLES, managementAccountRoles, REMOVE_ROLES } from './management-account-rights.ts';
import { notGivenIn } from './not-given-in.ts';
import { readEverything } from './policy-rights.ts';
import type { Right } from './rights.ts';

/**
 * The functions' rights on Identity Center and Organizations, by what they do. A list is empty where nothing is
 * allowed.
 */
export interface IdentityCenterRights {
  /** Make assignments. Only for grant-access. */
  readonly give: readonly Right[];
  /** Remove assignments. Only for revoke-access and sweep-access. */
  readonly revokeNow: readonly Right[];
  /** See the result of a creation. */
  readonly followCreation: readonly Right[];
  /** See the result of a removal, and whether the assignment is still there. */
  readonly followRemoval: readonly Right[];
  /** See whether a user has an assignment or is in a group. Changes nothing. */
  readonly seeAssignments: readonly Right[];
  /** See who is assigned the targets that can be given. Changes nothing. */
  readonly seeAssignees: readonly Right[];
  /**
   * See what is provisioned, and who is assigned or in a group, with the names of users, groups and accounts. Changes
   * nothing.
   */
  readonly watch: readonly Right[];
  /** See a permission set's boundary, and whether an account has the set's newest version. Changes nothing. */
  readonly seeBoundaries: readonly Right[];
  /** Read one permission set's name, description and session duration. */
  readonly describeSets: readonly Right[];
  /** Read the policies of permission sets, and the documents of AWS managed policies. Changes nothing. */
  readonly readSets: readonly Right[];
  /** Read one user, to write to them. */
  readonly readUser: readonly Right[];
  /** Read users, groups and memberships. Changes nothing. */
  readonly readDirectory: readonly Right[];
  /** See whether a user or a group with a name or id exists. */
  readonly findPeople: readonly Right[];
  /** Read an account's organizational units and tags. */
  readonly placeAccounts: readonly Right[];
  /** Read one account's name and state. */
  readonly nameAccounts: readonly Right[];
  /** Read all users, groups, permission sets and accounts, to check policies. Changes nothing. */
  readonly readEverything: readonly Right[];
  /** Read one account's name and state, and list all accounts. For the functions that people call. */
  readonly findAccounts: readonly Right[];
}

/** The settings that decide about these rights. */
export type RightsConfig = Pick<
  CheckedConfig,
  | 'env'
  | 'instanceArn'
  | 'identityStoreId'
  | 'organization'
  | 'accounts'
  | 'includeOwnAccount'
  | 'permissionSets'
  | 'groups'
  | 'retired'
  | 'kmsKeyArn'
>;

/**
 * Limits the rights to the configured accounts, permission sets and groups. Retired ones can be taken back and read,
 * but not given.
 */
export function identityCenterRights(config: RightsConfig): IdentityCenterRights {
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const { managementAccountId, includeManagementAccount } = config.organization;
  const revokesInManagementAccount = includeManagementAccount || config.retired.accounts.includes(managementAccountId);
  const excluded = notGivenIn(config);
  const givable = assignable(config, partition, false);
  const revocable = assignable(config, partition, true);
  const store = identityStore(config, partition);
  const key = instanceKey(config, partition);
  const ofStore = (kinds: readonly string[], ...verbs: readonly string[]) => ({
    actions: verbs.map((verb) => `identitystore:${verb}`),
    resources: [...store, ...kinds.map((kind) => `arn:${partition}:identitystore:::${kind}/*`)],
  });
  const everyMembership = [`arn:${partition}:identitystore:::membership/*`];
  const nameAccounts: readonly Right[] = [
    {
      actions: ['organizations:DescribeAccount'],
      resources: [inOrganization(config, partition, 'account')],
      wildcard:
        'Reads only, of this organization. Which accounts people name, or others give access in, is not known at deployment.',
    },
  ];

  const listAccounts: Right = {
    actions: ['organizations:ListAccounts'],
    resources: ['*'],
    wildcard: 'Organizations knows no resources for ListAccounts; it lists the accounts of the own organization alone.',
  };

  return {
    give: [
      ...onAssignments(['sso:CreateAccountAssignment', 'sso:ListAccountAssignments'], givable),
      ...(includeManagementAccount ? managementAccountRoles(managementAccountId, partition, MAKE_ROLES) : []),
      ...(excluded.length === 0
        ? []
        : [
            {
              deny: true,
              actions: ['sso:CreateAccountAssignment'],
              resources: excluded.map((account) => `arn:${partition}:sso:::account/${account}`),
            },
          ]),
      ...membership(config.groups, ['identitystore:CreateGroupMembership'], store, partition),
      ...membership(config.groups, ['identitystore:IsMemberInGroups'], store, partition, everyMembership),
      ...key,
    ],
    revokeNow: [
      ...onAssignments(['sso:DeleteAccountAssignment', 'sso:ListAccountAssignments'], revocable),
      ...(revokesInManagementAccount ? managementAccountRoles(managementAccountId, partition, REMOVE_ROLES) : []),
      ...membership(
        [...config.groups, ...config.retired.groups],
        ['identitystore:DeleteGroupMembership', 'identitystore:GetGroupMembershipId', 'identitystore:IsMemberInGroups'],
        store,
        partition,
        everyMembership,
      ),
      ...key,
    ],
    followCreation: [...onAssignments(['sso:DescribeAccountAssignmentCreationStatus'], revocable), ...key],
    followRemoval: [
      ...onAssignments(['sso:DescribeAccountAssignmentDeletionStatus', 'sso:ListAccountAssignments'], revocable),
      ...key,
    ],
    seeAssignments: [
      ...onAssignments(['sso:ListAccountAssignments'], revocable),
      ...membership(config.groups, ['identitystore:IsMemberInGroups'], store, partition, everyMembership),
      ...key,
    ],
    seeAssignees: onAssignments(['sso:ListAccountAssignments'], givable),
    watch: [
      ...onAssignments(
        [
          'sso:ListAccountAssignments',
          'sso:ListAccountsForProvisionedPermissionSet',
          'sso:ListPermissionSetsProvisionedToAccount',
        ],
        revocable,
      ),
      {
        ...ofStore(['user', 'group'], 'DescribeGroup', 'DescribeUser'),
        wildcard: 'Reads only. Whom somebody else has given access is not known at deployment.',
      },
      ...nameAccounts,
      ...membership(
        [...config.groups, ...config.retired.groups],
        ['identitystore:IsMemberInGroups'],
        store,
        partition,
        everyMembership,
      ),
      ...key,
    ],
    seeBoundaries: [
      ...onAssignments(
        [
          'sso:DescribePermissionSet',
          'sso:GetPermissionsBoundaryForPermissionSet',
          'sso:ListPermissionSetsProvisionedToAccount',
        ],
        revocable,
      ),
      ...key,
    ],
    describeSets: [
      {
        actions: ['sso:DescribePermissionSet'],
        // A waiting request may be for a permission set that was retired meanwhile; its approvers still see what it is.
        resources: [
          config.instanceArn,
          ...[...config.permissionSets, ...config.retired.permissionSets].map(({ arn }) => arn),
        ],
      },
      ...key,
    ],
    readSets: [
      {
        actions: [
          'sso:GetInlinePolicyForPermissionSet',
          'sso:GetPermissionsBoundaryForPermissionSet',
          'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
          'sso:ListManagedPoliciesInPermissionSet',
        ],
        resources: [config.instanceArn, ...config.permissionSets.map(({ arn }) => arn)],
      },
      {
        actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
        resources: [`arn:${partition}:iam::aws:policy/*`],
        wildcard: 'The policies that AWS publishes and manages, the same for everybody; none of an account.',
      },
      ...key,
    ],
    readUser: [
      { ...ofStore(['user'], 'DescribeUser'), wildcard: 'Reads only. Who approves is not known at deployment.' },
      ...key,
    ],
    readDirectory: [
      {
        ...ofStore(
          ['user', 'group', 'membership'],
          ...['DescribeGroup', 'DescribeUser', 'GetGroupId', 'GetUserId'],
          ...['ListGroupMemberships', 'ListGroupMembershipsForMember'],
        ),
        wildcard:
          'Reads only. Anybody may press the button and any group may be named in a policy, so ids are not known at deployment.',
      },
      ...key,
    ],
    findPeople: [
      {
        ...ofStore(['user', 'group'], 'DescribeGroup', 'DescribeUser', 'GetGroupId', 'GetUserId'),
        wildcard: 'Reads only. Whom a policy may name is not known at deployment.',
      },
      ...key,
    ],
    placeAccounts: [
      {
        actions: ['organizations:ListParents'],
        resources: ['account', 'ou'].map((kind) => inOrganization(config, partition, kind)),
        wildcard: 'Reads only, of this organization. Policies may name any unit, and accounts move between them.',
      },
      {
        actions: ['organizations:ListTagsForResource'],
        resources: [inOrganization(config, partition, 'account')],
        wildcard:
          'Reads only, of this organization. Policies may name accounts by tag, and any account may be asked for.',
      },
    ],
    nameAccounts,
    readEverything: [...readEverything(config.instanceArn, ofStore, listAccounts), ...key],
    findAccounts: [...nameAccounts, listAccounts],
  };
}

function inOrganization({ organization }: RightsConfig, partition: string, kind: string): string {
  return `arn:${partition}:organizations::${organization.managementAccountId}:${kind}/${organization.id}/*`;
}

interface Assignable {
  readonly sets: readonly string[];
  readonly accounts: readonly string[];
}

function assignable(config: RightsConfig, partition: string, withRetired: boolean): Assignable {
  const sets = withRetired ? [...config.permissionSets, ...config.retired.permissionSets] : config.permissionSets;
  const accounts =
    config.accounts === '*' ? ['*'] : withRetired ? [...config.accounts, ...config.retired.accounts] : config.accounts;
  return {
    sets: [config.instanceArn, ...sets.map(({ arn }) => arn)],
    accounts: accounts.map((account) => `arn:${partition}:sso:::account/${account}`),
  };
}

/** Up to this many ARNs, sets and accounts share one statement, which is easier to read. */
const FEW = 60;

/**
 * Identity Center authorizes an assignment on the instance, the permission set and the account together. Long lists are
 * split, so that the list of permission sets, which several rights of a role share, is written once.
 */
function onAssignments(actions: readonly string[], { sets, accounts }: Assignable): Right[] {
  const wildcard = 'The configuration says every account of the organization, whose accounts come and go.';
  if (sets.length + accounts.length <= FEW) return [{ actions, resources: [...sets, ...accounts], wildcard }];
  return [
    { actions, resources: sets },
    { actions, resources: accounts, wildcard },
  ];
}

function membership(
  groups: readonly { readonly id: string }[],
  actions: readonly string[],
  store: readonly string[],
  partition: string,
  memberships: readonly string[] = [],
): Right[] {
  if (groups.length === 0) return [];
  return [
    {
      actions,
      resources: [
        ...store,
        ...groups.map(({ id }) => `arn:${partition}:identitystore:::group/${id}`),
        `arn:${partition}:identitystore:::user/*`,
        ...memberships,
      ],
      wildcard:
        'Any person may be put into a configured group for a time, and a membership has no id before it is made.',
    },
  ];
}
