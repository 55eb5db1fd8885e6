import type { Directory } from '../../core/model/directory.ts';
import { createDirectory } from '../../gateways/identity-center/directory.ts';
import { BREAK_GLASS, PRODUCTION } from '../core/access/requests.ts';
import { FakeDirectory } from '../core/access/services.ts';
import { emulateAws } from './emulated.ts';

/** The directory, and changes that an administrator might make to it. */
interface Subject {
  readonly directory: Directory;
  disable(userId: string): void;
  closeAccount(accountId: string): void;
  /** Gives another user this e-mail address as well. */
  share(email: string, userId: string): void;
}

function inMemory(): Subject {
  const directory = new FakeDirectory();
  return {
    directory,
    disable: (id) => directory.change(id, { enabled: false }),
    closeAccount: (id) => {
      directory.accounts = directory.accounts.map((account) => ({ ...account, active: account.id !== id }));
    },
    share: (email, id) => directory.change(id, { email }),
  };
}

function inAws(): Subject & { aws: ReturnType<typeof emulateAws> } {
  const aws = emulateAws();
  const user = (id: string) => aws.world.users.find((one) => one.id === id) as (typeof aws.world.users)[0];
  return {
    aws,
    directory: createDirectory(aws),
    disable: (id) => {
      user(id).status = 'DISABLED';
    },
    closeAccount: (id) => {
      for (const account of aws.world.accounts) if (account.id === id) account.status = 'PENDING_CLOSURE';
    },
    // GetUserId returns one user for an e-mail address; a second match is a user whose user name is that address.
    share: (email, id) => {
      user(id).userName = email;
      user('user-ana').userName = 'ana';
    },
  };
}

describe.each<[string, () => Subject]>([
  ['in memory', inMemory],
  ['in AWS', inAws],
])('the directory %s', (_where, create) => {
  it('describes a person by id', async () => {
    expect(await create().directory.user('user-ana')).toMatchObject({
      id: 'user-ana',
      userName: 'ana@example.com',
      email: 'ana@example.com',
      enabled: true,
    });
  });

  it('says that a person is disabled, so that they are given no access', async () => {
    const { directory, disable } = create();
    disable('user-ana');
    expect(await directory.user('user-ana')).toMatchObject({ enabled: false });
  });

  it('finds a person by e-mail address, and both if two match', async () => {
    const { directory, share } = create();
    expect(await directory.userIdsByEmail('ana@example.com')).toEqual(['user-ana']);
    share('ana@example.com', 'user-ben');
    expect(new Set(await directory.userIdsByEmail('ana@example.com'))).toEqual(new Set(['user-ana', 'user-ben']));
  });

  it('knows the groups of a person and the people of a group', async () => {
    const { directory } = create();
    expect(await directory.groupIdsOf('user-cleo')).toEqual(['group-leads']);
    expect(await directory.memberIdsOf('group-leads')).toEqual(['user-cleo', 'user-dan']);
    expect(await directory.memberIdsOf('group-oncall')).toEqual([]);
    expect(await directory.group('group-leads')).toMatchObject({ id: 'group-leads' });
  });

  it('finds a group by its name', async () => {
    const { directory } = create();
    const { name = '' } = (await directory.group('group-leads')) ?? {};
    expect(await directory.groupIdByName(name)).toBe('group-leads');
  });

  it('describes an account, and says when it is closing', async () => {
    const { directory, closeAccount } = create();
    expect(await directory.account(PRODUCTION)).toEqual({ id: PRODUCTION, name: 'Production', active: true });
    closeAccount(PRODUCTION);
    expect(await directory.account(PRODUCTION)).toMatchObject({ active: false });
  });

  it('knows the organizational units of an account from the root down, and its tags', async () => {
    const { directory } = create();
    expect(await directory.ouPathOf(PRODUCTION)).toEqual(['r-ab12', 'ou-prod']);
    expect(await directory.tagsOf(PRODUCTION)).toEqual({ env: 'prod' });
  });

  it('knows a permission set and how long its sessions last', async () => {
    expect(await create().directory.permissionSet(BREAK_GLASS)).toMatchObject({
      arn: BREAK_GLASS,
      name: 'BreakGlassAdmin',
      sessionSeconds: 3600,
    });
  });

  it('says of what does not exist that it does not exist, instead of failing', async () => {
    const { directory } = create();
    const unknown = [
      directory.user('user-zoe'),
      directory.group('group-none'),
      directory.groupIdByName('None'),
      directory.memberIdsOf('group-none'),
      directory.account('000000000000'),
      directory.permissionSet('arn:aws:sso:::permissionSet/ssoins-12345/ps-none'),
    ];
    expect(await Promise.all(unknown)).toEqual(unknown.map(() => undefined));
    expect(await directory.userIdsByEmail('zoe@example.com')).toEqual([]);
  });
});

describe('the directory in AWS', () => {
  const looks: [string, (directory: Directory) => Promise<unknown>][] = [
    ['identitystore:DescribeUser', (directory) => directory.user('user-ana')],
    ['identitystore:GetUserId', (directory) => directory.userIdsByEmail('ana@example.com')],
    ['identitystore:ListGroupMembershipsForMember', (directory) => directory.groupIdsOf('user-ana')],
    ['identitystore:ListGroupMemberships', (directory) => directory.memberIdsOf('group-leads')],
    ['organizations:DescribeAccount', (directory) => directory.account(PRODUCTION)],
    ['organizations:ListParents', (directory) => directory.ouPathOf(PRODUCTION)],
    ['organizations:ListTagsForResource', (directory) => directory.tagsOf(PRODUCTION)],
    ['sso-admin:DescribePermissionSet', (directory) => directory.permissionSet(BREAK_GLASS)],
  ];

  it.each(looks)('does not call absent what it could not read: %s', async (operation, look) => {
    for (const error of ['ThrottlingException', 'AccessDeniedException']) {
      const { aws, directory } = inAws();
      aws.faults.add({ operation, error, times: 'forever' });
      await expect(look(directory)).rejects.toMatchObject({ name: error });
    }
  });

  it('reads every page of a large group, and of a person in many groups', async () => {
    const { aws, directory } = inAws();
    for (let n = 0; n < 230; n++) {
      aws.world.memberships.push({ id: `m-${n}`, groupId: 'group-oncall', userId: `user-${n}` });
      aws.world.groups.push({ id: `group-${n}`, displayName: `Group ${n}` });
      aws.world.memberships.push({ id: `n-${n}`, groupId: `group-${n}`, userId: 'user-ben' });
    }
    expect(await directory.memberIdsOf('group-oncall')).toHaveLength(230);
    expect(await directory.groupIdsOf('user-ben')).toHaveLength(231);
  });

  it('follows nested organizational units to the root', async () => {
    expect(await inAws().directory.ouPathOf('210987654321')).toEqual(['r-ab12', 'ou-prod', 'ou-prod-eu']);
  });

  it.each([
    ['PT1H30M', 5400],
    ['PT12H', 43_200],
    ['PT90M', 5400],
  ])('reads a session of %s as %d seconds', async (sessionDuration, seconds) => {
    const { aws, directory } = inAws();
    for (const set of aws.world.permissionSets) set.sessionDuration = sessionDuration;
    expect(await directory.permissionSet(BREAK_GLASS)).toMatchObject({ sessionSeconds: seconds });
  });

  it('assumes the longest session if the duration cannot be read, so that credentials are not called expired too early', async () => {
    const { aws, directory } = inAws();
    for (const set of aws.world.permissionSets) set.sessionDuration = 'P1D';
    expect(await directory.permissionSet(BREAK_GLASS)).toMatchObject({ sessionSeconds: 43_200 });
  });
});

test('a person is found by their e-mail address although Slack has it with capital letters', async () => {
  const { directory } = inAws();
  const wanted = await directory.userIdsByEmail('cleo@example.com');
  expect(wanted).toEqual(['user-cleo']);
  expect(await directory.userIdsByEmail('Cleo@Example.COM')).toEqual(wanted);
});
