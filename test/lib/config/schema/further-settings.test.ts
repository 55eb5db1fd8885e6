import { BASE } from '../../../stack/synthesized.ts';
import { problemsOf } from '../problems-of.ts';

const problems = (fields: object) => problemsOf({ ...BASE, ...fields });

const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const SUBNETS = ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'];
const ELEVEN = Array.from({ length: 11 }, (_, nth) => `a${nth}@example.com`);
const canary = (nightly: object) => ({ canary: { ...BASE.canary, nightly } });

test.each<[field: string, fields: object, fix: RegExp]>([
  ['budgets.monthly', { budgets: { monthly: 0 } }, /more than 0/],
  ['budgets.emails', { budgets: { monthly: 10, emails: ELEVEN } }, /ten addresses/],
  ['budgets.emails', { budgets: { monthly: 10 }, alarms: {} }, /nobody would be told/],
  ['budgets.emails', { budgets: { monthly: 10 }, alarms: { emails: ELEVEN } }, /alarms\.emails has more/],
  ['budgets.onlyTag', { budgets: { monthly: 10, onlyTag: 'team' } }, /no key of tags/],
  [
    'vpc.subnetIds',
    { vpc: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] } },
    /two, in different/,
  ],
  [
    'vpc.subnetIds[1]',
    { vpc: { subnetIds: ['subnet-0a1b2c3d', 'private-b'], securityGroupIds: ['sg-0a1b2c3d'] } },
    /"private-b" is no subnet/,
  ],
  ['vpc.securityGroupIds', { vpc: { subnetIds: SUBNETS, securityGroupIds: [] } }, /at least one of/],
  [
    'customDomain.name',
    { customDomain: { name: 'https://g.example.com', certificateArn: CERTIFICATE } },
    /without https/,
  ],
  [
    'customDomain.certificateArn',
    { customDomain: { name: 'g.example.com', certificateArn: CERTIFICATE.replace('eu-central-1', 'us-east-1') } },
    /account 111122223333 in eu-central-1/,
  ],
  [
    'guardrail.policyWriters',
    { guardrail: { policyWriters: ['arn:aws:iam::111122223333:role/Pipeline'] } },
    /name guardrail\.targets/,
  ],
  [
    'guardrail.deployers',
    { guardrail: { deployers: ['arn:aws:iam::111122223333:role/Deploy'] } },
    /name guardrail\.targets/,
  ],
  ['alarms.emails', { alarms: { emails: ['a@example.com', 'a@example.com'] } }, /there twice/],
  ['budgets.emails', { budgets: { monthly: 10, emails: ['a@example.com', 'a@example.com'] } }, /there twice/],
  ['report.to', { report: { ...BASE.report, to: ['a@example.com', 'a@example.com'] } }, /there twice/],
  [
    'report.sourceByAccount',
    { report: { ...BASE.report, sourceByAccount: { '999999999998': 'lookup' } } },
    /999999999998 is in neither accounts nor retired\.accounts/,
  ],
  ['retired.accounts[0]', { retired: { accounts: ['123456789012'] } }, /is in accounts as well, and still given/],
  ['retired.accounts', { accounts: '*', retired: { accounts: ['123456789012'] } }, /accounts is '\*'/],
  ['retired.permissionSets[0]', { retired: { permissionSets: BASE.permissionSets } }, /permissionSets as well/],
  ['sessionGuard.attachedTo', { sessionGuard: { attachedTo: ['BreakGlassAdmin', 'BreakGlassAdmin'] } }, /there twice/],
  ['audit.bucket', { audit: { bucket: 'arn:aws:s3:::ours' } }, /not its ARN/],
  ['audit.lock', { audit: { bucket: 'ours', lock: 'compliance' } }, /which is yours/],
  ['audit.retentionDays', { audit: { bucket: 'ours', retentionDays: 30 } }, /which is yours/],
  ['audit.bucketKeyArn', { audit: { bucketKeyArn: KEY } }, /name it in audit\.bucket/],
  [
    'canary.nightly.account',
    canary({ account: '999999999998', permissionSet: 'BreakGlassAdmin' }),
    /"999999999998" is none of accounts/,
  ],
  [
    'canary.nightly.permissionSet',
    canary({ account: '123456789012', permissionSet: 'Admin' }),
    /"Admin" is none of permissionSets/,
  ],
  ['canary.nightly.group', canary({ group: 'On-call' }), /none of groups/],
  ['canary.nightly', canary({ account: '123456789012' }), /account: '…', permissionSet: '…' \} or \{ group/],
  ['canary.userId', { canary: { userId: 'canary' } }, /list-users/],
])('%s is refused with what to write instead: %j', (field, fields, fix) => {
  expect(problems(fields)).toEqual([expect.stringMatching(fix)]);
  expect(problems(fields)[0]?.startsWith(`${field}: `)).toBe(true);
});

test('the management account may be retired although every account is configured', () => {
  expect(problems({ accounts: '*', retired: { accounts: ['999999999999'] } })).toEqual([]);
});

test('a budget is refused in a partition without AWS Budgets, before it fails a deployment', () => {
  const gov = (arn: string) => arn.replace('arn:aws:', 'arn:aws-us-gov:');
  const fields = {
    env: { account: BASE.env.account, region: 'us-gov-west-1' },
    instanceArn: gov(BASE.instanceArn),
    permissionSets: BASE.permissionSets.map(({ name, arn }) => ({ name, arn: gov(arn) })),
    report: { ...BASE.report, regions: [] },
  };
  expect(problems(fields)).toEqual([]);
  expect(problems({ ...fields, budgets: { monthly: 10 } })).toEqual([expect.stringMatching(/^budgets: .*aws-us-gov/)]);
});
