import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  ListUsersCommand,
  paginateListUsers,
} from '@aws-sdk/client-identitystore';
import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListParentsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { ACCOUNT, errorName, type Harness, MANAGEMENT, STORE, startHarness } from './harness.ts';

const IdentityStoreId = STORE;

describe('the emulated identity store', () => {
  let harness: Harness;
  let store: IdentitystoreClient;
  const userId = (AttributePath: string, AttributeValue: string) =>
    store.send(
      new GetUserIdCommand({
        IdentityStoreId,
        AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
      }),
    );

  beforeEach(async () => {
    harness = await startHarness();
    store = new IdentitystoreClient(harness.overHttp());
  });
  afterEach(async () => {
    store.destroy();
    await harness.close();
  });

  test('a person is found by user name or e-mail, and by nothing else', async () => {
    expect((await userId('userName', 'ana@example.com')).UserId).toBe('user-ana');
    expect((await userId('emails.value', 'ben@example.com')).UserId).toBe('user-ben');
    expect(await errorName(userId('displayName', 'Ana Alvarez'))).toBe('ValidationException');
    expect(await errorName(userId('emails.value', 'gus@example.com'))).toBe('ResourceNotFoundException');
  });

  test('a disabled user has the status DISABLED', async () => {
    const hal = await store.send(new DescribeUserCommand({ IdentityStoreId, UserId: 'user-hal' }));
    expect(hal).toMatchObject({
      UserStatus: 'DISABLED',
      UserName: 'hal@example.com',
      Emails: [{ Value: 'hal@example.com' }],
    });
    const unknown = store.send(new DescribeUserCommand({ IdentityStoreId, UserId: 'user-nobody' }));
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceType: 'USER' });
  });

  test('users and groups are listed in pages and by name', async () => {
    const pages: number[] = [];
    for await (const { Users = [] } of paginateListUsers({ client: store, pageSize: 2 }, { IdentityStoreId }))
      pages.push(Users.length);
    expect(pages).toEqual([2, 2, 2, 1]);
    const filter = (AttributePath: string, AttributeValue: string) => [{ AttributePath, AttributeValue }];
    const byName = await store.send(
      new ListUsersCommand({ IdentityStoreId, Filters: filter('UserName', 'dan@example.com') }),
    );
    expect(byName.Users?.map(({ UserId }) => UserId)).toEqual(['user-dan']);
    const groups = await store.send(
      new ListGroupsCommand({ IdentityStoreId, Filters: filter('DisplayName', 'Leads') }),
    );
    expect(groups.Groups?.map(({ GroupId }) => GroupId)).toEqual(['group-leads']);
    const leads = await store.send(
      new GetGroupIdCommand({
        IdentityStoreId,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'Leads' } },
      }),
    );
    expect(leads.GroupId).toBe('group-leads');
    expect((await store.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: 'group-oncall' }))).DisplayName).toBe(
      'On-call',
    );
  });

  test('memberships can be listed by user, by group, and checked for many groups at once', async () => {
    const MemberId = { UserId: 'user-dan' };
    const mine = await store.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId }));
    expect(mine.GroupMemberships?.map(({ GroupId }) => GroupId)).toEqual(['group-leads', 'group-directors']);
    const theirs = await store.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: 'group-leads' }));
    expect(theirs.GroupMemberships?.map((membership) => membership.MemberId?.UserId)).toEqual([
      'user-cleo',
      'user-dan',
    ]);
    const GroupIds = ['group-leads', 'group-sre'];
    const { Results } = await store.send(new IsMemberInGroupsCommand({ IdentityStoreId, MemberId, GroupIds }));
    expect(Results?.map(({ MembershipExists }) => MembershipExists)).toEqual([true, false]);
    const tooMany = Array.from({ length: 101 }, () => 'group-sre');
    expect(
      await errorName(store.send(new IsMemberInGroupsCommand({ IdentityStoreId, MemberId, GroupIds: tooMany }))),
    ).toBe('ValidationException');
  });

  test('a membership can be created, not created twice, and deleted, with CloudTrail records', async () => {
    const member = { IdentityStoreId, GroupId: 'group-oncall', MemberId: { UserId: 'user-ana' } };
    const { MembershipId } = await store.send(new CreateGroupMembershipCommand(member));
    await expect(store.send(new CreateGroupMembershipCommand(member))).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
    expect((await store.send(new GetGroupMembershipIdCommand(member))).MembershipId).toBe(MembershipId);
    await store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    expect(await errorName(store.send(new GetGroupMembershipIdCommand(member)))).toBe('ResourceNotFoundException');
    const again = store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    expect(await errorName(again)).toBe('ResourceNotFoundException');
    expect(harness.heard.trail.map(({ eventName }) => eventName)).toEqual([
      'CreateGroupMembership',
      'DeleteGroupMembership',
    ]);
  });

  test('another identity store does not exist', async () => {
    const ask = store.send(new ListUsersCommand({ IdentityStoreId: 'd-other' }));
    expect(await errorName(ask)).toBe('ResourceNotFoundException');
  });
});

describe('the emulated organization', () => {
  let harness: Harness;
  let organizations: OrganizationsClient;

  beforeEach(async () => {
    harness = await startHarness();
    organizations = new OrganizationsClient(harness.overHttp());
  });
  afterEach(async () => {
    organizations.destroy();
    await harness.close();
  });

  test('an account is described with name and status, and an unknown one is refused', async () => {
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: ACCOUNT }));
    expect(Account).toMatchObject({ Name: 'Production', Status: 'ACTIVE', JoinedTimestamp: expect.any(Date) });
    const unknown = organizations.send(new DescribeAccountCommand({ AccountId: '111111111111' }));
    expect(await errorName(unknown)).toBe('AccountNotFoundException');
  });

  test('accounts are listed in pages of at most 20', async () => {
    const names: string[] = [];
    for await (const { Accounts = [] } of paginateListAccounts({ client: organizations, pageSize: 4 }, {}))
      names.push(...Accounts.map(({ Name = '' }) => Name));
    expect(names).toEqual(['Production', 'Production EU', 'Staging', 'Sandbox', 'Identity', 'Management']);
    const wide = paginateListAccounts({ client: organizations, pageSize: 21 }, {}).next();
    expect(await errorName(wide)).toBe('InvalidInputException');
  });

  test('the parents of a nested account can be followed up to the root', async () => {
    const above = async (ChildId: string) =>
      (await organizations.send(new ListParentsCommand({ ChildId }))).Parents?.[0];
    expect(await above('210987654321')).toEqual({ Id: 'ou-prod-eu', Type: 'ORGANIZATIONAL_UNIT' });
    expect(await above('ou-prod-eu')).toEqual({ Id: 'ou-prod', Type: 'ORGANIZATIONAL_UNIT' });
    expect(await above('ou-prod')).toEqual({ Id: 'r-ab12', Type: 'ROOT' });
    expect(await errorName(above('ou-gone'))).toBe('ChildNotFoundException');
    const named = await organizations.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: 'ou-prod' }));
    expect(named.OrganizationalUnit?.Name).toBe('Production');
  });

  test('the tags of an account and the management account can be read', async () => {
    const tags = await organizations.send(new ListTagsForResourceCommand({ ResourceId: ACCOUNT }));
    expect(tags.Tags).toEqual([{ Key: 'env', Value: 'prod' }]);
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization?.MasterAccountId).toBe(MANAGEMENT);
  });
});
