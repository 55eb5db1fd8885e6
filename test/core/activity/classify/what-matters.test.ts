import { parseCall } from '../../../../core/activity/classify/call.ts';
import { whatOf } from '../../../../core/activity/classify/what/what.ts';
import { aCall } from '../records.ts';

function said(action: string, requestParameters: unknown, responseElements: unknown = null): string {
  const call = parseCall(aCall(action, { requestParameters, responseElements }));
  return call === undefined ? 'no call' : whatOf(call).join(' | ');
}

const opening = (...permissions: readonly [port: number, ...ranges: readonly string[]][]) => ({
  groupId: 'sg-1',
  ipPermissions: {
    items: permissions.map(([port, ...ranges]) => ({
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      ipRanges: { items: ranges.map((cidrIp) => ({ cidrIp })) },
    })),
  },
});

describe('what one line says of a call that opens a network', () => {
  test('each port with its own ranges', () => {
    expect(said('ec2:AuthorizeSecurityGroupIngress', opening([443, '10.0.0.0/8'], [22, '203.0.113.7/32']))).toBe(
      'sg-1: tcp port 443 from 10.0.0.0/8; tcp port 22 from 203.0.113.7/32',
    );
  });

  test('everybody first, however many private ranges and ports stand before it', () => {
    const many = ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '0.0.0.0/0'];
    expect(said('ec2:AuthorizeSecurityGroupIngress', opening([443, ...many]))).toContain('from 0.0.0.0/0, 10.0.0.0/8');
    const ports = Array.from({ length: 9 }, (_, nth): [number, string] => [1000 + nth, '10.0.0.0/8']);
    const line = said('ec2:AuthorizeSecurityGroupIngress', opening(...ports, [3389, '0.0.0.0/0']));
    expect(line).toMatch(/^sg-1: tcp port 3389 from 0\.0\.0\.0\/0; .* and 8 more$/);
  });
});

test.each<[string, string, unknown, string]>([
  [
    'for how many days logs are kept',
    'logs:PutRetentionPolicy',
    { logGroupName: 'g', retentionInDays: 1 },
    'retentionInDays 1',
  ],
  [
    'an endpoint',
    'sns:Subscribe',
    { topicArn: 'arn:aws:sns:eu-west-1:1:t', protocol: 'https', endpoint: 'https://x.example' },
    'endpoint https://x.example',
  ],
  [
    'the authorization of a function URL',
    'lambda:CreateFunctionUrlConfig',
    { functionName: 'f', authType: 'NONE' },
    'authType NONE',
  ],
  ['a detector that is turned off', 'guardduty:UpdateDetector', { detectorId: 'd', enable: false }, 'enable false'],
  [
    'a route',
    'ec2:CreateRoute',
    { routeTableId: 'r', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' },
    'destinationCidrBlock 0.0.0.0/0',
  ],
  [
    'an ACL from a header of S3',
    's3:PutBucketAcl',
    { bucketName: 'b', 'x-amz-acl': ['public-read'], acl: '', Host: 'b.s3.amazonaws.com' },
    'bucketName b, x-amz-acl public-read',
  ],
  [
    'a setting that is nested',
    's3:PutBucketPublicAccessBlock',
    { bucketName: 'b', PublicAccessBlockConfiguration: { BlockPublicAcls: false } },
    'BlockPublicAcls false',
  ],
  [
    'an attribute of a queue',
    'sqs:SetQueueAttributes',
    { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', attributes: { VisibilityTimeout: '5' } },
    'queueUrl https://sqs.eu-west-1.amazonaws.com/1/q, VisibilityTimeout 5',
  ],
  [
    'the definition of a task',
    'ecs:RunTask',
    { cluster: 'c', taskDefinition: 'td:1', overrides: { taskRoleArn: 'arn:aws:iam::1:role/x' } },
    'taskDefinition td:1',
  ],
  [
    'a DNS record',
    'route53:ChangeResourceRecordSets',
    {
      hostedZoneId: 'Z',
      changeBatch: {
        changes: [
          {
            action: 'UPSERT',
            resourceRecordSet: { name: 'a.example.com.', type: 'A', resourceRecords: [{ value: '192.0.2.1' }] },
          },
        ],
      },
    },
    'UPSERT a.example.com. A 192.0.2.1',
  ],
  [
    'a template',
    'cloudformation:CreateStack',
    { stackName: 's', templateURL: 'https://x.example/t' },
    'templateURL https://x.example/t',
  ],
  [
    'a port that is forwarded',
    'ssm:StartSession',
    { target: 'i-1', documentName: 'AWS-StartPortForwardingSession', parameters: { portNumber: ['3306'] } },
    'portNumber 3306',
  ],
  ['that a query is hidden', 'athena:StartQueryExecution', { queryString: '***OMITTED***' }, 'hidden'],
])('the line of a call shows %s', (_what, action, request, expected) => {
  expect(said(action, request)).toContain(expected);
});

test('access for everybody and to everything is named first, even if it stands behind other statements and accounts', () => {
  const harmless = Array.from({ length: 5 }, (_, nth) => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::12345678901${nth}:role/app` },
    Action: 's3:GetObject',
  }));
  const denied = { Effect: 'Deny', Principal: '*', Action: '*' };
  const open = { Effect: 'Allow', Principal: '*', Action: ['s3:Get*', 's3:List*', 's3:Put*', '*'] };
  const policy = JSON.stringify({ Statement: [denied, denied, ...harmless, open] });
  expect(said('s3:PutBucketPolicy', { bucketName: 'b', bucketPolicy: policy })).toContain(
    'bucketName b; allow *, s3:Get*, s3:List* and 1 more to *; allow s3:GetObject to',
  );
  const accounts = Array.from({ length: 5 }, (_, nth) => ({ userId: `12345678901${nth}` }));
  const add = { items: [...accounts, { group: 'all' }] };
  expect(said('ec2:ModifySnapshotAttribute', { snapshotId: 's', createVolumePermission: { add } })).toContain(
    's: given to all, ',
  );
});

test('a new resource is named even if its id is the end of an id in the request', () => {
  const made = { instancesSet: { items: [{ instanceId: 'i-0abc' }] } };
  expect(said('ec2:RunInstances', { imageId: 'ami-0abc', instanceType: 't3.micro' }, made)).toContain('made i-0abc');
});

test.each([
  'masterUserPassword',
  'secretString',
  'clientToken',
  'privateKey',
  'authToken',
  'plaintext',
  'value',
  'SecretAccessKey',
  'credentials',
])('a value that may be secret is not shown: %s', (member) => {
  expect(said('elasticache:ModifyCluster', { clusterName: 'c', [member]: 's3cr3t' })).toBe('clusterName c');
});
