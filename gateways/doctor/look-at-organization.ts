import { DescribeGroupCommand, DescribeUserCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore';
import {
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAWSServiceAccessForOrganization,
  paginateListDelegatedAdministrators,
} from '@aws-sdk/client-organizations';
import {
  DescribeInstanceCommand,
  paginateListAccountAssignments,
  paginateListAccountsForProvisionedPermissionSet,
  paginateListPermissionSetsProvisionedToAccount,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { DoctorPorts } from '../../core/doctor/ports.ts';
import { createDirectory } from '../identity-center/directory.ts';
import { unlessAbsent } from './unless-absent.ts';

/** What the doctor reads of the organization and of Identity Center. */
export function lookAtOrganization(options: {
  readonly sso: SSOAdminClient;
  readonly identityStore: IdentitystoreClient;
  readonly organizations: OrganizationsClient;
  readonly instanceArn: string;
  readonly identityStoreId: string;
}): Pick<
  DoctorPorts,
  | 'organization'
  | 'delegatedTo'
  | 'trustedServices'
  | 'accounts'
  | 'unit'
  | 'instance'
  | 'permissionSet'
  | 'accountsOf'
  | 'groupAssignments'
  | 'group'
  | 'groupNamed'
  | 'user'
  | 'userNamed'
> {
  const { sso, identityStore, organizations, instanceArn: InstanceArn, identityStoreId: IdentityStoreId } = options;
  const directory = createDirectory(options);

  return {
    async organization() {
      const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
      return { id: Organization?.Id ?? '', managementAccountId: Organization?.MasterAccountId ?? '' };
    },

    delegatedTo: (ServicePrincipal) =>
      collected(paginateListDelegatedAdministrators({ client: organizations }, { ServicePrincipal }), (page) =>
        page.DelegatedAdministrators?.map(({ Id = '' }) => Id),
      ),

    trustedServices: () =>
      collected(paginateListAWSServiceAccessForOrganization({ client: organizations }, {}), (page) =>
        page.EnabledServicePrincipals?.map(({ ServicePrincipal = '' }) => ServicePrincipal),
      ),

    accounts: () =>
      collected(paginateListAccounts({ client: organizations }, {}), (page) =>
        page.Accounts?.map(({ Id = '', Name = '', State, Status }) => ({
          id: Id,
          name: Name,
          active: (State ?? Status) === 'ACTIVE',
        })),
      ),

    async unit(id) {
      // Organizations cannot describe a root as a unit, but every account is below the only root.
      if (id.startsWith('r-')) {
        const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
        return (await directory.ouPathOf(Organization?.MasterAccountId ?? '')).includes(id);
      }
      const found = await unlessAbsent(() =>
        organizations.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id })),
      );
      return found !== undefined;
    },

    instance: () =>
      unlessAbsent(async () => {
        const found = await sso.send(new DescribeInstanceCommand({ InstanceArn }));
        const key = found.EncryptionConfigurationDetails;
        return {
          identityStoreId: found.IdentityStoreId ?? '',
          status: found.Status ?? 'unknown',
          primaryRegion: found.PrimaryRegion,
          ...(key?.KeyType === 'CUSTOMER_MANAGED_KEY' && key.KmsKeyArn !== undefined
            ? {
                keyArn: key.KmsKeyArn,
                keyStatus: key.EncryptionStatus,
              }
            : {}),
          ...(found.PermissionSetsEnabled === undefined ? {} : { permissionSetsEnabled: found.PermissionSetsEnabled }),
        };
      }),

    permissionSet: (arn) => directory.permissionSet(arn),

    accountsOf: (PermissionSetArn) =>
      collected(
        paginateListAccountsForProvisionedPermissionSet({ client: sso }, { InstanceArn, PermissionSetArn }),
        (page) => page.AccountIds,
      ),

    // `ListAccountAssignmentsForPrincipal` would take a call for each group, and answers only in the management
    // account.
    async groupAssignments(AccountId) {
      const sets = await collected(
        paginateListPermissionSetsProvisionedToAccount({ client: sso }, { InstanceArn, AccountId }),
        (page) => page.PermissionSets,
      );
      const all = [];
      for (const PermissionSetArn of sets)
        for await (const page of paginateListAccountAssignments(
          { client: sso },
          { InstanceArn, AccountId, PermissionSetArn },
        ))
          for (const { PrincipalType, PrincipalId = '' } of page.AccountAssignments ?? [])
            if (PrincipalType === 'GROUP') all.push({ groupId: PrincipalId, permissionSetArn: PermissionSetArn });
      return all;
    },

    group: (GroupId) =>
      unlessAbsent(async () => {
        const group = await identityStore.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }));
        return { name: group.DisplayName ?? GroupId, external: (group.ExternalIds ?? []).length > 0 };
      }),

    groupNamed: async (ref) =>
      (await directory.groupIdByName(ref)) !== undefined || (await directory.group(ref)) !== undefined,

    userNamed: async (ref) =>
      (await directory.userIdsByEmail(ref)).length > 0 || (await directory.user(ref)) !== undefined,

    user: (UserId) =>
      unlessAbsent(async () => {
        const user = await identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId }));
        return { userName: user.UserName ?? UserId, enabled: user.UserStatus !== 'DISABLED' };
      }),
  };
}

async function collected<P, T>(pages: AsyncIterable<P>, of: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(of(page) ?? []));
  return all;
}
