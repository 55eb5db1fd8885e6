import type {
  AttachCustomerManagedPolicyReferenceToPermissionSetRequest,
  DetachCustomerManagedPolicyReferenceFromPermissionSetRequest,
  GetInlinePolicyForPermissionSetRequest,
  GetInlinePolicyForPermissionSetResponse,
  ListCustomerManagedPolicyReferencesInPermissionSetRequest,
  ListCustomerManagedPolicyReferencesInPermissionSetResponse,
  ListManagedPoliciesInPermissionSetRequest,
  ListManagedPoliciesInPermissionSetResponse,
} from '@aws-sdk/client-sso-admin';
import { awsManagedPolicyArn } from '../access/aws-managed-policies.ts';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import { referenceOf } from './permission-set-roles.ts';
import { requireInstance, requirePermissionSet } from './sso-admin-lookups.ts';

/** The policies of permission sets. */
export function ssoAdminContents(world: World): Operations {
  return {
    ListManagedPoliciesInPermissionSet(
      input: Wire<ListManagedPoliciesInPermissionSetRequest>,
    ): Wire<ListManagedPoliciesInPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      const { managedPolicies } = requirePermissionSet(world, input.PermissionSetArn);
      const all = managedPolicies.map((Name) => ({ Name, Arn: awsManagedPolicyArn(Name) }));
      const { items, ...next } = cut('managed-policies', all, input);
      return { AttachedManagedPolicies: items, ...next };
    },
    ListCustomerManagedPolicyReferencesInPermissionSet(
      input: Wire<ListCustomerManagedPolicyReferencesInPermissionSetRequest>,
    ): Wire<ListCustomerManagedPolicyReferencesInPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      const { customerManagedPolicies = [] } = requirePermissionSet(world, input.PermissionSetArn);
      const all = customerManagedPolicies.map(referenceOf);
      const { items, ...next } = cut('customer-managed-policies', all, input);
      return { CustomerManagedPolicyReferences: items, ...next };
    },
    AttachCustomerManagedPolicyReferenceToPermissionSet(
      input: Wire<AttachCustomerManagedPolicyReferenceToPermissionSetRequest>,
    ) {
      requireInstance(world, input.InstanceArn);
      const set = requirePermissionSet(world, input.PermissionSetArn);
      const policy = textOf(input.CustomerManagedPolicyReference);
      const { customerManagedPolicies = [], managedPolicies } = set;
      if (customerManagedPolicies.some((other) => textOf(referenceOf(other)) === policy))
        throw new AwsError('ConflictException', `The policy ${policy} is attached to the permission set already`);
      if (customerManagedPolicies.length + managedPolicies.length >= MOST_POLICIES)
        throw new AwsError(
          'ServiceQuotaExceededException',
          `You have exceeded the quota of ${MOST_POLICIES} managed policies of a permission set`,
        );
      set.customerManagedPolicies = [...customerManagedPolicies, policy];
      return {};
    },
    DetachCustomerManagedPolicyReferenceFromPermissionSet(
      input: Wire<DetachCustomerManagedPolicyReferenceFromPermissionSetRequest>,
    ) {
      requireInstance(world, input.InstanceArn);
      const set = requirePermissionSet(world, input.PermissionSetArn);
      const policy = textOf(input.CustomerManagedPolicyReference);
      const { customerManagedPolicies = [] } = set;
      const others = customerManagedPolicies.filter((other) => textOf(referenceOf(other)) !== policy);
      if (others.length === customerManagedPolicies.length)
        throw new AwsError('ResourceNotFoundException', `The policy ${policy} is not attached to the permission set`);
      set.customerManagedPolicies = others;
      return {};
    },
    GetInlinePolicyForPermissionSet(
      input: Wire<GetInlinePolicyForPermissionSetRequest>,
    ): Wire<GetInlinePolicyForPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      return { InlinePolicy: requirePermissionSet(world, input.PermissionSetArn).inlinePolicy ?? '' };
    },
  };
}

/**
 * The quota of managed policies per permission set:
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
 */
const MOST_POLICIES = 20;

function textOf({
  Name,
  Path = '/',
}: {
  readonly Name: string | undefined;
  readonly Path?: string | undefined;
}): string {
  return `${Path}${Name ?? ''}`;
}

function cut<T>(
  kind: string,
  list: readonly T[],
  input: { readonly MaxResults?: number; readonly NextToken?: string },
): { readonly items: T[]; readonly NextToken?: string } {
  const { items, nextToken } = page(kind, list, { size: input.MaxResults, token: input.NextToken, maximum: 100 });
  return nextToken === undefined ? { items } : { items, NextToken: nextToken };
}
