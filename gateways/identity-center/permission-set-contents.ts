import { GetPolicyCommand, GetPolicyVersionCommand, type IAMClient } from '@aws-sdk/client-iam';
import {
  GetInlinePolicyForPermissionSetCommand,
  paginateListCustomerManagedPolicyReferencesInPermissionSet,
  paginateListManagedPoliciesInPermissionSet,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { PermissionSetContents } from '../../core/activity/ports.ts';
import type { GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import { boundaryOf, isGuard, isPolicy } from './boundaries.ts';

/**
 * What permission sets allow: their inline policy and their AWS managed policies, which every account may read.
 * Customer managed policies are in each account and are not read; the answer names them as unread.
 */
export function createPermissionSetContents(options: {
  readonly sso: SSOAdminClient;
  readonly iam: Pick<IAMClient, 'send'>;
  readonly instanceArn: string;
  readonly guard: GuardPolicyName;
  /**
   * The guard policy of the attached form. It is left out: like the guard boundary, it denies sessions and gives
   * nothing.
   */
  readonly attached: GuardPolicyName;
}): PermissionSetContents {
  const { sso, iam, instanceArn: InstanceArn, guard, attached } = options;

  async function documentOf(PolicyArn: string): Promise<string> {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    // IAM returns documents percent-encoded.
    return decodeURIComponent(PolicyVersion?.Document ?? '');
  }

  async function managedBy(PermissionSetArn: string): Promise<string[]> {
    const arns: string[] = [];
    for await (const page of paginateListManagedPoliciesInPermissionSet(
      { client: sso, pageSize: 100 },
      { InstanceArn, PermissionSetArn },
    ))
      for (const { Arn = '' } of page.AttachedManagedPolicies ?? []) arns.push(Arn);
    return arns;
  }

  async function managedByCustomer(PermissionSetArn: string): Promise<string[]> {
    const names: string[] = [];
    for await (const page of paginateListCustomerManagedPolicyReferencesInPermissionSet(
      { client: sso, pageSize: 100 },
      { InstanceArn, PermissionSetArn },
    ))
      for (const reference of page.CustomerManagedPolicyReferences ?? [])
        if (!isPolicy(reference, attached)) names.push(reference.Name ?? '');
    return names;
  }

  async function inlineOf(PermissionSetArn: string): Promise<string[]> {
    const { InlinePolicy = '' } = await sso.send(
      new GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn }),
    );
    return InlinePolicy === '' ? [] : [InlinePolicy];
  }

  return {
    async of(permissionSetArn) {
      const [arns, names, inline, boundary] = await Promise.all([
        managedBy(permissionSetArn),
        managedByCustomer(permissionSetArn),
        inlineOf(permissionSetArn),
        boundaryOf(sso, InstanceArn, permissionSetArn),
      ]);
      const policies = [...inline, ...(await Promise.all(arns.map(documentOf)))];
      const unread = names.map((name) => `the customer managed policy ${name}`);
      if (boundary === undefined || isGuard(boundary, guard)) return { policies, unread };
      if (boundary.ManagedPolicyArn === undefined) return { policies, unread: [...unread, 'its permissions boundary'] };
      return { policies, unread, boundary: await documentOf(boundary.ManagedPolicyArn) };
    },
  };
}
