import { parseCall } from '../../../../core/activity/classify/call.ts';
import { kindOf } from '../../../../core/activity/classify/call-kind.ts';
import { resourcesOf } from '../../../../core/activity/classify/resources.ts';
import { aCall, aRecord, type RecordChange } from '../records.ts';

function call(record: unknown) {
  const parsed = parseCall(record);
  if (parsed === undefined) throw new Error('not a record');
  return parsed;
}

describe('reading a record', () => {
  test('a record with unknown members is still a call', () => {
    expect(call({ ...aRecord(), invented2031: { deep: [1] } }).action).toBe('ec2:StopInstances');
  });

  test('a record without the optional members is a call, not "could not be understood"', () => {
    const { requestParameters: _request, responseElements: _response, ...bare } = aRecord();
    expect(call(bare)).toMatchObject({ action: 'ec2:StopInstances', resourceArns: [] });
    expect(resourcesOf(call(bare))).toEqual([]);
  });

  test('both spellings of when a session began are the same instant', () => {
    expect(call(aRecord({ began: '20260105T083000Z' })).identity.sessionBegan).toBe('2026-01-05T08:30:00Z');
    expect(call(aRecord({ began: '2026-01-05T08:30:00Z' })).identity.sessionBegan).toBe('2026-01-05T08:30:00Z');
  });

  test('the JSON text and its value are the same call', () => {
    const record = aRecord();
    expect(call(JSON.stringify(record))).toEqual(call(record));
  });

  test.each([
    ['text that is no JSON', 'AKIA not json'],
    ['an empty text', ''],
    ['null', null],
    ['a list', []],
    ['no event name', { ...aRecord(), eventName: undefined }],
    ['a time that cannot be parsed', { ...aRecord(), eventTime: 'yesterday' }],
    ['an identity that is a text', { ...aRecord(), userIdentity: 'ana' }],
    ['a readOnly that is neither true nor false', { ...aRecord(), readOnly: 'maybe' }],
  ])('%s is not taken for a call', (_what, record) => {
    expect(parseCall(record)).toBeUndefined();
  });

  test('a record with null in place of values is still a call', () => {
    const nulls = {
      userIdentity: null,
      errorCode: null,
      readOnly: null,
      resources: null,
      awsRegion: null,
      sourceIPAddress: null,
    };
    expect(call(aRecord(nulls))).toMatchObject({ errorCode: '', readOnly: undefined, resourceArns: [] });
  });

  test.each([
    ['lambda.amazonaws.com', 'CreateFunction20150331', 'lambda:CreateFunction'],
    ['lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', 'lambda:UpdateFunctionCode'],
    ['cloudfront.amazonaws.com', 'CreateDistribution2020_05_31', 'cloudfront:CreateDistribution'],
    ['ec2.amazonaws.com', 'RunInstances', 'ec2:RunInstances'],
    ['ec2.amazonaws.com.cn', 'RunInstances', 'ec2:RunInstances'],
    ['s3.amazonaws.com', 'ListObjectsV2', 's3:ListObjectsV2'],
  ])('%s %s is %s', (eventSource, eventName, action) => {
    expect(call(aRecord({ eventSource, eventName })).action).toBe(action);
  });
});

describe('the section a call belongs to', () => {
  const table: readonly (readonly [string, RecordChange, string])[] = [
    ['ec2:StopInstances', { readOnly: false }, 'write'],
    ['ec2:DescribeInstances', { readOnly: true }, 'read'],
    ['ec2:DescribeInstances', { readOnly: 'true' }, 'read'],
    ['ec2:StopInstances', { readOnly: false, errorCode: 'Client.UnauthorizedOperation' }, 'refused'],
    ['iam:ListRoles', { readOnly: true, errorCode: 'AccessDenied' }, 'refused'],
    ['dynamodb:DeleteTable', { readOnly: false, errorCode: 'AccessDeniedException' }, 'refused'],
    ['sns:Publish', { readOnly: false, errorCode: 'AuthorizationError' }, 'refused'],
    ['sns:Publish', { readOnly: false, errorCode: 'NotAuthorized' }, 'refused'],
    ['s3:DeleteBucket', { readOnly: false, errorCode: 'AllAccessDisabled' }, 'refused'],
    ['lakeformation:GrantPermissions', { readOnly: false, errorCode: 'InsufficientPermission' }, 'refused'],
    ['lakeformation:GrantPermissions', { readOnly: false, errorCode: 'InvalidSignatureException' }, 'refused'],
    ['lakeformation:GrantPermissions', { readOnly: false, errorCode: 'IncompleteSignature' }, 'refused'],
    [
      'lakeformation:GrantPermissions',
      { readOnly: false, errorCode: 'MissingAuthenticationTokenException' },
      'refused',
    ],
    ['ec2:StopInstances', { readOnly: false, errorCode: 'Client.OperationNotPermitted' }, 'refused'],
    ['kms:Decrypt', { readOnly: true, errorCode: 'NotPermitted' }, 'refused'],
    ['s3:DeleteBucket', { readOnly: false, errorCode: 'BucketNotEmpty' }, 'failed'],
    ['iam:GetRole', { readOnly: true, errorCode: 'NoSuchEntityException' }, 'read'],
    ['ec2:DescribeInstances', { readOnly: undefined }, 'read'],
    ['ec2:GetConsoleOutput', { readOnly: undefined }, 'read'],
    ['ec2:Getaway', { readOnly: undefined }, 'write'],
    ['new:DoSomething', { readOnly: undefined }, 'write'],
    ['signin:ConsoleLogin', { readOnly: false }, 'sign-in'],
    ['sts:AssumeRoleWithSAML', { readOnly: true }, 'sign-in'],
    ['sts:AssumeRole', { readOnly: true }, 'read'],
  ];
  test.each(table)('%s %j is %s', (action, change, kind) => {
    expect(kindOf(call(aCall(action, change)))).toBe(kind);
  });
});

describe('what a call touched', () => {
  test.each([
    [{ resources: [{ ARN: 'arn:aws:s3:::logs' }], requestParameters: { bucketName: 'x' } }, ['arn:aws:s3:::logs']],
    [{ requestParameters: { bucketName: 'logs', Host: 's3' } }, ['bucketName logs']],
    [
      { requestParameters: { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } } },
      ['instanceId i-1', 'instanceId i-2'],
    ],
    [{ requestParameters: { roleArn: 'arn:aws:iam::1:role/R' } }, ['arn:aws:iam::1:role/R']],
    [{ requestParameters: { a: { b: { roleName: 'too deep' } } } }, []],
    [
      {
        requestParameters: { clientRequestToken: 't', masterUserPassword: 'p', filterSet: { items: [{ name: 'x' }] } },
      },
      [],
    ],
    [{ requestParameters: 'text' }, []],
  ])('%j', (change, expected) => {
    expect(resourcesOf(call(aRecord(change)))).toEqual(expected);
  });

  test('no more than three things are named for one call', () => {
    const items = Array.from({ length: 50 }, (_, at) => ({ instanceId: `i-${at}` }));
    expect(resourcesOf(call(aRecord({ requestParameters: { instancesSet: { items } } })))).toHaveLength(3);
  });
});
