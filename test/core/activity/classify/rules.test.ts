import { type Call, parseCall } from '../../../../core/activity/classify/call.ts';
import { FLAG_RULES, ruleOf } from '../../../../core/activity/classify/rules/flag-actions.ts';
import { aCall, type RecordChange } from '../records.ts';

function call(action: string, change: RecordChange = {}): Call {
  const parsed = parseCall(aCall(action, change));
  if (parsed === undefined) throw new Error('the test wrote a record that is none');
  return parsed;
}

const policy = (principal: unknown, effect = 'Allow') => ({
  policy: JSON.stringify({
    Statement: [{ Effect: effect, Principal: principal, Action: 's3:GetObject', Resource: '*' }],
  }),
});
const ingress = (cidrIp: string) => ({
  groupId: 'sg-1',
  ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp }] } }] },
});
const launch = (instanceType: string, count: number) => ({
  instancesSet: { items: [{ imageId: 'ami-1', minCount: count, maxCount: count }] },
  instanceType,
});
const blocks = (on: boolean) => ({
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: on,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
});

const encryption = (KMSMasterKeyID: string) => ({
  ServerSideEncryptionConfiguration: {
    Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } },
  },
});

interface Case {
  readonly action: string;
  /** Parameters that raise the flag, and parameters of a harmless call. */
  readonly flagged: unknown;
  readonly harmless: unknown;
  /** What makes the harmless call harmless, where that is not in its parameters. */
  readonly change?: RecordChange;
}

/** Rules with a condition, each with a call that raises its flag and the same call in a harmless form. */
const CASES: Readonly<Record<string, Case>> = {
  'recorder-stopped': {
    action: 'config:PutConfigurationRecorder',
    flagged: { configurationRecorder: { recordingGroup: { allSupported: false } } },
    harmless: { configurationRecorder: { recordingGroup: { allSupported: true } } },
  },
  'detector-changed': {
    action: 'guardduty:UpdateDetector',
    flagged: { enable: true, features: [{ name: 'S3_DATA_EVENTS', status: 'DISABLED' }] },
    harmless: { enable: true, features: [{ name: 'S3_DATA_EVENTS', status: 'ENABLED' }] },
  },
  'findings-suppressed': {
    action: 'securityhub:BatchUpdateFindings',
    flagged: { workflow: { status: 'SUPPRESSED' } },
    harmless: { workflow: { status: 'RESOLVED' } },
  },
  'macie-paused': {
    action: 'macie2:UpdateMacieSession',
    flagged: { status: 'PAUSED' },
    harmless: { status: 'ENABLED' },
  },
  'retention-shortened': {
    action: 'logs:PutRetentionPolicy',
    flagged: { retentionInDays: 1 },
    harmless: { retentionInDays: 365 },
  },
  'bucket-logging-off': {
    action: 's3:PutBucketLogging',
    flagged: { BucketLoggingStatus: { xmlns: 'x' } },
    harmless: { BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'logs' } } },
  },
  'key-reactivated': { action: 'iam:UpdateAccessKey', flagged: { status: 'Active' }, harmless: { status: 'Inactive' } },
  'network-opened': {
    action: 'ec2:AuthorizeSecurityGroupIngress',
    flagged: ingress('0.0.0.0/0'),
    harmless: ingress('10.1.0.0/16'),
  },
  'resource-policy': {
    action: 's3:PutBucketPolicy',
    flagged: { bucketPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*' }] } },
    harmless: policy({ AWS: 'arn:aws:iam::123456789012:role/app' }),
  },
  'queue-or-topic-policy': {
    action: 'sqs:SetQueueAttributes',
    flagged: { attributes: { Policy: policy('*').policy } },
    harmless: { attributes: { VisibilityTimeout: '30' } },
  },
  'shared-with-accounts': {
    action: 'ec2:ModifySnapshotAttribute',
    flagged: { createVolumePermission: { add: { items: [{ group: 'all' }] } } },
    harmless: { createVolumePermission: { remove: { items: [{ group: 'all' }] } } },
  },
  'shared-by-ram': {
    action: 'ram:CreateResourceShare',
    flagged: { allowExternalPrincipals: true },
    harmless: { allowExternalPrincipals: false },
  },
  'caller-added': {
    action: 'lambda:AddPermission',
    flagged: { principal: '*' },
    harmless: { principal: 'events.amazonaws.com' },
  },
  'function-url': {
    action: 'lambda:CreateFunctionUrlConfig',
    flagged: { authType: 'NONE' },
    harmless: { authType: 'AWS_IAM' },
  },
  'key-grant': {
    action: 'kms:CreateGrant',
    flagged: { granteePrincipal: 'arn:aws:iam::999999999999:root' },
    harmless: { granteePrincipal: 'arn:aws:iam::123456789012:role/x' },
    change: { sourceIPAddress: 'ec2.amazonaws.com' },
  },
  'key-created': { action: 'kms:CreateKey', flagged: policy('*'), harmless: { keyUsage: 'ENCRYPT_DECRYPT' } },
  'public-block-lifted': { action: 's3:PutBucketPublicAccessBlock', flagged: blocks(false), harmless: blocks(true) },
  'bucket-opened': {
    action: 's3:PutBucketAcl',
    flagged: { 'x-amz-acl': ['public-read'] },
    harmless: { 'x-amz-acl': 'private' },
  },
  'database-public': {
    action: 'rds:CreateDBInstance',
    flagged: { publiclyAccessible: true },
    harmless: { publiclyAccessible: false },
  },
  'project-public': {
    action: 'codebuild:UpdateProjectVisibility',
    flagged: { projectVisibility: 'PUBLIC_READ' },
    harmless: { projectVisibility: 'PRIVATE' },
  },
  'topic-subscribed': { action: 'sns:Subscribe', flagged: { protocol: 'https' }, harmless: { protocol: 'sqs' } },
  'parameter-read': {
    action: 'ssm:GetParameters',
    flagged: { names: ['/db'], withDecryption: true },
    harmless: { names: ['/db'] },
  },
  decrypted: { action: 'kms:Decrypt', flagged: null, harmless: null, change: { sourceIPAddress: 's3.amazonaws.com' } },
  'user-data-read': {
    action: 'ec2:DescribeInstanceAttribute',
    flagged: { attribute: 'userData' },
    harmless: { attribute: 'instanceType' },
  },
  'snapshot-made': {
    action: 'ec2:CreateSnapshot',
    flagged: { volumeId: 'vol-1' },
    harmless: { volumeId: 'vol-1' },
    change: { sourceIPAddress: 'backup.amazonaws.com' },
  },
  'backups-off': {
    action: 'dynamodb:UpdateContinuousBackups',
    flagged: { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } },
    harmless: { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } },
  },
  'encryption-changed': {
    action: 's3:PutBucketEncryption',
    flagged: encryption('arn:aws:kms:eu-west-1:999999999999:key/k'),
    harmless: encryption('arn:aws:kms:eu-west-1:123456789012:key/k'),
  },
  'versions-off': {
    action: 's3:PutBucketVersioning',
    flagged: { VersioningConfiguration: { Status: 'Suspended' } },
    harmless: { VersioningConfiguration: { Status: 'Enabled' } },
  },
  'database-guard': {
    action: 'rds:ModifyDBInstance',
    flagged: { dBInstanceIdentifier: 'db', masterUserPassword: '****' },
    harmless: { dBInstanceIdentifier: 'db', dBInstanceClass: 'db.t3.large' },
  },
  'metadata-guard': {
    action: 'ec2:ModifyInstanceMetadataOptions',
    flagged: { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'optional' } },
    harmless: { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'required' } },
  },
  'start-script': {
    action: 'ec2:ModifyInstanceAttribute',
    flagged: { instanceId: 'i-1', userData: '<sensitiveDataRemoved>' },
    harmless: { instanceId: 'i-1', instanceType: { value: 't3.micro' } },
  },
  'function-settings': {
    action: 'lambda:UpdateFunctionConfiguration',
    flagged: { functionName: 'f', layers: ['arn:aws:lambda:eu-west-1:999999999999:layer:x:1'] },
    harmless: { functionName: 'f', memorySize: 256 },
  },
  'machines-started': {
    action: 'ec2:RunInstances',
    flagged: launch('p5.48xlarge', 1),
    harmless: launch('t3.micro', 1),
  },
};

describe('a rule with a condition', () => {
  const conditional = FLAG_RULES.filter(({ harmless }) => harmless !== undefined);
  test.each(conditional.map((rule) => [rule.id, rule] as const))(
    '%s flags the harmful form of a call and not the harmless one',
    (id, rule) => {
      const one = CASES[id];
      if (one === undefined) throw new Error(`write a case for ${id}`);
      expect(ruleOf(call(one.action, { requestParameters: one.flagged }))).toBe(rule);
      expect(ruleOf(call(one.action, { requestParameters: one.harmless, ...one.change }))).toBe('harmless');
    },
  );

  test('every case belongs to a rule with a condition', () => {
    expect(Object.keys(CASES).filter((id) => !conditional.some((rule) => rule.id === id))).toEqual([]);
  });
});

const group = (more: object) => ({
  ipPermissions: { items: [{ ipProtocol: 'tcp', groups: { items: [{ groupId: 'sg-2', ...more }] } }] },
});

test.each<[string, string, unknown, string]>([
  ['a group of the account', 'ec2:AuthorizeSecurityGroupIngress', group({}), 'harmless'],
  ['a group of another account', 'ec2:AuthorizeSecurityGroupIngress', group({ userId: '999999999999' }), 'flagged'],
  [
    'a group and a prefix list, whose addresses the record does not show',
    'ec2:AuthorizeSecurityGroupIngress',
    { a: group({}), prefixListIds: { items: [{ prefixListId: 'pl-1' }] } },
    'flagged',
  ],
  [
    'a group and every address',
    'ec2:AuthorizeSecurityGroupIngress',
    { a: group({}), b: ingress('0.0.0.0/0') },
    'flagged',
  ],
  ['a snapshot no longer shared', 'rds:ModifyDBSnapshotAttribute', { valuesToRemove: ['all'] }, 'harmless'],
  [
    'a snapshot shared with everybody',
    'rds:ModifyDBSnapshotAttribute',
    { valuesToRemove: ['1'], valuesToAdd: ['all'] },
    'flagged',
  ],
  ['a document no longer shared', 'ssm:ModifyDocumentPermission', { accountIdsToRemove: ['1'] }, 'harmless'],
  ['an ACL of private, as S3 records it', 's3:PutBucketAcl', { 'x-amz-acl': ['private'] }, 'harmless'],
  ['an ACL of public-read, as S3 records it', 's3:PutBucketAcl', { 'x-amz-acl': ['public-read'] }, 'flagged'],
  ['encryption with S3’s own key', 's3:PutBucketEncryption', { Rule: { SSEAlgorithm: 'AES256' } }, 'harmless'],
  ['encryption with a key that the record does not name', 's3:PutBucketEncryption', {}, 'flagged'],
])('%s: %s', (_what, action, requestParameters, outcome) => {
  const said = ruleOf(call(action, { requestParameters }));
  expect(said === 'harmless' ? said : said === undefined ? 'none' : 'flagged').toBe(outcome);
});

describe('a rule without a condition', () => {
  test.each(FLAG_RULES.filter(({ harmless }) => harmless === undefined).map((rule) => [rule.id, rule] as const))(
    '%s: each of its calls raises it, and the same name of another service does not',
    (_id, rule) => {
      for (const action of rule.actions) {
        expect(ruleOf(call(action))).toBe(rule);
        expect(ruleOf(call(`other-service:${action.split(':')[1]}`))).toBeUndefined();
      }
    },
  );
});

const PRIVATE_RANGES = Array.from({ length: 200 }, (_, n) => ({ cidrIp: `10.0.${n}.0/24` }));
const OWN_STATEMENTS = Array.from({ length: 200 }, () => ({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
}));
const ranges = (cidrIp: string) => ({
  ipPermissions: { items: [{ ipRanges: { items: [...PRIVATE_RANGES, { cidrIp }] } }] },
});
const statements = (AWS: string) => ({
  policy: JSON.stringify({ Statement: [...OWN_STATEMENTS, { Effect: 'Allow', Principal: { AWS } }] }),
});
const nested = (depth: number, value: unknown): unknown => (depth === 0 ? value : { a: nested(depth - 1, value) });
const features = (status: string) => ({
  enable: true,
  features: [...Array.from({ length: 200 }, () => ({ name: 'S3_DATA_EVENTS', status: 'ENABLED' })), { status }],
});
const fleet = (instanceType: string) => ({
  overrides: [...Array.from({ length: 60 }, () => ({ instanceType: 't3.micro' })), { instanceType }],
});

test.each<[string, string, unknown, unknown]>([
  ['the last of many ranges', 'ec2:AuthorizeSecurityGroupIngress', ranges('10.1.0.0/24'), ranges('0.0.0.0/0')],
  [
    'the last statement of a policy',
    'sqs:SetQueueAttributes',
    statements('arn:aws:iam::123456789012:role/app'),
    statements('*'),
  ],
  [
    'the last of many policies',
    'sqs:SetQueueAttributes',
    { attributes: [...PRIVATE_RANGES, statements('arn:aws:iam::123456789012:role/app')] },
    { attributes: [statements('arn:aws:iam::123456789012:root'), ...PRIVATE_RANGES, statements('*')] },
  ],
  ['the last of many features', 'guardduty:UpdateDetector', features('ENABLED'), features('DISABLED')],
  ['the last of many machine types', 'ec2:CreateFleet', fleet('t3.small'), fleet('p5.48xlarge')],
  [
    'what is nested deeper than is read',
    'ec2:AuthorizeSecurityGroupIngress',
    { a: ingress('10.1.0.0/16'), b: nested(2, ingress('10.1.0.0/16')) },
    { a: ingress('10.1.0.0/16'), b: nested(20, ingress('10.1.0.0/16')) },
  ],
])('a call is judged by %s as well', (_what, action, harmless, flagged) => {
  expect(ruleOf(call(action, { requestParameters: harmless }))).toBe('harmless');
  expect(ruleOf(call(action, { requestParameters: flagged }))).toHaveProperty('flag');
});

test.each([
  ['many small machines', launch('t3.micro', 40)],
  ['a machine of the largest size', launch('m7i.48xlarge', 1)],
  ['machines of a size the record does not name', launch('', 1)],
])('%s: the call raises the cost flag', (_what, requestParameters) => {
  expect(ruleOf(call('ec2:RunInstances', { requestParameters }))).toMatchObject({ flag: 'cost' });
});

test.each([
  [
    'an IPv6 range for everybody',
    { ipPermissions: { items: [{ ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } }] } },
    'exposure',
  ],
  ['a range that only begins like a private one', ingress('10.0.0.0/0'), 'exposure'],
  ['a range that is wider than a private one', ingress('172.16.0.0/11'), 'exposure'],
  ['one public range among private ones', { a: [{ cidrIp: '10.0.0.0/8' }, { cidrIp: '203.0.113.0/24' }] }, 'exposure'],
])('%s: the call raises the exposure flag', (_what, requestParameters, flag) => {
  expect(ruleOf(call('ec2:AuthorizeSecurityGroupIngress', { requestParameters }))).toMatchObject({ flag });
});

test.each([
  ['another account', { AWS: 'arn:aws:iam::999999999999:root' }],
  ['an account whose number contains the own one', { AWS: 'arn:aws:iam::1234567890123:root' }],
  ['everybody, beside the own account', { AWS: ['arn:aws:iam::123456789012:root', '*'] }],
  ['everybody', '*'],
  ['people who signed in anywhere', { Federated: 'cognito-identity.amazonaws.com' }],
  ['an account named like a service', { AWS: 'ec2.amazonaws.com' }],
  ['a service of somebody else', { Service: 'amazonaws.com.example.org' }],
  ['nobody', {}],
  ['a principal that is no text', { AWS: [{ arn: 'arn:aws:iam::123456789012:root' }] }],
])('a policy that lets in %s raises the exposure flag', (_who, principal) => {
  expect(
    ruleOf(call('sqs:SetQueueAttributes', { requestParameters: { attributes: policy(principal) } })),
  ).toMatchObject({
    flag: 'exposure',
  });
});

const OWN = { AWS: 'arn:aws:iam::123456789012:root' };

test.each<[string, unknown]>([
  [
    'the account and a service',
    { Statement: [{ Effect: 'Allow', Principal: { ...OWN, Service: ['s3.amazonaws.com'] } }] },
  ],
  ['one statement that is no list', { Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' } } }],
  ['nobody, as it denies', { Statement: [{ Effect: 'Deny', NotPrincipal: OWN }] }],
])('a policy about %s keeps to the account', (_what, document) => {
  const requestParameters = { bucketPolicy: document, policy: [''] };
  expect(ruleOf(call('s3:PutBucketPolicy', { requestParameters }))).toBe('harmless');
});

test.each<[string, unknown]>([
  ['lets in everybody but one', { Statement: [{ Effect: 'Allow', NotPrincipal: OWN }] }],
  ['names one and lets in all others', { Statement: [{ Effect: 'Allow', Principal: {}, NotPrincipal: OWN }] }],
  ['cannot be read', '{"Statement": [{"Effect": "Allow", "Principal": "*"'],
  ['has no statement', { Version: '2012-10-17' }],
])('a policy that %s is no matter of this account alone, whatever stands beside it', (_what, document) => {
  const own = { Statement: [{ Effect: 'Allow', Principal: OWN }] };
  const requestParameters = { bucketPolicy: own, policy: document };
  expect(ruleOf(call('s3:PutBucketPolicy', { requestParameters }))).toMatchObject({ flag: 'exposure' });
  expect(ruleOf(call('kms:CreateKey', { requestParameters: { policy: document } }))).toMatchObject({
    flag: 'exposure',
  });
});
