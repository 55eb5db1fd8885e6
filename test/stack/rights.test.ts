import type { Template } from 'aws-cdk-lib/assertions';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { settingsFrom } from '../../lib/config/settings-from-config.ts';
import { pascalCase } from '../../lib/functions/access-functions.ts';
import { BASE, DEPLOYED, ownersOf, resources, type Statement, sorted, statements, synthesize } from './synthesized.ts';

const SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef';
const INSTANCE = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
const GROUP = { name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' };
const KEY = 'arn:aws:kms:eu-central-1:999999999999:key/11111111-2222-3333-4444-555555555555';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const of = (found: Template, owner: string, action: string): Statement[] =>
  statements(found).filter((s) => s.owner === owner && s.effect === 'Allow' && s.actions.includes(action));

/** The accounts, the permission sets and the instance with which access can be given, over all statements. */
const givableIn = (found: Template): string[] =>
  sorted(of(found, 'GrantAccess', 'sso:CreateAccountAssignment').flatMap(({ resources: where }) => where));

/** Statements about items of the tables, which item-rights.test.ts tests. */
const isAboutItems = ({ actions }: Statement) => actions.every((action) => action.startsWith('dynamodb:'));

test('only grant-access can give access', () => {
  for (const configured of [template, synthesize({ accounts: '*', groups: [GROUP] })]) {
    expect(ownersOf(configured, 'sso:CreateAccountAssignment')).toEqual(['GrantAccess']);
  }
  expect(ownersOf(synthesize({ groups: [GROUP] }), 'identitystore:CreateGroupMembership')).toEqual(['GrantAccess']);
  expect(ownersOf(template, 'identitystore:CreateGroupMembership')).toEqual([]);
});

test('only revoke-access and the sweep can remove an assignment', () => {
  expect(ownersOf(template, 'sso:DeleteAccountAssignment')).toEqual(['RevokeAccess', 'SweepAccess']);
  const withGroups = synthesize({ groups: [GROUP] });
  expect(ownersOf(withGroups, 'identitystore:DeleteGroupMembership')).toEqual(['RevokeAccess', 'SweepAccess']);
});

test('no function can widen who may have what: the access table is only read', () => {
  const writes = [
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'PartiQLInsert',
    'PartiQLUpdate',
    'PartiQLDelete',
  ];
  const [accessTable] = resources(template, 'AWS::DynamoDB::Table')
    .map(([id]) => id)
    .filter((id) => id.startsWith('TablesAccess'));
  const touching = statements(template).filter((s) =>
    s.resources.some((resource) => resource.includes(`<${accessTable}.`)),
  );
  expect(touching.length).toBeGreaterThan(0);
  const granted = touching.flatMap((s) => s.actions);
  expect(granted.filter((action) => writes.includes(action.replace('dynamodb:', '')))).toEqual([]);
});

test('no role can change permission sets, identities or the organization', () => {
  const actions = new Set(statements(template).flatMap((s) => s.actions));
  const changing = [...actions].filter((action) =>
    /^(sso|identitystore|organizations|iam|sts|cloudtrail):(?!Describe|List|Get|IsMember|CreateAccountAssignment|DeleteAccountAssignment|AssumeRole)/.test(
      action,
    ),
  );
  expect(changing).toEqual([]);
  // Only the report may read AWS managed policies, and nothing of an account's own.
  const onIam = statements(template).filter((s) => s.actions.some((action) => action.startsWith('iam:')));
  expect(onIam.map(({ owner, actions: some, resources: where }) => ({ owner, some, where }))).toEqual([
    { owner: 'ReportOnAccess', some: ['iam:GetPolicy', 'iam:GetPolicyVersion'], where: ['arn:aws:iam::aws:policy/*'] },
  ]);
});

test('no right names a whole service: every action is written out', () => {
  const all = [template, synthesize({ accounts: '*', groups: [GROUP], kmsKeyArn: KEY })].flatMap(statements);
  expect(all.filter((s) => s.actions.some((action) => action.includes('*')))).toEqual([]);
});

test('every resource with a wildcard is one that could not be narrower', () => {
  const JUSTIFIED: Record<string, RegExp> = {
    '*': /^(xray:(PutTraceSegments|PutTelemetryRecords|GetSampling(Rules|Targets))|logs:(Create|Get|Update|Delete)LogDelivery|logs:ListLogDeliveries|logs:PutResourcePolicy|logs:Describe(ResourcePolicies|LogGroups)|organizations:ListAccounts)$/,
    'arn:aws:identitystore:::user/*': /^identitystore:/,
    'arn:aws:identitystore:::group/*': /^identitystore:(Describe|Get|List|IsMember)/,
    'arn:aws:identitystore:::membership/*': /^identitystore:/,
    'arn:aws:organizations::999999999999:account/o-a1b2c3d4e5/*': /^organizations:(Describe|List)/,
    'arn:aws:organizations::999999999999:ou/o-a1b2c3d4e5/*': /^organizations:(Describe|List)/,
    'arn:aws:sso:::account/*': /^sso:/,
    'arn:aws:iam::aws:policy/*': /^iam:GetPolicy(Version)?$/,
    'arn:aws:iam::*:role/GlasshammerActivityReader': /^sts:AssumeRole$/,
    'arn:aws:iam::*:role/GlasshammerSessionGuard': /^sts:AssumeRole$/,
    'arn:aws:states:eu-central-1:111122223333:execution:glasshammer-access:*':
      /^states:(DescribeExecution|GetExecutionHistory)$/,
  };
  const found = [template, synthesize({ accounts: '*', groups: [GROUP] })].flatMap(statements);
  const unexplained = found.flatMap((s) =>
    s.resources
      .filter((resource) => resource.includes('*') && !/^<Tables(Access|Requests)\w+\.Arn>\/stream\/\*$/.test(resource))
      .filter((resource) => !(s.owner === 'AuditToArchive' && /^<AuditArchive\w+\.Arn>\/events\/\*$/.test(resource)))
      .filter((resource) => !(s.owner === 'ReportOnAccess' && /^<AuditArchive\w+\.Arn>\/reports\/\*$/.test(resource)))
      .filter((resource) => !s.actions.every((action) => JUSTIFIED[resource]?.test(action)))
      .map((resource) => `${s.owner}: ${s.actions.join(',')} on ${resource}`),
  );
  expect(unexplained).toEqual([]);
});

test('only the API may read the state of alarms, only with auditors or operators, and nothing else of CloudWatch', () => {
  expect(ownersOf(template, 'cloudwatch:DescribeAlarms')).toEqual([]);
  const id = 'a1b2c3d4-0000-4000-8000-000000000001';
  for (const personas of [{ operators: [id] }, { auditors: [id] }]) {
    const found = statements(synthesize({ personas })).filter((s) =>
      s.actions.some((action) => action.startsWith('cloudwatch:')),
    );
    expect(found.map(({ owner, actions, resources: where }) => ({ owner, actions, where }))).toEqual([
      {
        owner: 'Api',
        actions: ['cloudwatch:DescribeAlarms'],
        where: ['arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*'],
      },
    ]);
  }
});

test('only functions that decide, answer or advise read people and accounts, and only two list all accounts', () => {
  const deciding = ['AccessRequested', 'Api', 'AskForApproval', 'GrantAccess', 'ReportOnAccess', 'TryAccess'];
  expect(ownersOf(template, 'identitystore:ListGroupMembershipsForMember')).toEqual(deciding);
  // Drift rules name units and tags, as policies do.
  expect(ownersOf(template, 'organizations:ListParents')).toEqual([...deciding, 'WatchAssignments']);
  expect(ownersOf(template, 'organizations:ListAccounts')).toEqual(['AccessRequested', 'Api']);
  expect(ownersOf(template, 'dynamodb:Scan')).toEqual(deciding);
});

test('the revoke needs no policy, no directory and no Slack, any of which could be down', () => {
  const may = statements(template).filter((s) => s.owner === 'RevokeAccess');
  const services = new Set(may.flatMap((s) => s.actions.map((action) => action.split(':')[0])));
  expect(services).toEqual(new Set(['dynamodb', 'logs', 'sqs', 'sso', 'states', 'xray']));
  expect(may.flatMap((s) => s.resources).filter((resource) => resource.includes('TablesAccess'))).toEqual([]);
});

test('access can be given with the configured permission sets in the configured accounts only', () => {
  expect(givableIn(template)).toEqual(
    sorted(['arn:aws:sso:::account/123456789012', 'arn:aws:sso:::account/234567890123', INSTANCE, SET]),
  );
});

test('what is retired can still be removed, and no longer be given', () => {
  const old = { name: 'Old', arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000000' };
  const retired = synthesize({ retired: { accounts: ['345678901234'], permissionSets: [old], groups: [GROUP] } });
  const gone = [old.arn, 'arn:aws:sso:::account/345678901234'];
  // What the test above expects without anything retired.
  expect(givableIn(retired)).toEqual(givableIn(template));
  for (const owner of ['RevokeAccess', 'SweepAccess']) {
    expect(of(retired, owner, 'sso:DeleteAccountAssignment')[0]?.resources).toEqual(expect.arrayContaining(gone));
    expect(of(retired, owner, 'identitystore:DeleteGroupMembership')[0]?.resources).toContain(
      `arn:aws:identitystore:::group/${GROUP.id}`,
    );
  }
  expect(ownersOf(retired, 'identitystore:CreateGroupMembership')).toEqual([]);
});

test("with every account allowed, the management account and Glasshammer's own account are still denied", () => {
  const denied = statements(synthesize({ accounts: '*' })).filter((s) => s.effect === 'Deny' && !isAboutItems(s));
  expect(denied).toEqual([
    expect.objectContaining({
      owner: 'GrantAccess',
      actions: ['sso:CreateAccountAssignment'],
      resources: ['arn:aws:sso:::account/111122223333', 'arn:aws:sso:::account/999999999999'],
    }),
  ]);
});

test("access in Glasshammer's own account needs an explicit setting", () => {
  const forbidden = (overrides: Parameters<typeof synthesize>[0]) => {
    const found = statements(synthesize(overrides))
      .filter((s) => s.effect === 'Deny' && !isAboutItems(s))
      .flatMap((s) => s.resources);
    // The configuration refuses what the role may not give, so nobody finds out by an AWS error.
    const { notGivenIn = [] } = settingsFrom(defineConfig({ ...BASE, ...overrides } as GlasshammerConfig));
    expect(new Set(notGivenIn.map((id) => `arn:aws:sso:::account/${id}`))).toEqual(new Set(found));
    return found;
  };
  expect(forbidden({ accounts: '*', includeOwnAccount: true })).toEqual(['arn:aws:sso:::account/999999999999']);
  const own = { accounts: ['111122223333'] };
  expect(() => synthesize(own)).toThrow(/accounts\[0\]: this is the account Glasshammer runs in.*includeOwnAccount/);
  expect(forbidden({ ...own, includeOwnAccount: true })).toEqual(['arn:aws:sso:::account/999999999999']);
  const management = { env: { account: '999999999999', region: 'eu-central-1' }, accounts: '*' } as const;
  expect(forbidden(management)).toEqual(['arn:aws:sso:::account/999999999999']);
  expect(() => synthesize({ ...management, includeOwnAccount: true })).toThrow(
    /includeOwnAccount: .*management account/,
  );
});

test('access in the management account can be given and removed if the configuration includes it', () => {
  const included = synthesize({
    env: { account: '999999999999', region: 'eu-central-1' },
    organization: { id: 'o-a1b2c3d4e5', managementAccountId: '999999999999', includeManagementAccount: true },
  });
  expect(statements(included).filter((s) => s.effect === 'Deny' && !isAboutItems(s))).toEqual([]);
  expect(ownersOf(included, 'iam:CreateRole')).toEqual(['GrantAccess']);
  expect(ownersOf(included, 'iam:DeleteRole')).toEqual(['RevokeAccess', 'SweepAccess']);
  // A permission set that was changed after its role was made has its role updated.
  for (const action of ['iam:UpdateAssumeRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:UpdateSAMLProvider'])
    expect([action, ownersOf(included, action)]).toEqual([action, ['GrantAccess']]);
  const onRoles = statements(included).filter((s) => s.actions.some((action) => /^iam:.*Role/.test(action)));
  for (const { resources: where } of onRoles) {
    expect(where).toEqual(['arn:aws:iam::999999999999:role/aws-reserved/sso.amazonaws.com/*']);
  }
});

test('an instance with its own KMS key can be used, through Identity Center and for this instance only', () => {
  const keyed = synthesize({ kmsKeyArn: KEY });
  const decrypt = statements(keyed).filter((s) => s.actions.includes('kms:Decrypt'));
  expect(new Set(decrypt.map((s) => s.owner))).toEqual(
    new Set([
      'AccessRecordsChanged',
      'AccessRequested',
      'AnnounceAccess',
      'Api',
      'AskForApproval',
      'GrantAccess',
      'CheckAssignment',
      'ReportOnAccess',
      'RevokeAccess',
      'CutSessions',
      'SweepAccess',
      'TryAccess',
      'WatchAssignments',
    ]),
  );
  for (const { resources: where, conditions } of decrypt) {
    expect(where).toEqual([KEY]);
    expect(conditions.StringEquals?.['kms:ViaService']).toMatch(/^(sso|identitystore)\.eu-central-1\.amazonaws\.com$/);
    expect(Object.keys(conditions.StringEquals ?? {})).toHaveLength(2);
  }
  expect(ownersOf(template, 'kms:Decrypt')).toEqual([]);
});

test('the report may read activity only in accounts of this organization, and mail only as its sender', () => {
  const [assume] = of(template, 'ReportOnAccess', 'sts:AssumeRole');
  expect(assume?.resources).toEqual([
    'arn:aws:iam::123456789012:role/GlasshammerActivityReader',
    'arn:aws:iam::234567890123:role/GlasshammerActivityReader',
    // The account in which Identity Center records who fetched credentials.
    'arn:aws:iam::999999999999:role/GlasshammerActivityReader',
  ]);
  expect(assume?.conditions).toEqual({ StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } });
  const [mail] = of(template, 'ReportOnAccess', 'ses:SendEmail');
  expect(mail?.conditions).toEqual({ StringEquals: { 'ses:FromAddress': 'glasshammer@example.com' } });
  expect(mail?.resources).toContain('arn:aws:ses:eu-central-1:111122223333:identity/example.com');
  // Without Slack, people get mail if there is an API for them.
  expect(ownersOf(template, 'ses:SendEmail')).toEqual(['AnnounceAccess', 'AskForApproval', 'ReportOnAccess']);
  expect(ownersOf(synthesize({ api: undefined }), 'ses:SendEmail')).toEqual(['ReportOnAccess']);
});

test('the function that cuts sessions can neither give nor remove access, and only it can write a session guard', () => {
  const [assume] = of(template, 'CutSessions', 'sts:AssumeRole');
  expect(assume?.resources).toEqual([
    'arn:aws:iam::123456789012:role/GlasshammerSessionGuard',
    'arn:aws:iam::234567890123:role/GlasshammerSessionGuard',
  ]);
  expect(ownersOf(template, 'sts:AssumeRole')).toEqual(['CutSessions', 'ReportOnAccess']);
  const may = statements(template).filter((s) => s.owner === 'CutSessions');
  expect(sorted(may.flatMap((s) => s.actions.filter((action) => action.startsWith('sso:'))))).toEqual([
    'sso:DescribePermissionSet',
    'sso:GetPermissionsBoundaryForPermissionSet',
    'sso:ListPermissionSetsProvisionedToAccount',
  ]);
});

test('the attached guard can be read for the permission sets that opted in, and is checked on a schedule', () => {
  const other = { name: 'ReadOnlyAccess', arn: `${BASE.permissionSets[0]?.arn.slice(0, -4)}0000` };
  const opted = synthesize({
    permissionSets: [...BASE.permissionSets, other],
    sessionGuard: { attachedTo: ['ReadOnlyAccess'] },
  });
  const [see, ...more] = of(opted, 'CutSessions', 'sso:ListCustomerManagedPolicyReferencesInPermissionSet');
  expect([see?.resources, more]).toEqual([[BASE.instanceArn, other.arn], []]);
  const watches = (template: Template) =>
    resources(template, 'AWS::Events::Rule').filter(([, { Properties }]) =>
      JSON.stringify(Properties.Targets).includes('watchGuards'),
    );
  expect(watches(opted)).toHaveLength(1);
  expect(watches(template)).toEqual([]);
  // A check that never finishes reports nothing about what it did not see, so its event goes where an alarm finds it.
  const lost = (from: Template) => resources(from, 'AWS::Lambda::EventInvokeConfig').map(([id]) => id);
  expect(lost(opted).filter((id) => !lost(template).includes(id))).toEqual([
    expect.stringMatching(/^FunctionsCutSessionsLostEvents/),
  ]);
});

test('the report can mail from another Region, with the configuration set and for a subdomain of a verified domain', () => {
  const elsewhere = synthesize({
    report: {
      ...BASE.report,
      from: 'gh@ops.example.com',
      sesRegion: 'eu-west-1',
      configurationSet: 'feedback',
      identityArn: 'arn:aws:ses:eu-west-1:999999999999:identity/example.com',
    },
  });
  const [mail] = of(elsewhere, 'ReportOnAccess', 'ses:SendEmail');
  expect(mail?.resources).toEqual(
    expect.arrayContaining([
      'arn:aws:ses:eu-west-1:111122223333:identity/ops.example.com',
      'arn:aws:ses:eu-west-1:111122223333:identity/example.com',
      'arn:aws:ses:eu-west-1:999999999999:identity/example.com',
      'arn:aws:ses:eu-west-1:111122223333:configuration-set/feedback',
    ]),
  );
  expect(JSON.stringify(mail?.resources)).not.toMatch(/identity\/com"/);
});

test("the organization's trail can be queried only if configured, and by the report alone", () => {
  expect(ownersOf(template, 'logs:StartQuery')).toEqual([]);
  const logGroupArn = 'arn:aws:logs:eu-central-1:111122223333:log-group:organization-trail';
  const here = synthesize({ report: { ...BASE.report, source: 'logs', logs: { logGroupArn } } });
  expect(ownersOf(here, 'logs:StartQuery')).toEqual(['ReportOnAccess']);
  const [query] = of(here, 'ReportOnAccess', 'logs:StartQuery');
  expect(query).toMatchObject({ actions: ['logs:StartQuery'], resources: [`${logGroupArn}:*`] });
  // GetQueryResults supports no resource-level permissions, so it needs `*`.
  const [results] = of(here, 'ReportOnAccess', 'logs:GetQueryResults');
  expect(results?.resources).toEqual(['*']);

  const roleArn = 'arn:aws:iam::999999999999:role/TrailReader';
  const elsewhere = synthesize({
    report: {
      ...BASE.report,
      source: 'logs',
      logs: { logGroupArn: logGroupArn.replace('111122223333', '999999999999'), roleArn },
    },
  });
  expect(ownersOf(elsewhere, 'logs:StartQuery')).toEqual([]);
  expect(of(elsewhere, 'ReportOnAccess', 'sts:AssumeRole').flatMap(({ resources: of }) => of)).toContain(roleArn);
  const athena = { roleArn, region: 'eu-central-1', database: 'trails', table: 'organization', workgroup: 'primary' };
  const inS3 = synthesize({ report: { ...BASE.report, source: 'athena', athena } });
  expect(ownersOf(inS3, 'athena:StartQueryExecution')).toEqual([]);
  expect(of(inS3, 'ReportOnAccess', 'sts:AssumeRole').flatMap(({ resources: of }) => of)).toContain(roleArn);
});

test('only functions that talk to Slack can read the Slack secret', () => {
  expect(ownersOf(template, 'secretsmanager:GetSecretValue')).toEqual([
    'AccessRequested',
    'AnnounceAccess',
    'AskForApproval',
    'ReportOnAccess',
    'WatchAssignments',
  ]);
});

test('each function has a role of its own, without managed policies', () => {
  const roles = resources(template, 'AWS::Lambda::Function').map(
    ([, { Properties }]) => Properties.Role['Fn::GetAtt'][0],
  );
  expect(new Set(roles).size).toBe(DEPLOYED.length);
  for (const name of DEPLOYED)
    expect(roles.some((role) => role.startsWith(`Functions${pascalCase(name)}Role`))).toBe(true);
  for (const [, { Properties }] of resources(template, 'AWS::IAM::Role')) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.Policies).toBeUndefined();
  }
});

test('a function can write only its own log', () => {
  const logging = statements(template).filter((s) => s.actions.includes('logs:PutLogEvents'));
  expect(logging).toHaveLength(DEPLOYED.length);
  for (const { owner, resources: where } of logging) {
    expect(where).toEqual([expect.stringMatching(new RegExp(`^<Functions${owner}Logs\\w+\\.Arn>$`))]);
  }
});
