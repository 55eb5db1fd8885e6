import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { type InstanceMetadata, paginateListInstances, type SSOAdminClient } from '@aws-sdk/client-sso-admin';

/** No instance, or not one alone, can be that of the organization. The message says what to do. */
export class NoInstanceError extends Error {
  override readonly name = 'NoInstanceError';
}

/**
 * Finds the organization's instance of Identity Center. A member account may have an account instance of its own, which
 * is listed beside it and knows no permission sets; the management account owns the organization's.
 *
 * @throws NoInstanceError where there is none, or where it cannot be told which it is
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-center-instances.html
 */
export async function organizationInstance(
  sso: SSOAdminClient,
  organizations = new OrganizationsClient({}),
): Promise<{ readonly instanceArn: string; readonly identityStoreId: string }> {
  const active: InstanceMetadata[] = [];
  for await (const { Instances = [] } of paginateListInstances({ client: sso }, {}))
    active.push(...Instances.filter(({ Status = 'ACTIVE' }) => Status === 'ACTIVE'));
  if (active.length === 0)
    throw new NoInstanceError(
      'there is no active instance of Identity Center here: set AWS_REGION to its Region, and use credentials of the account Glasshammer runs in',
    );
  const found = active.length === 1 ? active : await ofManagementAccount(active, organizations);
  const [{ InstanceArn: instanceArn, IdentityStoreId: identityStoreId } = {}] = found;
  if (found.length !== 1 || instanceArn === undefined || identityStoreId === undefined) {
    const listed = active.map(({ InstanceArn, OwnerAccountId }) => `${InstanceArn} of ${OwnerAccountId}`).join(', ');
    throw new NoInstanceError(
      `which instance of Identity Center is that of the organization cannot be told: ${listed}; use credentials of the account Glasshammer runs in`,
    );
  }
  return { instanceArn, identityStoreId };
}

async function ofManagementAccount(instances: readonly InstanceMetadata[], organizations: OrganizationsClient) {
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  return instances.filter(
    ({ OwnerAccountId }) => OwnerAccountId !== undefined && OwnerAccountId === Organization?.MasterAccountId,
  );
}
