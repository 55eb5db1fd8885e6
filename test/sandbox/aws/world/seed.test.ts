import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorld } from '../../../../sandbox/aws/world/create-world.ts';
import { defaultSeed, InvalidSeedError, loadSeed, readSeed } from '../../../../sandbox/aws/world/seed.ts';

describe('the default seed', () => {
  const seed = defaultSeed();
  const named = (list: readonly { id: string; name: string }[]) =>
    Object.fromEntries(list.map(({ id, name }) => [id, name]));

  test('has the accounts and permission sets that the documents and tests name', () => {
    expect(named(seed.accounts)).toMatchObject({
      '123456789012': 'Production',
      '210987654321': 'Production EU',
      '234567890123': 'Staging',
      '345678901234': 'Sandbox',
      '999999999999': 'Management',
    });
    const prefix = 'arn:aws:sso:::permissionSet/ssoins-12345/';
    expect(Object.fromEntries(seed.permissionSets.map(({ arn, name }) => [arn.replace(prefix, ''), name]))).toEqual({
      'ps-12345': 'BreakGlassAdmin',
      'ps-admin': 'AdministratorAccess',
      'ps-power': 'PowerUserAccess',
      'ps-read': 'ReadOnlyAccess',
    });
    expect(new Set(seed.permissionSets.map(({ sessionDuration }) => sessionDuration))).toEqual(new Set(['PT1H']));
    expect(seed.accounts.find(({ id }) => id === '210987654321')?.ou).toBe('ou-prod-eu');
    expect(seed.organizationalUnits.find(({ id }) => id === 'ou-prod-eu')?.parent).toBe('ou-prod');
  });

  test('has the people, in Slack, in the directory and in their groups', () => {
    expect(Object.fromEntries(seed.groups.map(({ id, members }) => [id, members]))).toEqual({
      'group-sre': ['user-ana'],
      'group-developers': ['user-ben'],
      'group-leads': ['user-cleo', 'user-dan'],
      'group-directors': ['user-dan'],
      'group-platform': ['user-eva'],
      'group-oncall': [],
    });
    const slack = new Map(seed.slack.users.map((user) => [user.id, user]));
    expect(slack.get('U0EVE')).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
    expect(slack.get('U0FAY')).toMatchObject({ is_restricted: true });
    expect(slack.get('U0GUS')).toMatchObject({ email: 'gus@example.com', is_bot: false, deleted: false });
    const emails = seed.users.map(({ email }) => email);
    for (const name of ['gus', 'eve', 'fay']) expect(emails).not.toContain(`${name}@example.com`);
    expect(seed.slack.channels.map(({ id }) => id)).toEqual(['C0ALERTS', 'C0ACCESS']);
  });

  test('has the access records in the form of the DynamoDB console', () => {
    const records = new Map(seed.accessRecords.map((record) => [record.id?.S, record]));
    expect(records.get('principal#U0DAN')).toEqual({ id: { S: 'principal#U0DAN' }, ssoPrincipal: { S: 'user-dan' } });
    expect(records.has('principal#U0GUS')).toBe(false);
    expect(records.has('access#123456789012#arn:aws:sso:::permissionSet/ssoins-12345/ps-12345#user-ana')).toBe(true);
    expect(records.get('policy#developers-production')).toMatchObject({
      effect: { S: 'allow' },
      accounts: { L: [{ S: 'ou:ou-prod' }] },
      approval: { M: { approvers: { L: [{ S: 'group:Leads' }] }, count: { N: '1' } } },
    });
    expect([...records.keys()].filter((id) => String(id).startsWith('policy#'))).toHaveLength(5);
  });

  test('makes worlds that share no objects, so that one sandbox cannot change the next', () => {
    const first = createWorld(seed);
    first.accounts.pop();
    first.memberships.pop();
    first.ses.identities.push('elsewhere.com');
    const second = createWorld(seed);
    expect(second.accounts).toHaveLength(seed.accounts.length);
    expect(second.memberships).toHaveLength(6);
    expect(second.ses.identities).toEqual(['example.com']);
  });
});

describe('a seed file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seed-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return loadSeed(file);
  };

  test('in YAML changes only the fields it names', () => {
    const seed = load('seed.yaml', 'identityCenter:\n  provisioningSeconds: 30\nmail:\n  identities: [example.org]\n');
    expect(seed.identityCenter).toEqual({ ...defaultSeed().identityCenter, provisioningSeconds: 30 });
    expect(seed.mail).toEqual({ identities: ['example.org'], productionAccess: true });
    expect(seed.accounts).toEqual(defaultSeed().accounts);
  });

  test('may also be JSON', () => {
    const standing = {
      principalType: 'GROUP',
      principalId: 'group-sre',
      accountId: '123456789012',
      permissionSetArn: defaultSeed().permissionSets[3]?.arn,
    };
    const world = createWorld(load('seed.json', JSON.stringify({ assignments: [standing] })));
    expect(world.assignments).toMatchObject([standing]);
  });

  test('that is empty gives the default seed', () => {
    expect(load('empty.yaml', '')).toEqual(defaultSeed());
  });

  test.each([
    ['an unknown key', { acounts: [] }, /acounts/],
    [
      'an unknown nested key',
      { users: [{ id: 'u', userName: 'u', displayName: 'U', email: 'u@example.com', mail: 1 }] },
      /users\[0\].*mail/,
    ],
    [
      'a wrong account id',
      { accounts: [{ id: '12', name: 'x', email: 'x@example.com', ou: 'ou-prod' }] },
      /accounts\[0\]\.id: must be twelve digits/,
    ],
    [
      'a session without unit',
      { permissionSets: [{ arn: 'arn:x', name: 'X', sessionDuration: '1h' }] },
      /permissionSets\[0\]\.sessionDuration/,
    ],
    [
      'an access record without id',
      { accessRecords: [{ ssoPrincipal: { S: 'x' } }] },
      /accessRecords\[0\]: needs an id/,
    ],
    [
      'an unknown group member',
      { groups: [{ id: 'g', displayName: 'G', members: ['user-zoe'] }] },
      /groups\[0\]\.members\[0\]: there is no user user-zoe/,
    ],
    [
      'an organizational unit within itself',
      {
        organizationalUnits: [
          { id: 'ou-prod', name: 'A', parent: 'ou-b' },
          { id: 'ou-b', name: 'B', parent: 'ou-prod' },
        ],
      },
      /lies within itself/,
    ],
    [
      'a name used twice',
      {
        groups: [
          { id: 'a', displayName: 'Same' },
          { id: 'b', displayName: 'Same' },
        ],
      },
      /groups\[1\]\.displayName: Same is there twice/,
    ],
    [
      'an assignment of an unknown permission set',
      {
        assignments: [
          { principalType: 'USER', principalId: 'user-ana', accountId: '123456789012', permissionSetArn: 'arn:none' },
        ],
      },
      /assignments\[0\]\.permissionSetArn/,
    ],
    ['a list', [], /a seed is an object/],
  ])('with %s is refused with the name of the field', (_what, override, message) => {
    expect(() => readSeed(override)).toThrow(InvalidSeedError);
    expect(() => readSeed(override)).toThrow(message);
  });

  test('that cannot be read, parsed or applied gives an error with the reason', () => {
    expect(() => loadSeed(join(folder, 'none.yaml'))).toThrow(/none.yaml cannot be read/);
    expect(() => load('broken.yaml', 'a: [')).toThrow(/neither JSON nor YAML/);
    const seed = readSeed({ cloudTrail: { records: [{ eventName: 'x' }] } });
    expect(() => createWorld(seed)).toThrow('cloudTrail.records[0]: eventTime is missing');
  });
});
