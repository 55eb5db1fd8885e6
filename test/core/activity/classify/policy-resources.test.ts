import { emptyDigest, LIMITS } from '../../../../core/activity/classify/aggregate/digest.ts';
import { parseCall } from '../../../../core/activity/classify/call.ts';
import { aggregatePolicyResources, policyResourcesOf } from '../../../../core/activity/classify/policy-resources.ts';
import { ACCOUNT, aCall } from '../records.ts';

function callOf(action: string, requestParameters: object, more: object = {}) {
  const call = parseCall(aCall(action, { requestParameters, awsRegion: 'eu-west-1', ...more }));
  if (call === undefined) throw new Error('no record');
  return call;
}

const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k-1`;

describe('the resources of a call, as a policy names them', () => {
  test.each<[string, object, readonly string[] | undefined]>([
    ['s3:PutBucketPolicy', { bucketName: 'logs' }, ['arn:aws:s3:::logs']],
    ['s3:GetObject', { bucketName: 'logs', key: 'a/b' }, ['arn:aws:s3:::logs/*']],
    ['s3:CopyObject', { bucketName: 'logs' }, undefined],
    ['dynamodb:PutItem', { tableName: 'orders' }, [`arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`]],
    ['dynamodb:Query', { tableName: 'orders' }, undefined],
    ['dynamodb:Scan', { tableName: 'orders', indexName: 'by-day' }, undefined],
    ['lambda:UpdateFunctionCode20150331v2', { functionName: 'f' }, [`arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f`]],
    ['lambda:Invoke', { functionName: 'f:live' }, undefined],
    [
      'lambda:Invoke',
      { functionName: 'arn:aws:lambda:eu-west-1:1:function:f' },
      ['arn:aws:lambda:eu-west-1:1:function:f'],
    ],
    [
      'sqs:PurgeQueue',
      { queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q` },
      [`arn:aws:sqs:eu-west-1:${ACCOUNT}:q`],
    ],
    ['sqs:CreateQueue', { queueName: 'q' }, undefined],
    ['sns:Publish', { topicArn: 'arn:aws:sns:eu-west-1:1:t' }, ['arn:aws:sns:eu-west-1:1:t']],
    ['sns:Publish', { phoneNumber: '1' }, undefined],
    [
      'secretsmanager:GetSecretValue',
      { secretId: 'db' },
      [`arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:db-??????`],
    ],
    [
      'secretsmanager:GetSecretValue',
      { secretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:db' },
      ['arn:aws:secretsmanager:eu-west-1:1:secret:db-??????'],
    ],
    [
      'secretsmanager:GetSecretValue',
      { secretId: 'arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf' },
      ['arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf'],
    ],
    ['logs:PutRetentionPolicy', { logGroupName: '/aws/x' }, [`arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/x:*`]],
    [
      'ec2:StopInstances',
      { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
      ['i-1', 'i-2'].map((id) => `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/${id}`),
    ],
    ['ec2:StopInstances', { instancesSet: { items: [{ instanceId: 'i-1' }, {}] } }, undefined],
    ['ec2:RunInstances', { instanceType: 't3.micro' }, undefined],
    ['ssm:GetParameter', { name: '/db/host' }, [`arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/db/host`]],
    // In IAM the resource is the parameter, without its version or label.
    ['ssm:GetParameter', { name: '/db/host:3' }, [`arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/db/host`]],
    ['ssm:GetParameter', { name: 'host:live' }, [`arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/host`]],
    [
      'ssm:GetParameter',
      { name: 'arn:aws:ssm:eu-west-1:1:parameter/db/host:live' },
      ['arn:aws:ssm:eu-west-1:1:parameter/db/host'],
    ],
    ['rds:RebootDBInstance', { dBInstanceIdentifier: 'db-1' }, [`arn:aws:rds:eu-west-1:${ACCOUNT}:db:db-1`]],
    // A name that the caller chose must not put a wildcard into the policy.
    ['s3:PutBucketPolicy', { bucketName: '*' }, undefined],
    ['s3:PutBucketPolicy', { bucketName: 'a"b' }, undefined],
    ['s3:PutBucketPolicy', { bucketName: 'x'.repeat(200) }, undefined],
    ['s3:PutBucketPolicy', {}, undefined],
  ])('%s %j', (action, parameters, resources) => {
    expect(policyResourcesOf(callOf(action, parameters), ACCOUNT)).toEqual(resources);
  });

  test('a key is named as CloudTrail names it, since parameters may have an alias; other partitions have other ARNs', () => {
    const call = callOf('kms:Decrypt', { keyId: 'alias/x' }, { resources: [{ ARN: KEY }] });
    expect(policyResourcesOf(call, ACCOUNT)).toEqual([KEY]);
    expect(policyResourcesOf(callOf('kms:Decrypt', { keyId: 'alias/x' }), ACCOUNT)).toBeUndefined();
    const china = callOf('s3:PutBucketPolicy', { bucketName: 'logs' }, { awsRegion: 'cn-north-1' });
    expect(policyResourcesOf(china, ACCOUNT)).toEqual(['arn:aws-cn:s3:::logs']);
  });

  test('an action is not narrowed to resources if one of its calls names none or they name too many, in whatever order', () => {
    const bucket = (bucketName: unknown) => callOf('s3:PutBucketPolicy', { bucketName });
    const many = Array.from({ length: LIMITS.resourcesPerAction + 1 }, (_, n) => bucket(`b${n}`));
    for (const calls of [[bucket('a'), bucket('*')], [bucket('*'), bucket('a')], many, [...many].reverse()]) {
      const digest = emptyDigest();
      for (const call of calls) aggregatePolicyResources(digest, call, ACCOUNT);
      expect(digest.policyResources).toEqual({ 's3:PutBucketPolicy': null });
    }
  });

  test('if there are more actions than the digest has room for, none is narrowed to resources', () => {
    const digest = emptyDigest();
    for (let n = 0; n <= LIMITS.actionsWithResources; n += 1)
      aggregatePolicyResources(digest, callOf(`sqs:Send${n}`, { queueUrl: 'https://sqs/123456789012/q' }), ACCOUNT);
    aggregatePolicyResources(digest, callOf('s3:PutBucketPolicy', { bucketName: 'logs' }), ACCOUNT);
    expect([digest.policyResources, digest.policyResourcesCut]).toEqual([undefined, true]);
  });
});
