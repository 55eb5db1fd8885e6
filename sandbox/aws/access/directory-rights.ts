import type { World } from '../world/world.ts';
import { isRecord, type RawInput, type RequiredRight, text } from './required-right.ts';

/**
 * The rights required for calls to Identity Center, the identity store and Organizations. An action on several resource
 * types needs a right to each of them: an assignment is authorized on the instance, the permission set and the account.
 *
 * @returns `undefined` for a call to another service, or for an operation that is not listed here
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetdelegation.html
 */
export function directoryRights(
  service: string,
  operation: string,
  input: RawInput,
  world: World,
): readonly RequiredRight[] | undefined {
  const found =
    service === 'sso-admin'
      ? identityCenter(operation, input, world)
      : service === 'identitystore'
        ? identityStore(operation, input, world)
        : service === 'organizations'
          ? organization(operation, input, world)
          : undefined;
  const prefix = service === 'sso-admin' ? 'sso' : service;
  return found === undefined ? undefined : [{ action: `${prefix}:${operation}`, resources: found }];
}

function identityCenter(operation: string, input: RawInput, { instanceArn }: World): string[] | undefined {
  const account = (id: unknown) => `arn:aws:sso:::account/${text(id)}`;
  switch (operation) {
    case 'CreateAccountAssignment':
    case 'DeleteAccountAssignment':
      return [text(input.InstanceArn), text(input.PermissionSetArn), account(input.TargetId)];
    case 'ListAccountAssignments':
      return [text(input.InstanceArn), text(input.PermissionSetArn), account(input.AccountId)];
    case 'DescribePermissionSet':
    case 'GetInlinePolicyForPermissionSet':
    case 'GetPermissionsBoundaryForPermissionSet':
    case 'ListCustomerManagedPolicyReferencesInPermissionSet':
    case 'ListManagedPoliciesInPermissionSet':
    case 'AttachCustomerManagedPolicyReferenceToPermissionSet':
    case 'DetachCustomerManagedPolicyReferenceFromPermissionSet':
    case 'PutPermissionsBoundaryToPermissionSet':
    case 'DeletePermissionsBoundaryFromPermissionSet':
    case 'ProvisionPermissionSet':
      return [text(input.InstanceArn), text(input.PermissionSetArn)];
    case 'DescribeAccountAssignmentCreationStatus':
    case 'DescribeAccountAssignmentDeletionStatus':
    case 'DescribeInstance':
    case 'DescribePermissionSetProvisioningStatus':
    case 'ListPermissionSets':
      return [text(input.InstanceArn)];
    case 'ListPermissionSetsProvisionedToAccount':
      return [text(input.InstanceArn), account(input.AccountId)];
    case 'ListAccountsForProvisionedPermissionSet':
      return [text(input.InstanceArn), text(input.PermissionSetArn)];
    case 'ListAccountAssignmentsForPrincipal':
      return [instanceArn];
    case 'ListInstances':
      return ['*'];
    default:
      return undefined;
  }
}

function identityStore(operation: string, input: RawInput, world: World): string[] | undefined {
  const store = `arn:aws:identitystore::${world.organization.managementAccountId}:identitystore/${text(input.IdentityStoreId)}`;
  const one = (kind: 'user' | 'group' | 'membership', id: unknown) => `arn:aws:identitystore:::${kind}/${text(id)}`;
  const any = (kind: 'user' | 'group' | 'membership') => one(kind, '*');
  const member = one('user', isRecord(input.MemberId) ? input.MemberId.UserId : undefined);
  switch (operation) {
    case 'DescribeUser':
      return [store, one('user', input.UserId)];
    case 'GetUserId':
    case 'ListUsers':
      return [store, any('user')];
    case 'DescribeGroup':
      return [store, one('group', input.GroupId)];
    case 'GetGroupId':
    case 'ListGroups':
      return [store, any('group')];
    case 'ListGroupMemberships':
      return [store, one('group', input.GroupId), any('membership')];
    case 'ListGroupMembershipsForMember':
      return [store, member, any('membership')];
    case 'IsMemberInGroups': {
      const groups = Array.isArray(input.GroupIds) ? input.GroupIds : [];
      return [store, member, ...groups.map((id) => one('group', id)), any('membership')];
    }
    case 'GetGroupMembershipId':
      return [store, one('group', input.GroupId), member, any('membership')];
    case 'CreateGroupMembership':
      return [store, one('group', input.GroupId), member];
    case 'DeleteGroupMembership': {
      const found = world.memberships.find(({ id }) => id === input.MembershipId);
      const both = found === undefined ? [] : [one('group', found.groupId), one('user', found.userId)];
      return [store, one('membership', input.MembershipId), ...both];
    }
    default:
      return undefined;
  }
}

function organization(
  operation: string,
  input: RawInput,
  { organization: org, accounts }: World,
): string[] | undefined {
  const one = (id: unknown) => {
    const kind = accounts.some((account) => account.id === id) || /^\d{12}$/.test(text(id)) ? 'account' : 'ou';
    return `arn:aws:organizations::${org.managementAccountId}:${kind}/${org.id}/${text(id)}`;
  };
  switch (operation) {
    case 'DescribeAccount':
      return [one(input.AccountId)];
    case 'ListParents':
      return [one(input.ChildId)];
    case 'ListTagsForResource':
      return [one(input.ResourceId)];
    case 'DescribeOrganizationalUnit':
      return [one(input.OrganizationalUnitId)];
    case 'DescribeOrganization':
    case 'ListAccounts':
      return ['*'];
    default:
      return undefined;
  }
}
