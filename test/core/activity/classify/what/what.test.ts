import { parseCall } from '../../../../../core/activity/classify/call.ts';
import { kindOf } from '../../../../../core/activity/classify/call-kind.ts';
import { meansOf, refusedBy } from '../../../../../core/activity/classify/means.ts';
import { whatOf } from '../../../../../core/activity/classify/what/what.ts';
import { aCall, type RecordChange } from '../../records.ts';

function parsed(action: string, change: RecordChange = {}) {
  const call = parseCall(aCall(action, change));
  if (call === undefined) throw new Error('the test wrote a record that is none');
  return call;
}

const what = (action: string, requestParameters: unknown, responseElements: unknown = null) =>
  whatOf(parsed(action, { requestParameters, responseElements })).join(' | ');

const items = (...all: unknown[]) => ({ items: all });

describe('what matters of a call, in one line', () => {
  test.each([
    [
      'who is let in where',
      'ec2:AuthorizeSecurityGroupIngress',
      {
        groupId: 'sg-1',
        ipPermissions: items({
          ipProtocol: 'tcp',
          fromPort: 0,
          toPort: 65535,
          ipRanges: items({ cidrIp: '0.0.0.0/0' }),
        }),
      },
      'sg-1: tcp ports 0-65535 from 0.0.0.0/0',
    ],
    [
      'one port',
      'ec2:AuthorizeSecurityGroupIngress',
      {
        groupId: 'sg-1',
        ipPermissions: items({
          ipProtocol: 'tcp',
          fromPort: 22,
          toPort: 22,
          ipRanges: items({ cidrIp: '203.0.113.7/32' }),
        }),
      },
      'sg-1: tcp port 22 from 203.0.113.7/32',
    ],
    ['the instance of a shell', 'ssm:StartSession', { target: 'i-072084d1cf0b2f1c9' }, 'i-072084d1cf0b2f1c9'],
    [
      'a command that is shown',
      'ssm:SendCommand',
      { documentName: 'AWS-RunShellScript', instanceIds: ['i-1', 'i-2'], parameters: { commands: ['id', 'uname'] } },
      'AWS-RunShellScript, i-1, i-2, command id ; uname',
    ],
    [
      'a command that is hidden',
      'ssm:SendCommand',
      { documentName: 'AWS-RunShellScript', instanceIds: ['i-1'], parameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      'AWS-RunShellScript, i-1, command hidden',
    ],
    ['a query', 'athena:StartQueryExecution', { queryString: 'select * from customers' }, 'select * from customers'],
    [
      'a policy that is attached',
      'iam:AttachRolePolicy',
      { roleName: 'app', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      'AdministratorAccess to role app',
    ],
    [
      'what a policy says',
      'iam:PutUserPolicy',
      { userName: 'u', policyDocument: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' },
      'user u: allow *',
    ],
    [
      'whom a bucket lets in',
      's3:PutBucketPolicy',
      {
        bucketName: 'customers',
        bucketPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }] },
      },
      'bucketName customers; allow s3:GetObject to *',
    ],
    [
      'whom a bucket keeps out, and what it does not allow',
      's3:PutBucketPolicy',
      {
        bucketPolicy: {
          Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: '999999999999' }, NotAction: ['s3:Put*', 's3:Get*'] }],
        },
      },
      'allow * but s3:Put*, s3:Get* to * but 999999999999',
    ],
    [
      'whom a snapshot goes to',
      'ec2:ModifySnapshotAttribute',
      { snapshotId: 'snap-1', createVolumePermission: { add: items({ userId: '999999999999' }) } },
      'snap-1: given to 999999999999',
    ],
    [
      'a start script',
      'ec2:ModifyInstanceAttribute',
      { instanceId: 'i-1', userData: '<sensitiveDataRemoved>' },
      'i-1: user data hidden',
    ],
    [
      'a database',
      'rds:ModifyDBInstance',
      { dBInstanceIdentifier: 'db', publiclyAccessible: true, masterUserPassword: '****' },
      'db, publiclyAccessible true, another master password',
    ],
    [
      'how many machines',
      'ec2:TerminateInstances',
      { instancesSet: items(...[1, 2, 3, 4, 5].map((at) => ({ instanceId: `i-${at}` }))) },
      '5 instances: i-1, i-2, i-3 and 2 more',
    ],
    [
      'a call without a description of its own',
      'sqs:TagQueue',
      { queueUrl: 'https://x', resourceName: 'orders' },
      'resourceName orders, queueUrl https://x',
    ],
  ])('%s', (_what, action, parameters, line) => {
    expect(what(action, parameters)).toBe(line);
  });

  test('machines that were started, how many of which kind, with what, and the ids they got', () => {
    const parameters = {
      instancesSet: items({ imageId: 'ami-1', minCount: 40, maxCount: 40 }),
      instanceType: 'p5.48xlarge',
      iamInstanceProfile: { arn: 'arn:aws:iam::123456789012:instance-profile/web' },
      userData: '<sensitiveDataRemoved>',
    };
    const answer = { instancesSet: items({ instanceId: 'i-0new' }) };
    expect(what('ec2:RunInstances', parameters, answer)).toBe(
      '40 x p5.48xlarge, ami-1, profile web, user data hidden; made i-0new',
    );
  });

  test('the id of a key that was made is named; what stayed as it was is not called made', () => {
    const key = { accessKey: { accessKeyId: 'AKIANEW', userName: 'u' } };
    expect(what('iam:CreateAccessKey', { userName: 'u' }, key)).toBe('userName u; made AKIANEW');
    expect(what('lambda:PutFunctionConcurrency', { functionArn: 'arn:f' }, { functionArn: 'arn:f' })).toBe('arn:f');
  });

  test('credentials in the answer of a call are never shown', () => {
    const answer = { credentials: { accessKeyId: 'ASIA1', sessionToken: 'secret-token', secretAccessKey: 'secret' } };
    expect(what('sts:AssumeRole', { roleArn: 'arn:aws:iam::1:role/x' }, answer)).not.toContain('secret');
  });
});

describe('what a call was made with', () => {
  test.each<[string, RecordChange, string]>([
    ['a command line', { userAgent: 'aws-cli/2.15.0 md/Botocore' }, 'CLI'],
    ['a browser', { userAgent: 'Mozilla/5.0 (X11)' }, 'console'],
    ['the console’s own client', { userAgent: 'AWS Internal' }, 'console'],
    ['a browser, as the record says outright', { userAgent: 'x', sessionCredentialFromConsole: 'true' }, 'console'],
    ['the shell in the browser', { userAgent: 'aws-cli/2.15 exec-env/CloudShell' }, 'CloudShell'],
    ['Terraform', { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.7 aws-sdk-go-v2/1.2' }, 'Terraform'],
    ['an SDK', { userAgent: 'Boto3/1.34 Botocore/1.34' }, 'SDK'],
    [
      'a service',
      { userAgent: 'cloudformation.amazonaws.com', sourceIPAddress: 'cloudformation.amazonaws.com' },
      'service cloudformation',
    ],
    ['something unheard of', { userAgent: 'curl/8' }, ''],
  ])('%s', (_what, change, means) => {
    expect(meansOf(parsed('ec2:StopInstances', change))).toBe(means);
  });
});

describe('whether AWS refused a call', () => {
  test.each([
    'AccessDenied',
    'AccessDeniedException',
    'Client.UnauthorizedOperation',
    'UnauthorizedAccess',
    'AuthorizationError',
    'AuthFailure',
    'ForbiddenException',
    'OperationNotPermittedException',
    'NotAuthorizedException',
    'InsufficientPrivilegesException',
    'Client.OptInRequired',
    'ExpiredTokenException',
    '403',
  ])('%s is a refusal', (errorCode) => {
    expect(kindOf(parsed('ec2:StopInstances', { errorCode }))).toBe('refused');
  });

  test.each([
    'ValidationException',
    'NoSuchEntity',
    'MethodNotAllowed',
    'ThrottlingException',
    'ResourceInUseException',
  ])('%s is no refusal', (errorCode) => {
    expect(kindOf(parsed('ec2:StopInstances', { errorCode }))).toBe('failed');
  });

  test('an error whose message alone says "not authorized" is a refusal as well', () => {
    const errorMessage = 'User: x is not authorized to perform: iam:CreateUser with an explicit deny';
    expect(kindOf(parsed('iam:CreateUser', { errorCode: 'Failure', errorMessage }))).toBe('refused');
  });

  test.each([
    ['with an explicit deny in a service control policy', 'service control policy'],
    ['with an explicit deny in a resource control policy', 'resource control policy'],
    ['because no permissions boundary allows the action', 'permissions boundary'],
    ['because no identity-based policy allows the action', ''],
  ])('a refusal %s names that kind of policy', (errorMessage, by) => {
    expect(refusedBy(parsed('iam:CreateUser', { errorMessage }))).toBe(by);
  });
});
