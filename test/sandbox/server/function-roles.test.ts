import { FUNCTION_NAMES } from '../../../lambdas/shared/environment-names.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import type { World } from '../../../sandbox/aws/world/world.ts';
import { FUNCTIONS_KEY_ID, settingsFor } from '../../../sandbox/server/environment.ts';
import { createAuthorizer, type Refused } from '../../../sandbox/server/function-roles.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-12345';
const BREAK_GLASS = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
const READER = 'GlasshammerActivityReader';
const ACCESS_TABLE = 'glasshammer-access';
const REQUEST_TABLE = 'glasshammer-requests';

let world: World;
let refused: Refused[];
let authorize: ReturnType<typeof createAuthorizer>;

beforeEach(() => {
  world = createWorld(readSeed({}));
  refused = [];
  const settings = settingsFor(world, { teamId: 'T0HOME' });
  authorize = createAuthorizer(
    world,
    () => settings,
    (refusal) => refused.push(refusal),
  );
});

/** The reason why a call is refused; `undefined` if it is allowed. @param operation `service:Operation` */
function ask(functionName: string | undefined, operation: string, input: unknown = {}, accessKeyId = FUNCTIONS_KEY_ID) {
  const [service = '', name = ''] = operation.split(':');
  return authorize({
    ...(functionName === undefined ? {} : { functionName }),
    accessKeyId,
    service,
    operation: name,
    input,
    request: { method: 'POST', path: '/', headers: {}, body: Buffer.alloc(0) },
  });
}

const whoMay = (operation: string, input: unknown) =>
  FUNCTION_NAMES.filter((name) => ask(name, operation, input) === undefined);

const assignment = (accountId = '123456789012', permissionSetArn = BREAK_GLASS) => ({
  InstanceArn: INSTANCE,
  TargetId: accountId,
  TargetType: 'AWS_ACCOUNT',
  PermissionSetArn: permissionSetArn,
  PrincipalType: 'USER',
  PrincipalId: 'user-ana',
});

describe('the roles of the functions', () => {
  test('only grant-access can create an assignment, and only revoke-access and sweep-access can delete one', () => {
    expect(whoMay('sso-admin:CreateAccountAssignment', assignment())).toEqual(['grant-access']);
    const removers = new Set(whoMay('sso-admin:DeleteAccountAssignment', assignment()));
    expect(removers).toEqual(new Set(['revoke-access', 'sweep-access']));
  });

  test('a permission set outside of the configuration is refused even to grant-access', () => {
    expect(
      ask('grant-access', 'sso-admin:CreateAccountAssignment', assignment('123456789012', `${BREAK_GLASS}9`)),
    ).toBe(
      `User: grant-access is not authorized to perform: sso:CreateAccountAssignment on resource: ${BREAK_GLASS}9 ` +
        'because no identity-based policy allows the sso:CreateAccountAssignment action',
    );
    expect(refused).toEqual([
      { role: 'grant-access', action: 'sso:CreateAccountAssignment', resource: `${BREAK_GLASS}9` },
    ]);
  });

  test('grant-access is denied the management account although the configuration has all accounts', () => {
    expect(ask('grant-access', 'sso-admin:CreateAccountAssignment', assignment('999999999999'))).toContain(
      'sso:::account/999999999999 with an explicit deny',
    );
  });

  test('no function can write access records, and only change-policies can write policies', () => {
    const Item = { id: { S: 'policy#mine' } };
    // change-policies writes what one operator has proposed and another has accepted.
    expect(whoMay('dynamodb:PutItem', { TableName: ACCESS_TABLE, Item })).toEqual(['change-policies']);
    expect(whoMay('dynamodb:UpdateItem', { TableName: ACCESS_TABLE, Key: Item })).toEqual([]);
    expect(whoMay('dynamodb:DeleteItem', { TableName: ACCESS_TABLE, Key: Item })).toEqual(['change-policies']);
    for (const id of ['principal#U0ANA', 'person#ana', 'access#123456789012#ps-1#user-ana'])
      expect(whoMay('dynamodb:PutItem', { TableName: ACCESS_TABLE, Item: { id: { S: id } } })).toEqual([]);
    const hidden = { TransactItems: [{ Put: { TableName: REQUEST_TABLE } }, { Put: { TableName: ACCESS_TABLE } }] };
    expect(whoMay('dynamodb:TransactWriteItems', hidden)).toEqual([]);
  });

  test('a transaction needs the right to each write, a batch to each table, and a query to its index', () => {
    const click = { TransactItems: [{ Put: { TableName: REQUEST_TABLE } }, { Put: { TableName: REQUEST_TABLE } }] };
    expect(ask('access-requested', 'dynamodb:TransactWriteItems', click)).toBeUndefined();
    expect(ask('hold-access', 'dynamodb:TransactWriteItems', click)).toContain('dynamodb:PutItem');
    const both = { RequestItems: { [ACCESS_TABLE]: {}, [REQUEST_TABLE]: {} } };
    expect(ask('grant-access', 'dynamodb:BatchGetItem', both)).toBeUndefined();
    expect(ask('revoke-access', 'dynamodb:BatchGetItem', both)).toContain('dynamodb:BatchGetItem');
    const query = { TableName: REQUEST_TABLE, IndexName: 'by-state' };
    expect(ask('sweep-access', 'dynamodb:Query', query)).toBeUndefined();
    expect(ask('sweep-access', 'dynamodb:Query', { TableName: REQUEST_TABLE })).toContain(`table/${REQUEST_TABLE} `);
  });

  test('a function can write only its own kinds of items, also in a transaction', () => {
    const lease = { id: { S: 'assignment#user-ana#123456789012#arn' } };
    expect(new Set(whoMay('dynamodb:UpdateItem', { TableName: REQUEST_TABLE, Key: lease }))).toEqual(
      new Set([
        'grant-access',
        'check-assignment',
        'revoke-access',
        'cut-sessions',
        'sweep-access',
        'watch-assignments',
      ]),
    );
    expect(whoMay('dynamodb:PutItem', { TableName: REQUEST_TABLE, Item: lease })).toEqual(['sweep-access']);
    const press = { Put: { TableName: REQUEST_TABLE, Item: { id: { S: 'click#1' } } } };
    const request = { Put: { TableName: REQUEST_TABLE, Item: { id: { S: 'req-1' } } } };
    const forged = { Put: { TableName: REQUEST_TABLE, Item: lease } };
    const write = (...TransactItems: object[]) =>
      ask('access-requested', 'dynamodb:TransactWriteItems', { TransactItems });
    expect(write(request, press)).toBeUndefined();
    expect(write(request, forged)).toContain('explicit deny');
  });

  test('people can be added to and removed from configured groups only', () => {
    const store = { IdentityStoreId: world.identityStoreId };
    const join = (GroupId: string) => ({ ...store, GroupId, MemberId: { UserId: 'user-ana' } });
    expect(whoMay('identitystore:CreateGroupMembership', join('group-oncall'))).toEqual(['grant-access']);
    world.memberships.push({ id: 'm-1', groupId: 'group-secret', userId: 'user-ana' });
    expect(ask('grant-access', 'identitystore:CreateGroupMembership', join('group-secret'))).toContain('group-secret');
    expect(ask('revoke-access', 'identitystore:DeleteGroupMembership', { ...store, MembershipId: 'm-1' })).toContain(
      'group-secret',
    );
  });

  test('only report-on-access can assume the reader role, and only in accounts of the organization', () => {
    const role = (accountId: string, name = READER) => ({ RoleArn: `arn:aws:iam::${accountId}:role/${name}` });
    expect(whoMay('sts:AssumeRole', role('123456789012'))).toEqual(['report-on-access']);
    expect(ask('report-on-access', 'sts:AssumeRole', role('555555555555'))).toContain('555555555555');
    expect(ask('report-on-access', 'sts:AssumeRole', role('123456789012', 'Admin'))).toContain('role/Admin');
  });

  test('only three functions can send mail, and only from the configured sender', () => {
    const mail = (from: string) => ({
      FromEmailAddress: from,
      Destination: { ToAddresses: ['security@example.com'] },
    });
    expect(whoMay('sesv2:SendEmail', mail('glasshammer@example.com'))).toEqual([
      'ask-for-approval',
      'announce-access',
      'report-on-access',
    ]);
    expect(ask('report-on-access', 'sesv2:SendEmail', mail('boss@example.com'))).toContain('ses:SendEmail');
  });

  test('an operation without a right is refused to every function', () => {
    expect(whoMay('sso-admin:DeletePermissionSet', { InstanceArn: INSTANCE })).toEqual([]);
    expect(whoMay('dynamodb:DeleteTable', { TableName: ACCESS_TABLE })).toEqual([]);
    expect(ask('no-such-function', 'dynamodb:GetItem', { TableName: REQUEST_TABLE })).toContain('not authorized');
  });
});

describe('the credentials of a call', () => {
  beforeEach(() => {
    const session = { accountId: '123456789012', sessionName: 'glasshammer', expiresAtMs: 0 };
    world.sessions.ASIA1 = { ...session, roleArn: `arn:aws:iam::123456789012:role/${READER}` };
    world.sessions.ASIA2 = { ...session, roleArn: 'arn:aws:iam::123456789012:role/Admin' };
  });

  test('a session of the reader role can read events and nothing else', () => {
    expect(ask('report-on-access', 'cloudtrail:LookupEvents', {}, 'ASIA1')).toBeUndefined();
    expect(ask('grant-access', 'sso-admin:CreateAccountAssignment', assignment(), 'ASIA1')).toContain(READER);
    expect(ask('report-on-access', 'cloudtrail:LookupEvents', {}, 'ASIA2')).toContain('cloudtrail:LookupEvents');
    expect(ask('report-on-access', 'cloudtrail:LookupEvents')).toContain('cloudtrail:LookupEvents');
  });

  test('a call with the key of the functions but without a function has no rights', () => {
    expect(ask(undefined, 'dynamodb:GetItem', { TableName: REQUEST_TABLE })).toContain('User: nobody');
  });

  test('a call with the key of an administrator is not checked against the rights of the functions', () => {
    expect(ask(undefined, 'sso-admin:DeleteAccountAssignment', assignment(), 'AKIAADMIN')).toBeUndefined();
    expect(refused).toEqual([]);
  });
});
