import {
  IdentitystoreClient,
  paginateListGroupMemberships,
  paginateListGroups,
  paginateListUsers,
} from '@aws-sdk/client-identitystore';
import { OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import { paginateListPermissionSets, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import { createDirectory } from './directory.ts';
import { organizationInstance } from './organization-instance.ts';

/** The most calls in flight: these APIs allow about twenty a second, and this reads a whole organization. */
const AT_ONCE = 8;

/**
 * Reads all users, groups, accounts and permission sets, for the checks of policies. Decisions do not use it: they look
 * up what they need.
 *
 * @param clients an absent one is made from the SDK's environment
 * @param instance absent: the organization's instance
 */
export async function readOrganization(
  clients: {
    readonly sso?: SSOAdminClient;
    readonly identityStore?: IdentitystoreClient;
    readonly organizations?: OrganizationsClient;
  } = {},
  instance?: { readonly instanceArn: string; readonly identityStoreId: string },
): Promise<Organization> {
  const { sso = new SSOAdminClient({}), identityStore = new IdentitystoreClient({}) } = clients;
  const { organizations = new OrganizationsClient({}) } = clients;
  const { instanceArn, identityStoreId } = instance ?? (await organizationInstance(sso, organizations));
  const directory = createDirectory({ sso, identityStore, organizations, instanceArn, identityStoreId });

  const [groups, users, accounts, arns] = await Promise.all([
    collect(paginateListGroups({ client: identityStore }, { IdentityStoreId: identityStoreId }), (page) => page.Groups),
    collect(paginateListUsers({ client: identityStore }, { IdentityStoreId: identityStoreId }), (page) => page.Users),
    collect(paginateListAccounts({ client: organizations }, {}), (page) => page.Accounts),
    collect(paginateListPermissionSets({ client: sso }, { InstanceArn: instanceArn }), (page) => page.PermissionSets),
  ]);
  const memberships = await eachOf(groups, async ({ GroupId = '' }) => {
    const pages = paginateListGroupMemberships(
      { client: identityStore },
      { IdentityStoreId: identityStoreId, GroupId },
    );
    const members = await collect(pages, (page) => page.GroupMemberships);
    return members.map(({ MemberId }) => ({ groupId: GroupId, userId: MemberId?.UserId }));
  });
  const groupsOf = new Map<string, string[]>();
  for (const { groupId, userId } of memberships.flat()) {
    if (userId !== undefined) groupsOf.set(userId, [...(groupsOf.get(userId) ?? []), groupId]);
  }
  return {
    users: users.map(({ UserId: id = '', UserName = '', DisplayName = '', Emails = [], UserStatus }) => ({
      id,
      userName: UserName,
      displayName: DisplayName,
      email: Emails.find(({ Primary }) => Primary === true)?.Value ?? Emails[0]?.Value ?? '',
      enabled: UserStatus !== 'DISABLED',
      groups: groupsOf.get(id) ?? [],
    })),
    groups: groups.map(({ GroupId: id = '', DisplayName }) => ({ id, name: DisplayName ?? id })),
    accounts: await eachOf(accounts, async ({ Id: id = '', Name = '' }) => {
      const [ou, tags] = await Promise.all([directory.ouPathOf(id), directory.tagsOf(id)]);
      return { id, name: Name, ou: [...ou], tags: { ...tags } };
    }),
    permissionSets: await eachOf(arns, async (arn) => ({
      arn,
      name: (await directory.permissionSet(arn))?.name ?? arn,
    })),
  };
}

async function collect<P, T>(pages: AsyncIterable<P>, of: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(of(page) ?? []));
  return all;
}

/** Maps a list with a bounded number of calls in flight; the order stays. */
async function eachOf<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < list.length; at += AT_ONCE) {
    results.push(...(await Promise.all(list.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
