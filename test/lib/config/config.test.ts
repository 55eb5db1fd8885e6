import { settingsSchema } from '../../../lambdas/shared/settings.ts';
import { defineConfig } from '../../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../../lib/config/glasshammer-config.ts';
import { settingsFrom } from '../../../lib/config/settings-from-config.ts';
import { BASE } from '../../stack/synthesized.ts';
import { problemsOf as problems } from './problems-of.ts';

/** A configuration as a person may type it, against the types. */
const typed = (config: unknown) => defineConfig(config as GlasshammerConfig);
const withOverrides = (overrides: Record<string, unknown>) => ({ ...BASE, ...overrides });

const OTHER_SET = 'arn:aws:sso:::permissionSet/ssoins-fedcba0987654321/ps-1234567890abcdef';
const SET = BASE.permissionSets[0];
const access = (fields: Record<string, unknown>) => withOverrides({ access: fields });
const TRAIL = 'arn:aws:logs:eu-central-1:999999999999:log-group:organization-trail';
const TABLE = {
  roleArn: 'arn:aws:iam::999999999999:role/TrailReader',
  region: 'eu-central-1',
  database: 'trails',
  table: 'organization',
  workgroup: 'glasshammer',
};
const report = (fields: Record<string, unknown>) => withOverrides({ report: { ...BASE.report, ...fields } });
const slack = (fields: Record<string, unknown>) => withOverrides({ slack: { ...BASE.slack, ...fields } });
const organization = (fields: Record<string, unknown>) =>
  withOverrides({ organization: { ...BASE.organization, ...fields } });

const METADATA = 'https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/MTExMTIyMjIzMzMz';
const webConsole = (fields: Record<string, unknown>) =>
  withOverrides({ console: { samlMetadataUrl: METADATA, ...fields } });

const REFUSED: [what: string, config: unknown, field: string, fix: RegExp][] = [
  [
    'an account id without quotes',
    withOverrides({ env: { ...BASE.env, account: 111122223333 } }),
    'env.account',
    /put the id in quotes: '111122223333'/,
  ],
  [
    'a metadata URL of another host than Identity Center',
    webConsole({ samlMetadataUrl: 'https://portal.sso.eu-central-1.amazonaws.com.evil.example/saml/metadata/MTEx' }),
    'console.samlMetadataUrl',
    /write the metadata URL of the application/,
  ],
  [
    'a sign-in prefix that Cognito does not accept',
    webConsole({ signInPrefix: 'my-aws-access' }),
    'console.signInPrefix',
    /without aws, amazon or cognito/,
  ],
  [
    'a certificate in a Region that CloudFront does not use',
    webConsole({
      domain: {
        name: 'access.example.com',
        certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
      },
    }),
    'console.domain.certificateArn',
    /us-east-1/,
  ],
  ['no Region', withOverrides({ env: { account: '111122223333' } }), 'env.region', /is missing; write a Region/],
  [
    'an unknown Region',
    withOverrides({ env: { ...BASE.env, region: 'frankfurt' } }),
    'env.region',
    /"frankfurt" is no Region/,
  ],
  [
    'a mistyped Region',
    withOverrides({ env: { ...BASE.env, region: 'eu-cental-1' } }),
    'env.region',
    /"eu-cental-1" is no Region; did you mean eu-central-1\?/,
  ],
  [
    'a mistyped Region of the report',
    report({ regions: ['us-esat-1'] }),
    'report.regions[0]',
    /did you mean us-east-1\?/,
  ],
  [
    'a Region of another partition',
    withOverrides({
      env: { ...BASE.env, region: 'us-gov-west-1' },
      report: { ...BASE.report, regions: ['us-gov-west-1'] },
    }),
    'env.region',
    /is a Region of aws-us-gov, and instanceArn is of aws/,
  ],
  [
    'China, where no report could be sent',
    withOverrides({
      env: { ...BASE.env, region: 'cn-north-1' },
      report: { ...BASE.report, regions: ['cn-north-1'] },
    }),
    'env.region',
    /Amazon SES.*China/,
  ],
  [
    'a Region whose events cannot be read',
    report({ regions: ['us-gov-west-1'] }),
    'report.regions[0]',
    /another partition/,
  ],
  [
    'an instance ARN of another kind',
    withOverrides({ instanceArn: 'ssoins-1234567890abcdef' }),
    'instanceArn',
    /arn:aws:sso:::instance/,
  ],
  [
    'a malformed identity store id',
    withOverrides({ identityStoreId: '1234567890' }),
    'identityStoreId',
    /d-1234567890/,
  ],
  ['a malformed organization id', organization({ id: '1234567890' }), 'organization.id', /o-a1b2c3d4e5/],
  [
    'an eleven-digit account',
    withOverrides({ accounts: ['12345678901'] }),
    'accounts[0]',
    /"12345678901" is no account id/,
  ],
  ['no account at all', withOverrides({ accounts: [] }), 'accounts', /at least one/],
  ['a star inside the list', withOverrides({ accounts: ['123456789012', '*'] }), 'accounts[1]', /'\*' alone|12 digits/],
  ['the same account twice', withOverrides({ accounts: ['123456789012', '123456789012'] }), 'accounts', /twice/],
  [
    'the management account among the accounts',
    withOverrides({ accounts: ['123456789012', '999999999999'] }),
    'accounts[1]',
    /management account; remove it/,
  ],
  [
    'the management account in a deployment to a delegated administrator',
    organization({ includeManagementAccount: true }),
    'organization.includeManagementAccount',
    /delegated administrator cannot/,
  ],
  ['no permission set', withOverrides({ permissionSets: [] }), 'permissionSets', /at least one/],
  [
    'a permission set of another instance',
    withOverrides({ permissionSets: [{ name: 'Admin', arn: OTHER_SET }] }),
    'permissionSets[0].arn',
    /another Identity Center instance/,
  ],
  [
    'a retired permission set of another instance',
    withOverrides({ retired: { permissionSets: [{ name: 'Admin', arn: OTHER_SET }] } }),
    'retired.permissionSets[0].arn',
    /another Identity Center instance/,
  ],
  [
    'one name for two permission sets',
    withOverrides({ permissionSets: [SET, { ...SET, arn: `${SET?.arn.slice(0, -1)}0` }] }),
    'permissionSets',
    /"BreakGlassAdmin" is there twice/,
  ],
  [
    'a name longer than Identity Center allows',
    withOverrides({ permissionSets: [{ ...SET, name: 'x'.repeat(33) }] }),
    'permissionSets[0].name',
    /at most 32/,
  ],
  ['a group by name', withOverrides({ groups: [{ name: 'SRE', id: 'SRE' }] }), 'groups[0].id', /list-groups/],
  ['a channel by name', slack({ approvalChannel: '#access' }), 'slack.approvalChannel', /"#access" is no channel id/],
  ['a workspace by name', slack({ teamIds: ['acme'] }), 'slack.teamIds[0]', /"acme" is no workspace id/],
  ['no workspace', slack({ teamIds: [] }), 'slack.teamIds', /at least one/],
  [
    'an e-mail domain with @',
    withOverrides({ identity: { emailDomains: ['@example.com'] } }),
    'identity.emailDomains[0]',
    /without @/,
  ],
  ['a duration without unit', access({ defaultDuration: '4' }), 'access.defaultDuration', /number and a unit/],
  ['a duration as a number', access({ maxDuration: 4 }), 'access.maxDuration', /in quotes/],
  [
    'a maximum below the default',
    access({ defaultDuration: '4h', maxDuration: '1h' }),
    'access.maxDuration',
    /shorter than access.defaultDuration/,
  ],
  ['a year of access', access({ maxDuration: '365d' }), 'access.maxDuration', /between "5m" and "7d"/],
  [
    'a portal without https',
    withOverrides({ portalUrl: 'http://d-1234567890.awsapps.com/start' }),
    'portalUrl',
    /https address/,
  ],
  [
    'a portal with its fragment',
    withOverrides({ portalUrl: 'https://d-1234567890.awsapps.com/start#/' }),
    'portalUrl',
    /up to the # sign/,
  ],
  ['a sender without @', report({ from: 'glasshammer.example.com' }), 'report.from', /no e-mail address/],
  [
    'a sender with a display name',
    report({ from: 'Glasshammer <glasshammer@example.com>' }),
    'report.from',
    /without a display name/,
  ],
  ['a report to nobody', report({ to: [] }), 'report.to', /at least one/],
  ['a recipient without @', report({ to: ['security'] }), 'report.to[0]', /"security" is no e-mail address/],
  ['an unknown source', report({ source: 'lake' }), 'report.source', /'lookup', 'logs' or 'athena'/],
  ['the source athena without a table', report({ source: 'athena' }), 'report.athena', /database, table/],
  ['a table that no account uses', report({ athena: TABLE }), 'report.athena', /no account is read from it/],
  [
    'a table name with an SQL injection',
    report({ source: 'athena', athena: { ...TABLE, table: 'a";--' } }),
    'report.athena.table',
    /lower-case letters/,
  ],
  [
    'a table without a role',
    report({ source: 'athena', athena: { ...TABLE, roleArn: 'Reader' } }),
    'report.athena.roleArn',
    /ARN of a role/,
  ],
  ['the source logs without a log group', report({ source: 'logs' }), 'report.logs', /logGroupArn/],
  [
    'a log group that no account uses',
    report({ logs: { logGroupArn: TRAIL } }),
    'report.logs',
    /no account is read from it/,
  ],
  [
    'a log group of another account without a role',
    report({ source: 'logs', logs: { logGroupArn: TRAIL } }),
    'report.logs.roleArn',
    /account 999999999999: write a role there/,
  ],
  [
    'a role of a third account',
    report({
      sourceByAccount: { '123456789012': 'logs' },
      logs: { logGroupArn: TRAIL, roleArn: 'arn:aws:iam::123456789012:role/Reader' },
    }),
    'report.logs.roleArn',
    /must be a role of account 999999999999/,
  ],
  ['a unit by name', report({ deployToOus: ['Production'] }), 'report.deployToOus[0]', /ou-ab12/],
  [
    'an alarm address without @',
    withOverrides({ alarms: { emails: ['oncall'] } }),
    'alarms.emails[0]',
    /no e-mail address/,
  ],
  [
    'a key by alias',
    withOverrides({ kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/sso' }),
    'kmsKeyArn',
    /alias does not work/,
  ],
  [
    'a key of another account for the tables, which DynamoDB does not accept',
    withOverrides({ dataKeyArn: 'arn:aws:kms:eu-central-1:999999999999:key/11111111-2222-3333-4444-555555555555' }),
    'dataKeyArn',
    /must be a key of account 111122223333 in eu-central-1/,
  ],
  [
    'a key of another Region',
    withOverrides({ kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555' }),
    'kmsKeyArn',
    /must be a key of eu-central-1/,
  ],
  [
    'a retention CloudWatch does not offer',
    withOverrides({ logRetentionDays: 100 }),
    'logRetentionDays',
    /offers: 1, 3, 5/,
  ],
  [
    'a stack name with a space',
    withOverrides({ stackName: 'Glass hammer' }),
    'stackName',
    /letters, digits and hyphens/,
  ],
  [
    'a misspelt setting',
    withOverrides({ permisionSets: [] }),
    'config',
    /no setting "permisionSets"; did you mean permissionSets\?/,
  ],
  [
    'a misspelt setting further in',
    access({ maxDuraton: '1h' }),
    'access',
    /no setting "maxDuraton"; did you mean maxDuration\?/,
  ],
  [
    'a misspelt setting in a list',
    withOverrides({ permissionSets: [{ ...SET, ARN: 'x' }] }),
    'permissionSets[0]',
    /no setting "ARN"; did you mean arn\?/,
  ],
  [
    'more accounts than the policies of a role can name',
    withOverrides({ accounts: Array.from({ length: 1500 }, (_, n) => String(300_000_000_000 + n)) }),
    'accounts',
    /write '\*' and narrow/,
  ],
  ['no configuration', undefined, 'config', /one object/],
];

test.each(REFUSED)(
  '%s is refused before anything is deployed, with the field and the fix',
  (_what, config, field, fix) => {
    const found = problems(config);
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${field.replace(/[.[\]]/g, '\\$&')}: `))]);
    expect(found[0]).toMatch(fix);
  },
);

test('all mistakes are reported at once, not one per deployment', () => {
  const found = problems({ ...BASE, portalUrl: 'x', identityStoreId: 'x', accounts: ['x'] });
  expect(found.map((problem) => problem.split(':')[0])).toEqual(['identityStoreId', 'accounts[0]', 'portalUrl']);
});

test('a duration may be written as in a policy, also in ISO 8601', () => {
  const { access: short } = typed(access({ maxDuration: '4h' }));
  expect(typed(access({ maxDuration: 'PT4H' })).access).toEqual(short);
});

test('a setting that is left out has its documented default', () => {
  const config = defineConfig(BASE);
  expect(config).toMatchObject({
    stackName: 'Glasshammer',
    groups: [],
    retired: { accounts: [], permissionSets: [], groups: [] },
    organization: { includeManagementAccount: false },
    identity: { emailDomains: [] },
    access: { defaultDuration: 3600, maxDuration: 43_200, warnBeforeEnd: 600, grantTimeout: 600 },
    report: { roleName: 'GlasshammerActivityReader', deliveryDelay: 900, deployToOus: [] },
    tags: {},
    logRetentionDays: 365,
  });
});

test('approvers get the report by mail only if the configuration says so', () => {
  const mailed = (more: object) => settingsFrom(defineConfig({ ...BASE, report: { ...BASE.report, ...more } })).report;
  expect([mailed({}).toApprovers, mailed({ toApprovers: true }).toApprovers]).toEqual([undefined, true]);
});

test('the functions get the activity sources only if they are not the CloudTrail event history for all accounts', () => {
  expect(settingsFrom(defineConfig(BASE)).report).not.toHaveProperty('source');
  const roleArn = 'arn:aws:iam::999999999999:role/Reader';
  const sourceByAccount = { '123456789012': 'logs' };
  const written = report({ sourceByAccount, logs: { logGroupArn: `${TRAIL}:*`, roleArn } });
  expect(settingsFrom(defineConfig(written as never)).report).toMatchObject({
    source: 'lookup',
    sourceByAccount,
    logs: { logGroupArn: TRAIL, roleArn },
  });
  expect(settingsFrom(defineConfig(report({ source: 'athena', athena: TABLE }) as never)).report).toMatchObject({
    source: 'athena',
    athena: TABLE,
  });
});

test('the settings for the functions are exactly what the operator wrote', () => {
  const settings = settingsFrom(
    defineConfig({
      ...BASE,
      accounts: '*',
      slack: { teamIds: ['T0HOME'], approvalChannel: 'C0ACCESS', operatorChannel: 'C0OPS' },
      access: { defaultDuration: '1h30m', maxDuration: '1d', warnBeforeEnd: '5m', grantTimeout: '90s' },
    }),
  );
  expect(settingsSchema.parse(settings)).toEqual(settings);
  expect(settings.accounts).toEqual(['*']);
  expect(settings.slack).toEqual({ teamIds: ['T0HOME'], approvalChannel: 'C0ACCESS', operatorChannel: 'C0OPS' });
  expect(settings.access).toEqual({
    defaultDurationSeconds: 5400,
    maxDurationSeconds: 86_400,
    warnBeforeEndSeconds: 300,
    grantTimeoutSeconds: 90,
  });
});

test('without an operator channel, operators are told in the approval channel', () => {
  expect(settingsFrom(defineConfig(BASE)).slack?.operatorChannel).toBe('C0ACCESS');
});

test('a trailing slash is removed from the portal URL', () => {
  expect(defineConfig({ ...BASE, portalUrl: 'https://acme.awsapps.com/start/' }).portalUrl).toBe(
    'https://acme.awsapps.com/start',
  );
});
