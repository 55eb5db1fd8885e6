import type {
  DescribeInstanceRequest,
  DescribeInstanceResponse,
  DescribePermissionSetRequest,
  DescribePermissionSetResponse,
  ListAccountAssignmentsForPrincipalRequest,
  ListAccountAssignmentsForPrincipalResponse,
  ListAccountAssignmentsRequest,
  ListAccountAssignmentsResponse,
  ListAccountsForProvisionedPermissionSetRequest,
  ListAccountsForProvisionedPermissionSetResponse,
  ListInstancesRequest,
  ListInstancesResponse,
  ListPermissionSetsProvisionedToAccountRequest,
  ListPermissionSetsProvisionedToAccountResponse,
  ListPermissionSetsRequest,
  ListPermissionSetsResponse,
  ProvisioningStatus,
} from '@aws-sdk/client-sso-admin';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { Assignment, World } from '../world/world.ts';
import { roleKey } from '../world/world-changes.ts';
import { contentsOf } from './permission-set-roles.ts';
import { requireInstance, requirePermissionSet } from './sso-admin-lookups.ts';

/** Reads of instances, permission sets and assignments, in pages of at most 100. */
export function ssoAdminLists(world: World): Operations {
  const instance = () => ({
    InstanceArn: world.instanceArn,
    IdentityStoreId: world.identityStoreId,
    OwnerAccountId: world.organization.managementAccountId,
    Status: 'ACTIVE' as const,
  });
  return {
    ListInstances(input: Wire<ListInstancesRequest>): Wire<ListInstancesResponse> {
      return named('Instances', cut('instances', world.instancesShown ?? [instance()], input));
    },
    DescribeInstance(input: Wire<DescribeInstanceRequest>): Wire<DescribeInstanceResponse> {
      requireInstance(world, input.InstanceArn);
      const { instanceKey: key } = world;
      return {
        ...instance(),
        PrimaryRegion: world.region,
        PermissionSetsEnabled: true,
        EncryptionConfigurationDetails:
          key === undefined
            ? { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' }
            : { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: key.arn, EncryptionStatus: key.status },
      };
    },
    ListPermissionSets(input: Wire<ListPermissionSetsRequest>): Wire<ListPermissionSetsResponse> {
      requireInstance(world, input.InstanceArn);
      const arns = world.permissionSets.map(({ arn }) => arn);
      return named('PermissionSets', cut('permission-sets', arns, input));
    },
    DescribePermissionSet(input: Wire<DescribePermissionSetRequest>): Wire<DescribePermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      const { name, arn, description, sessionDuration } = requirePermissionSet(world, input.PermissionSetArn);
      return {
        PermissionSet: {
          Name: name,
          PermissionSetArn: arn,
          Description: description,
          SessionDuration: sessionDuration,
        },
      };
    },
    ListAccountAssignments(input: Wire<ListAccountAssignmentsRequest>): Wire<ListAccountAssignmentsResponse> {
      requireInstance(world, input.InstanceArn);
      requirePermissionSet(world, input.PermissionSetArn);
      const held = world.assignments.filter(
        ({ accountId, permissionSetArn }) =>
          accountId === input.AccountId && permissionSetArn === input.PermissionSetArn,
      );
      const kind = `assignments ${input.AccountId} ${input.PermissionSetArn}`;
      return named('AccountAssignments', cut(kind, held.map(describe), input));
    },
    ListAccountAssignmentsForPrincipal(
      input: Wire<ListAccountAssignmentsForPrincipalRequest>,
      call: Call,
    ): Wire<ListAccountAssignmentsForPrincipalResponse> {
      requireInstance(world, input.InstanceArn);
      // "This action must be called from the management account" (API reference): a delegated administrator is refused.
      if (call.accountId !== world.organization.managementAccountId)
        throw new AwsError('AccessDeniedException', 'This action must be called from the management account');
      const ids = new Set([input.PrincipalId]);
      if (input.PrincipalType === 'USER')
        for (const { userId, groupId } of world.memberships) if (userId === input.PrincipalId) ids.add(groupId);
      const held = world.assignments.filter(
        ({ principalId, accountId }) =>
          ids.has(principalId) && (input.Filter?.AccountId === undefined || input.Filter.AccountId === accountId),
      );
      return named('AccountAssignments', cut(`principal ${input.PrincipalId}`, held.map(describe), input));
    },
    ListPermissionSetsProvisionedToAccount(
      input: Wire<ListPermissionSetsProvisionedToAccountRequest>,
    ): Wire<ListPermissionSetsProvisionedToAccountResponse> {
      requireInstance(world, input.InstanceArn);
      const held = world.assignments.filter(({ accountId }) => accountId === input.AccountId);
      const arns = [...new Set(held.map(({ permissionSetArn }) => permissionSetArn))].filter((permissionSetArn) =>
        isWanted(world, { accountId: input.AccountId, permissionSetArn }, input.ProvisioningStatus),
      );
      return named('PermissionSets', cut(`provisioned ${input.AccountId}`, arns, input));
    },
    ListAccountsForProvisionedPermissionSet(
      input: Wire<ListAccountsForProvisionedPermissionSetRequest>,
    ): Wire<ListAccountsForProvisionedPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      requirePermissionSet(world, input.PermissionSetArn);
      const held = world.assignments.filter(({ permissionSetArn }) => permissionSetArn === input.PermissionSetArn);
      const ids = [...new Set(held.map(({ accountId }) => accountId))].filter((accountId) =>
        isWanted(world, { accountId, permissionSetArn: input.PermissionSetArn }, input.ProvisioningStatus),
      );
      return named('AccountIds', cut(`provisioned ${input.PermissionSetArn}`, ids, input));
    },
  };
}

/** Does the account's provisioning status match the status that the list is filtered by? */
function isWanted(
  world: World,
  role: { readonly accountId: string; readonly permissionSetArn: string },
  status: ProvisioningStatus | undefined,
): boolean {
  if (status === undefined) return true;
  const set = world.permissionSets.find(({ arn }) => arn === role.permissionSetArn);
  const has = world.provisioned[roleKey(role)];
  const newest = has === undefined || JSON.stringify(has) === JSON.stringify(contentsOf(set));
  return newest === (status === 'LATEST_PERMISSION_SET_PROVISIONED');
}

function describe({ accountId, permissionSetArn, principalType, principalId }: Assignment) {
  return {
    AccountId: accountId,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalType,
    PrincipalId: principalId,
  };
}

function cut<T>(kind: string, list: readonly T[], input: { MaxResults?: number; NextToken?: string }) {
  return page(kind, list, { size: input.MaxResults, token: input.NextToken, maximum: 100 });
}

function named<Key extends string, T>(key: Key, { items, nextToken }: { items: T[]; nextToken?: string }) {
  return { [key]: items, ...(nextToken === undefined ? {} : { NextToken: nextToken }) } as Record<Key, T[]> & {
    NextToken?: string;
  };
}
