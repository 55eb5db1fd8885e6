import { aCall, type RecordChange } from '../records.ts';

type Sample = readonly [action: string, parameters?: unknown, change?: RecordChange];

const read = (...actions: readonly string[]): readonly Sample[] =>
  actions.map((action) => [action, {}, { readOnly: true }] as const);
const byService = (host: string): RecordChange => ({ sourceIPAddress: host, userAgent: host });
const policyFor = (principal: unknown, effect = 'Allow') =>
  JSON.stringify({ Statement: [{ Effect: effect, Principal: principal, Action: '*', Resource: '*' }] });
const ingress = (permission: object) => ({ groupId: 'sg-1', ipPermissions: { items: [permission] } });
const ranges = (cidrIp: string) => ({
  ipProtocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  ipRanges: { items: [{ cidrIp }] },
});

/**
 * A working week of people who repair, deploy and look: no harm in any of it, and much of it the harmless form of a call that can do
 * harm. Shapes are those of real records.
 */
const SAMPLES: readonly Sample[] = [
  ...read(
    'ec2:DescribeInstances',
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeVolumes',
    'ec2:GetConsoleOutput',
    's3:ListBuckets',
    's3:GetBucketAcl',
    's3:GetBucketPolicy',
    's3:GetBucketLocation',
    'iam:GetGroup',
    'iam:ListGroups',
    'iam:GetRole',
    'iam:ListAttachedRolePolicies',
    'iam:ListUsers',
    'iam:GenerateCredentialReport',
    'dynamodb:DescribeTable',
    'rds:DescribeDBInstances',
    'rds:DescribeDBSnapshots',
    'logs:DescribeLogGroups',
    'logs:FilterLogEvents',
    'logs:StartQuery',
    'monitoring:GetMetricData',
    'cloudtrail:LookupEvents',
    'cloudtrail:DescribeTrails',
    'kms:DescribeKey',
    'lambda:ListFunctions20150331',
    'lambda:GetFunctionConfiguration20150331v2',
    'ecs:DescribeServices',
    'eks:DescribeCluster',
    'cloudformation:DescribeStacks',
    'guardduty:GetFindings',
    'macie2:ListMembers',
    'wafv2:ListWebACLs',
    'bedrock:ListGuardrails',
    'secretsmanager:ListSecrets',
    'ssm:DescribeParameters',
    'sso:ListApplications',
    'sts:GetCallerIdentity',
    'health:DescribeEvents',
  ),
  ['ec2:StartInstances', { instancesSet: { items: [{ instanceId: 'i-1' }] } }],
  ['ec2:RebootInstances', { instancesSet: { items: [{ instanceId: 'i-1' }] } }],
  [
    'ec2:CreateTags',
    { resourcesSet: { items: [{ resourceId: 'i-1' }] }, tagSet: { items: [{ key: 'owner', value: 'shop' }] } },
  ],
  ['ec2:DeleteTags', { resourcesSet: { items: [{ resourceId: 'i-1' }] } }],
  [
    'ec2:RunInstances',
    { instancesSet: { items: [{ imageId: 'ami-1', minCount: 1, maxCount: 1 }] }, instanceType: 't3.micro' },
  ],
  ['ec2:CreateSecurityGroup', { groupName: 'web', groupDescription: 'web', vpcId: 'vpc-1' }],
  ['ec2:AuthorizeSecurityGroupIngress', ingress(ranges('10.0.0.0/16'))],
  [
    'ec2:AuthorizeSecurityGroupIngress',
    ingress({ ipProtocol: 'tcp', fromPort: 5432, toPort: 5432, groups: { items: [{ groupId: 'sg-2' }] } }),
  ],
  ['ec2:RevokeSecurityGroupIngress', ingress(ranges('0.0.0.0/0'))],
  ['ec2:ModifyInstanceAttribute', { instanceId: 'i-1', instanceType: { value: 't3.large' } }],
  [
    'ec2:ModifySnapshotAttribute',
    { snapshotId: 'snap-1', createVolumePermission: { remove: { items: [{ group: 'all' }] } } },
  ],
  ['ec2:CreateVpc', { cidrBlock: '10.1.0.0/16' }],
  ['ec2:CreateSubnet', { vpcId: 'vpc-1', cidrBlock: '10.1.1.0/24' }],
  ['autoscaling:SetDesiredCapacity', { autoScalingGroupName: 'web', desiredCapacity: 4 }],
  [
    'elasticloadbalancing:RegisterTargets',
    { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/1' },
  ],
  ['ecs:UpdateService', { service: 'web', forceNewDeployment: true }],
  ['lambda:UpdateFunctionConfiguration20150331v2', { functionName: 'f', memorySize: 512 }],
  ['lambda:RemovePermission20150331v2', { functionName: 'f', statementId: 's' }],
  ['lambda:TagResource20170331v2', { resource: 'arn:aws:lambda:eu-west-1:1:function:f' }],
  ['s3:CreateBucket', { bucketName: 'logs' }],
  ['s3:PutBucketVersioning', { bucketName: 'b', VersioningConfiguration: { Status: 'Enabled' } }],
  [
    's3:PutBucketEncryption',
    {
      bucketName: 'b',
      ServerSideEncryptionConfiguration: { Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } } },
    },
  ],
  ['s3:PutBucketTagging', { bucketName: 'b' }],
  [
    's3:PutBucketLogging',
    { bucketName: 'b', BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: '' } } },
  ],
  [
    's3:PutBucketPublicAccessBlock',
    {
      bucketName: 'b',
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    },
  ],
  [
    's3:PutBucketPolicy',
    { bucketName: 'b', bucketPolicy: JSON.parse(policyFor({ AWS: 'arn:aws:iam::123456789012:role/app' })) },
  ],
  ['s3:PutBucketPolicy', { bucketName: 'b', bucketPolicy: JSON.parse(policyFor('*', 'Deny')) }],
  ['s3:PutBucketAcl', { bucketName: 'b', 'x-amz-acl': ['private'] }],
  ['rds:StartDBInstance', { dBInstanceIdentifier: 'db' }],
  ['rds:ModifyDBInstance', { dBInstanceIdentifier: 'db', allocatedStorage: 100 }],
  ['rds:ModifyDBSnapshotAttribute', { dBSnapshotIdentifier: 's', attributeName: 'restore', valuesToRemove: ['all'] }],
  ['rds:CreateDBSnapshot', { dBSnapshotIdentifier: 'before', dBInstanceIdentifier: 'db' }],
  ['ec2:CreateSnapshot', { volumeId: 'vol-1' }],
  ['rds:StartActivityStream', { resourceArn: 'arn:aws:rds:eu-west-1:1:cluster:c' }],
  ['rds:RemoveRoleFromDBInstance', { dBInstanceIdentifier: 'db', roleArn: 'arn:aws:iam::1:role/old' }],
  ['dynamodb:UpdateTable', { tableName: 't', billingMode: 'PAY_PER_REQUEST' }],
  ['kms:Decrypt', { encryptionContext: {} }, { readOnly: true, ...byService('lambda.amazonaws.com') }],
  ['kms:GenerateDataKey', { keyId: 'k' }, { readOnly: true, ...byService('s3.amazonaws.com') }],
  ['kms:EnableKey', { keyId: 'k' }],
  [
    'kms:PutKeyPolicy',
    { keyId: 'k', policyName: 'default', policy: policyFor({ AWS: 'arn:aws:iam::123456789012:root' }) },
  ],
  ['sqs:SetQueueAttributes', { queueUrl: 'q', attributes: { VisibilityTimeout: '60' } }],
  ['sns:SetTopicAttributes', { topicArn: 't', attributeName: 'DisplayName', attributeValue: 'x' }],
  ['logs:CreateLogGroup', { logGroupName: '/app' }],
  ['logs:PutRetentionPolicy', { logGroupName: '/app', retentionInDays: 365 }],
  ['monitoring:PutMetricAlarm', { alarmName: 'a' }],
  ['monitoring:EnableAlarmActions', { alarmNames: ['a'] }],
  ['events:PutRule', { name: 'r' }],
  ['events:EnableRule', { name: 'r' }],
  ['cloudtrail:CreateTrail', { name: 't' }],
  ['cloudtrail:StartLogging', { name: 't' }],
  ['config:StartConfigurationRecorder', { configurationRecorderName: 'default' }],
  ['config:PutConfigurationRecorder', { configurationRecorder: { recordingGroup: { allSupported: true } } }],
  ['guardduty:UpdateDetector', { enable: true, features: [{ name: 'S3_DATA_EVENTS', status: 'ENABLED' }] }],
  ['guardduty:CreateDetector', { enable: true }],
  ['macie2:UpdateMacieSession', { findingPublishingFrequency: 'SIX_HOURS' }],
  ['securityhub:BatchUpdateFindings', { workflow: { status: 'RESOLVED' } }],
  ['iam:UpdateAccessKey', { accessKeyId: 'AKIA1', status: 'Inactive', userName: 'u' }],
  ['iam:DetachRolePolicy', { roleName: 'r', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
  ['iam:TagRole', { roleName: 'r' }],
  ['cloudformation:UpdateStack', { stackName: 'app' }],
  ['cloudformation:CancelUpdateStack', { stackName: 'app' }],
  ['codepipeline:RetryStageExecution', { pipelineName: 'p' }],
  ['codedeploy:StopDeployment', { deploymentId: 'd' }],
  ['states:StartExecution', { stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:m' }],
  ['ssm:PutParameter', { name: '/app/flag', type: 'String' }],
  ['route53:ChangeResourceRecordSets', { hostedZoneId: 'Z1' }],
  ['cloudfront:CreateInvalidation2020_05_31', { distributionId: 'E1' }],
  ['elasticache:RebootCacheCluster', { cacheClusterId: 'c' }],
  ['backup:StartBackupJob', { backupVaultName: 'v' }],
  ['support:CreateCase', { subject: 's' }],
  ['ecr:StartImageScan', { repositoryName: 'r' }],
  ['wafv2:UpdateIPSet', { name: 'allowed' }],
];

/** CloudTrail records of all of them. */
export const BENIGN_RECORDS: readonly Record<string, unknown>[] = SAMPLES.map(
  ([action, requestParameters = null, change = {}]) => aCall(action, { requestParameters, ...change }),
);
