import type {
  GetInlinePolicyForPermissionSetRequest,
  GetInlinePolicyForPermissionSetResponse,
  ListCustomerManagedPolicyReferencesInPermissionSetRequest,
  ListCustomerManagedPolicyReferencesInPermissionSetResponse,
  ListManagedPoliciesInPermissionSetRequest,
  ListManagedPoliciesInPermissionSetResponse,
} from '@aws-sdk/client-sso-admin';
import { awsManagedPolicyArn } from '../access/aws-managed-policies.ts';
import { page } from '../wire/paging.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import { requireInstance, requirePermissionSet } from './sso-admin-lookups.ts';

/** What permission sets are made of. */
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
      const all = customerManagedPolicies.map((Name) => ({ Name, Path: '/' }));
      const { items, ...next } = cut('customer-managed-policies', all, input);
      return { CustomerManagedPolicyReferences: items, ...next };
    },
    GetInlinePolicyForPermissionSet(
      input: Wire<GetInlinePolicyForPermissionSetRequest>,
    ): Wire<GetInlinePolicyForPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      return { InlinePolicy: requirePermissionSet(world, input.PermissionSetArn).inlinePolicy ?? '' };
    },
  };
}

function cut<T>(
  kind: string,
  list: readonly T[],
  input: { readonly MaxResults?: number; readonly NextToken?: string },
): { readonly items: T[]; readonly NextToken?: string } {
  const { items, nextToken } = page(kind, list, { size: input.MaxResults, token: input.NextToken, maximum: 100 });
  return nextToken === undefined ? { items } : { items, NextToken: nextToken };
}
