import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documentClientOver } from '../../gateways/dynamodb/document-client.ts';
import { createAccessTableWriter } from '../../gateways/dynamodb/policies/access-table-writer.ts';
import { sha256 } from '../../lambdas/shared/sha256.ts';
import { type Harness, startHarness } from '../sandbox/aws/harness.ts';
import { run } from './run.ts';

const key = (name: string) => ({
  TableName: name,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
});

let harness: Harness;
let client: DynamoDBDocumentClient;

beforeEach(async () => {
  harness = await startHarness({}, { tables: [key('access'), key('requests')] });
  client = documentClientOver(new DynamoDBClient(harness.inProcess()));
});

afterEach(() => harness.close());

let ids = 0;
const table = () =>
  createAccessTableWriter({
    client,
    accessTable: 'access',
    requestTable: 'requests',
    newId: () => `id-${++ids}`,
    sha256,
  });
const command = (line: string, files: Record<string, string> = {}, written = new Map<string, string>()) =>
  run(line, { files, table: table(), written });
const stored = async (id: string) => (await client.send(new GetCommand({ TableName: 'access', Key: { id } }))).Item;
const requestItems = async () => (await client.send(new ScanCommand({ TableName: 'requests' }))).Items ?? [];
const version = async () => (await requestItems()).find(({ id }) => id === 'control#access-version')?.version;

const POLICIES = `
- name: one
  effect: allow
  who: [group:SRE]
  accounts: ["123456789012"]
  permissionSets: [AdministratorAccess]
  maxDuration: 1h
- { name: two, effect: deny, who: [everyone], accounts: ["999999999999"] }
`;

test('an older version of Glasshammer does not write to tables of a newer version', async () => {
  const Item = { id: 'control#schema', version: 2 };
  await client.send(new PutCommand({ TableName: 'requests', Item }));
  const { code, err } = await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
  expect({ code, err }).toEqual({
    code: 1,
    err: 'NewerSchemaError: the tables are of version 2, and this version of Glasshammer knows 1: deploy the newer one again\n',
  });
  expect(await stored('policy#one')).toBeUndefined();
});

describe('policy push', () => {
  test('says what would change and writes nothing without --yes', async () => {
    const { code, out, err } = await command('policy push p.yaml', { 'p.yaml': POLICIES });
    expect({ code, out }).toEqual({ code: 2, out: 'add one\nadd two\n' });
    expect(err).toContain('repeat with --yes');
    expect(await stored('policy#one')).toBeUndefined();
    expect(await requestItems()).toEqual([]);
  });

  test('writes the policies, the next version of the table, and an audit event that names the operator', async () => {
    expect(await command('policy push p.yaml --yes', { 'p.yaml': POLICIES })).toEqual({
      code: 0,
      out: 'add one\nadd two\n2 written\n',
      err: '',
    });
    expect(await stored('policy#one')).toEqual({
      id: 'policy#one',
      effect: 'allow',
      who: ['group:SRE'],
      accounts: ['123456789012'],
      permissionSets: ['AdministratorAccess'],
      maxDuration: '1h',
    });
    expect(await version()).toBe(1);
    expect((await requestItems()).find(({ type }) => type === 'policy-pushed')).toMatchObject({
      at: '2026-01-05T09:00:00.000Z',
      by: 'cli:arn:aws:sts::456789012345:assumed-role/Operators/olga',
      ids: ['policy#two', 'policy#one'],
    });
  });

  test('a second push changes nothing', async () => {
    await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
    expect(await command('policy push p.yaml --yes', { 'p.yaml': POLICIES })).toEqual({
      code: 0,
      out: 'the table holds exactly these policies\n',
      err: '',
    });
    expect(await version()).toBe(1);
  });

  test('removes policies that the file does not have, and changes those that differ', async () => {
    await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
    const next = '- { name: two, effect: deny, who: [everyone] }\n';
    const { out } = await command('policy push p.yaml --yes', { 'p.yaml': next });
    expect(out).toBe('remove one\nchange two\n  accounts: ["999999999999"] -> nothing\n2 written\n');
    expect(await stored('policy#one')).toBeUndefined();
    expect(await stored('policy#two')).toEqual({ id: 'policy#two', effect: 'deny', who: ['everyone'] });
  });

  test('a push is stopped by what policy check finds with the records of the table and the configuration', async () => {
    const id = 'access#123456789012#arn:aws:sso:::permissionSet/ssoins-12345/ps-1#g-oncall';
    await client.send(new PutCommand({ TableName: 'access', Item: { id } }));
    const files = {
      'p.yaml': '- { name: oncall, effect: allow, who: [everyone], groups: [g-oncall], maxDuration: 1h }\n',
      'own.yaml':
        '- { name: own, effect: allow, who: [everyone], accounts: ["999999999999"], permissionSets: ["*"] }\n',
      'd.yaml': 'accounts:\n  - { id: "999999999999", name: Management }\n',
      'glasshammer.config.ts': 'as it stands in this checkout',
    };
    const { code, err } = await command('policy push p.yaml --yes', files);
    expect([code, err]).toEqual([2, expect.stringContaining(`access record "${id}": it is for group:g-oncall`)]);
    expect(await requestItems()).toEqual([]);
    const given = await command('policy push own.yaml --directory d.yaml --config glasshammer.config.ts', files);
    expect(given.out).toContain('policy "own": the configuration gives nobody access in Management');
    expect((await command('policy push own.yaml --config none.ts', files)).code).toBe(2);
  });

  test('files with errors are not pushed', async () => {
    const { code, err } = await command('policy push p.yaml --yes', {
      'p.yaml': `${POLICIES}- { name: three, effect: deny, who: [] }\n`,
    });
    expect(code).toBe(2);
    expect(err).toContain('policy "three": who');
    expect(await requestItems()).toEqual([]);
  });

  test.each<[string, object]>([
    ['adds hours', { hours: { timeZone: 'UTC' } }],
    ['adds endsWith', { endsWith: ['policy'] }],
    ['adds a cooldown', { cooldown: '1h' }],
    ['names another group', { who: ['group:Other'] }],
    ['shortens maxDuration', { maxDuration: '30m' }],
  ])('does not overwrite a policy if somebody else %s meanwhile', async (_what, edit) => {
    await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
    const real = table();
    const late = {
      ...real,
      apply: async (...args: Parameters<typeof real.apply>) => {
        // Between the read and the write of the push, somebody edits the record in the DynamoDB console.
        await client.send(new PutCommand({ TableName: 'access', Item: { ...(await stored('policy#one')), ...edit } }));
        return real.apply(...args);
      },
    };
    const files = { 'p.yaml': POLICIES.replace('1h', '8h') };
    const { code, err } = await run('policy push p.yaml --yes', { files, table: late });
    expect(code).toBe(2);
    expect(err).toContain('somebody else has changed policy#one meanwhile');
    expect(await stored('policy#one')).toMatchObject(edit);
    expect(await version()).toBe(1);
  });

  test('writes all policies when they need more than one transaction', async () => {
    const many = Array.from({ length: 130 }, (_, n) => `- { name: p-${n}, effect: deny, who: [user:u-${n}] }`).join(
      '\n',
    );
    const { out } = await command('policy push p.yaml --yes', { 'p.yaml': many });
    expect(out).toContain('130 written\n');
    expect(await version()).toBe(2);
  });
});

test('policy diff prints what a push would change and writes nothing', async () => {
  expect(await command('policy diff p.yaml', { 'p.yaml': POLICIES })).toEqual({
    code: 0,
    out: 'add one\nadd two\n',
    err: '',
  });
  expect(await requestItems()).toEqual([]);
});

test('policy pull gives a file that pushes back to the same table', async () => {
  await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
  await client.send(
    new PutCommand({
      TableName: 'access',
      Item: { id: 'policy#typed', effect: 'deny', who: new Set(['user:b', 'user:a']) },
    }),
  );
  const written = new Map<string, string>();
  await command('policy pull --out pulled.yaml', {}, written);
  const { out } = await command('policy diff pulled.yaml', { 'pulled.yaml': written.get('pulled.yaml') ?? '' });
  expect(out).toBe('the table holds exactly these policies\n');
  expect((await command('policy pull')).out).toBe(written.get('pulled.yaml'));
});

test('policy explain reads the table, and refuses while a deny in it cannot be read', async () => {
  const directory = `
users: [{ id: user-ana, userName: ana, groups: [g] }]
groups: [{ id: g, name: SRE }]
accounts: [{ id: "123456789012", name: Production }]
permissionSets: [{ arn: "arn:aws:sso:::permissionSet/s/p", name: AdministratorAccess }]
`;
  const line =
    'policy explain --directory d.yaml --user ana --account Production --permission-set AdministratorAccess --json';
  await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
  expect(JSON.parse((await command(line, { 'd.yaml': directory })).out)).toMatchObject({
    outcome: 'granted',
    path: 'one',
  });
  // An unknown field, and a mistyped id that is not read as that of a policy: the functions refuse for both, too.
  for (const Item of [
    { id: 'policy#typo', effect: 'deny', whom: ['everyone'] },
    { id: ' policy #x', effect: 'deny', who: ['everyone'] },
  ]) {
    await client.send(new PutCommand({ TableName: 'access', Item }));
    const { code, out } = await command(line, { 'd.yaml': directory });
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ refusal: 'policy-unreadable' });
    await client.send(new DeleteCommand({ TableName: 'access', Key: { id: Item.id } }));
  }
});

describe('principal', () => {
  const directory = {
    'd.yaml':
      'users:\n  - { id: user-ana, userName: ana, email: ana@example.com }\n  - { id: user-b, userName: b, email: b@example.com }\n',
  };

  test('set stores the Identity Center user of a Slack user, by id, or by name with a directory', async () => {
    expect(await command('principal set U0ANA user-ana')).toEqual({ code: 0, out: 'U0ANA is user-ana\n', err: '' });
    expect((await command('principal set U0ANA ANA@example.com --directory d.yaml', directory)).out).toBe(
      'U0ANA is user-ana already\n',
    );
    expect((await command('principal set U0ANA b --directory d.yaml', directory)).out).toBe(
      'U0ANA is user-b, no longer user-ana\n',
    );
    expect(await stored('principal#U0ANA')).toEqual({ id: 'principal#U0ANA', ssoPrincipal: 'user-b' });
    expect(await version()).toBe(2);
  });

  test('list prints all records, also those that cannot be read', async () => {
    await command('principal set U0ANA user-ana');
    await client.send(new PutCommand({ TableName: 'access', Item: { id: 'principal#U0BEN' } }));
    expect((await command('principal list')).out).toBe(
      'U0ANA\tuser-ana\nU0BEN\tcannot be read: principal record "principal#U0BEN": ssoPrincipal is missing; it holds the Identity Center user id\n',
    );
  });

  test('remove deletes one record, and removing it again is harmless', async () => {
    await command('principal set U0ANA user-ana');
    expect((await command('principal remove U0ANA')).out).toBe('U0ANA is no longer user-ana\n');
    expect((await command('principal remove U0ANA')).out).toBe('U0ANA has no record\n');
    expect(await stored('principal#U0ANA')).toBeUndefined();
  });

  test('removing one Slack user never touches another whose id begins the same', async () => {
    await command('principal set U0AN user-b');
    await command('principal set U0ANA user-ana');
    await command('principal remove U0AN');
    expect(await stored('principal#U0ANA')).toBeDefined();
  });

  test.each<[string, string]>([
    ['principal set ana user-ana', 'slack-id must be the id of a Slack user'],
    ['principal set U0ANA ana@example.com', 'user must be an Identity Center user id, not ana@example.com'],
    ['principal set U0ANA zoe --directory d.yaml', 'there is no user zoe'],
    ['principal set U0ANA', "missing required argument 'user'"],
  ])('%s is refused as bad input', async (line, problem) => {
    const { code, err } = await command(line, directory);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

test('without the name of the table the command says how to give it', async () => {
  const { code, err } = await run('policy pull', { env: {} });
  expect(code).toBe(2);
  expect(err).toBe('name the access table: --access-table NAME, or ACCESS_TABLE in the environment\n');
});

test('policy diff and policy push warn of a record with a mistyped id and leave it alone', async () => {
  const stray = { id: 'Policy#three', effect: 'deny', who: ['everyone'] };
  await client.send(new PutCommand({ TableName: 'access', Item: stray }));
  await client.send(new PutCommand({ TableName: 'access', Item: { id: 'access#1' } }));
  for (const line of ['policy diff p.yaml', 'policy push p.yaml --yes']) {
    const { code, out } = await command(line, { 'p.yaml': POLICIES });
    expect(code).toBe(0);
    expect(out).toContain('warning: record "Policy#three": its id must begin with');
    expect(out).not.toContain('access#1');
  }
  expect(await stored('Policy#three')).toEqual(stray);
});

test('policy push and policy diff work with attributes of every type that the DynamoDB console can write', async () => {
  const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
  const Item = {
    id: { S: 'policy#one' },
    effect: { S: 'allow' },
    who: { SS: ['group:SRE'] },
    maxDuration: { N: '12345678901234567.5' },
    note: { B: new Uint8Array([1, 2, 3]) },
    notes: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
    counts: { NS: ['1', '2'] },
    nothing: { NULL: true },
    big: { N: '123456789012345678901234567890' },
    nested: { M: { deep: { L: [{ B: new Uint8Array([9]) }, { N: '1' }] } } },
  };
  await new DynamoDBClient(harness.inProcess()).send(new PutItemCommand({ TableName: 'access', Item }));
  const { code, out } = await command('policy diff p.yaml', { 'p.yaml': POLICIES });
  expect(code).toBe(0);
  expect(out).toContain('maxDuration: "12345678901234567.5" -> "1h"');
  expect(out).toContain('note: "binary 010203" -> nothing');
  expect(await command('policy push p.yaml --yes', { 'p.yaml': POLICIES })).toMatchObject({ code: 0 });
  expect(await command('policy diff p.yaml', { 'p.yaml': POLICIES })).toMatchObject({
    code: 0,
    out: 'the table holds exactly these policies\n',
  });
});

describe('a push that removes a deny or many policies', () => {
  const six = Array.from(
    { length: 6 },
    (_, n) => `- { name: p${n}, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"] }\n`,
  );
  const ONE = six[0] ?? '';

  test('is refused when a deny would be removed or become an allow, until --allow-removing gives the number of removals', async () => {
    await command('policy push p.yaml --yes', { 'p.yaml': POLICIES });
    const allowed = POLICIES.replace('effect: deny', 'effect: allow').replace('"] }', '"], permissionSets: ["*"] }');
    for (const text of [ONE, allowed]) {
      const { code, err } = await command('policy push p.yaml --yes', { 'p.yaml': text });
      expect(code).toBe(2);
      expect(err).toContain('two would no longer deny or require anything');
      expect(await stored('policy#two')).toMatchObject({ effect: 'deny' });
    }
    expect(await command('policy push p.yaml --yes --allow-removing 1', { 'p.yaml': ONE })).toMatchObject({ code: 2 });
    expect(await command('policy push p.yaml --yes --allow-removing 2', { 'p.yaml': ONE })).toMatchObject({ code: 0 });
    expect(await stored('policy#two')).toBeUndefined();
  });

  test('is refused when the file has lost most of its policies; removing a few allows needs no option', async () => {
    await command('policy push p.yaml --yes', { 'p.yaml': six.join('') });
    expect((await command('policy push p.yaml --yes', { 'p.yaml': ONE })).err).toContain(
      'repeat with --allow-removing 5',
    );
    expect(await command('policy push p.yaml --yes', { 'p.yaml': six.slice(2).join('') })).toMatchObject({ code: 0 });
    expect((await command('policy push p.yaml --yes --allow-removing all', { 'p.yaml': ONE })).err).toContain(
      'must be a number',
    );
  });
});

describe('policy plan and policy reach', () => {
  const directory = `
users:
  - { id: user-ana, userName: ana, groups: [g] }
  - { id: user-ben, userName: ben, groups: [] }
groups: [{ id: g, name: SRE }]
accounts: [{ id: "123456789012", name: Production }, { id: "210987654321", name: Staging }]
permissionSets: [{ arn: "arn:aws:sso:::permissionSet/s/p", name: AdministratorAccess }]
`;
  const files = { 'd.yaml': directory, 'p.yaml': POLICIES };

  test('plan says who gains and who loses what with no second person, and writes nothing', async () => {
    await command('policy push p.yaml --yes', files);
    const wider = POLICIES.replace('group:SRE', 'user:ben');
    const { code, out } = await command('policy plan p.yaml --directory d.yaml', { ...files, 'p.yaml': wider });
    expect(code).toBe(0);
    expect(out).toBe(
      'change one\n  who: ["group:SRE"] -> ["user:ben"]\n' +
        'gains, with no second person: ben can have AdministratorAccess in Production (123456789012), by one\n' +
        'loses, with no second person: ana can have AdministratorAccess in Production (123456789012), by one\n',
    );
    expect(await stored('policy#one')).toMatchObject({ who: ['group:SRE'] });
  });

  test('reach lists who can have what, also for one account, and --fail-on gives exit code 1 if somebody can have that', async () => {
    const reach = 'policy reach p.yaml --directory d.yaml --alone';
    expect(await command(reach, files)).toMatchObject({
      code: 0,
      out: 'ana can have AdministratorAccess in Production (123456789012), by one\n',
    });
    expect(await command(`${reach} --account Staging --fail-on AdministratorAccess`, files)).toMatchObject({
      code: 0,
      out: '',
    });
    const { code, out } = await command(`${reach} --account Production --json --fail-on AdministratorAccess`, files);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ userId: 'user-ana', path: 'one', target: { accountId: '123456789012' } }]);
    expect(await command(`${reach} --fail-on Nothing`, files)).toMatchObject({ code: 2 });
  });
});
