const PARTIQL = [
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLSelect',
  'dynamodb:PartiQLUpdate',
];

/**
 * The IAM actions that allow a call, for calls that are not `service:Call` in both CloudTrail and IAM, as most are. AWS
 * publishes no complete map, so a policy suggested from it is a start, and says so.
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'bedrock:Converse': ['bedrock:InvokeModel'],
  'bedrock:ConverseStream': ['bedrock:InvokeModelWithResponseStream'],
  'bedrock:StartAsyncInvoke': ['bedrock:InvokeModel'],
  'cloudfront:CreateDistributionWithTags': ['cloudfront:CreateDistribution', 'cloudfront:TagResource'],
  'cloudtrail:ListInsightsMetricData': ['cloudtrail:ListInsightsData'],
  // Only the text of a PartiQL statement says what it does, so all of these actions count.
  'dynamodb:BatchExecuteStatement': PARTIQL,
  'dynamodb:ExecuteStatement': PARTIQL,
  'dynamodb:ExecuteTransaction': PARTIQL,
  'dynamodb:TransactGetItems': ['dynamodb:GetItem'],
  'dynamodb:TransactWriteItems': [
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ],
  'kms:ReEncrypt': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'lambda:InvokeWithResponseStream': ['lambda:InvokeFunction'],
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:CopyObject': ['s3:GetObject', 's3:PutObject'],
  's3:CreateBucketMetadataConfiguration': ['s3:CreateBucketMetadataTableConfiguration'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:CreateSession': ['s3express:CreateSession'],
  's3:DeleteBucketAnalyticsConfiguration': ['s3:PutAnalyticsConfiguration'],
  's3:DeleteBucketCors': ['s3:PutBucketCORS'],
  's3:DeleteBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:DeleteBucketIntelligentTieringConfiguration': ['s3:PutIntelligentTieringConfiguration'],
  's3:DeleteBucketInventoryConfiguration': ['s3:PutInventoryConfiguration'],
  's3:DeleteBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:DeleteBucketMetadataConfiguration': ['s3:DeleteBucketMetadataTableConfiguration'],
  's3:DeleteBucketMetricsConfiguration': ['s3:PutMetricsConfiguration'],
  's3:DeleteBucketOwnershipControls': ['s3:PutBucketOwnershipControls'],
  's3:DeleteBucketPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeleteBucketReplication': ['s3:PutReplicationConfiguration'],
  's3:DeleteBucketTagging': ['s3:PutBucketTagging'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:DeleteAccountPublicAccessBlock': ['s3:PutAccountPublicAccessBlock'],
  's3:GetBucketAccelerateConfiguration': ['s3:GetAccelerateConfiguration'],
  's3:GetBucketAnalyticsConfiguration': ['s3:GetAnalyticsConfiguration'],
  's3:GetBucketCors': ['s3:GetBucketCORS'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetBucketIntelligentTieringConfiguration': ['s3:GetIntelligentTieringConfiguration'],
  's3:GetBucketInventoryConfiguration': ['s3:GetInventoryConfiguration'],
  's3:GetBucketLifecycle': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketMetadataConfiguration': ['s3:GetBucketMetadataTableConfiguration'],
  's3:GetBucketMetricsConfiguration': ['s3:GetMetricsConfiguration'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:GetObjectAttributes': ['s3:GetObject', 's3:GetObjectAttributes'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:HeadObject': ['s3:GetObject'],
  's3:ListBucketAnalyticsConfigurations': ['s3:GetAnalyticsConfiguration'],
  's3:ListBucketIntelligentTieringConfigurations': ['s3:GetIntelligentTieringConfiguration'],
  's3:ListBucketInventoryConfigurations': ['s3:GetInventoryConfiguration'],
  's3:ListBucketMetricsConfigurations': ['s3:GetMetricsConfiguration'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:ListDirectoryBuckets': ['s3express:ListAllMyDirectoryBuckets'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:ListObjects': ['s3:ListBucket'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListParts': ['s3:ListMultipartUploadParts'],
  's3:PostObject': ['s3:PutObject'],
  's3:PutBucketAccelerateConfiguration': ['s3:PutAccelerateConfiguration'],
  's3:PutBucketAnalyticsConfiguration': ['s3:PutAnalyticsConfiguration'],
  's3:PutBucketCors': ['s3:PutBucketCORS'],
  's3:PutBucketEncryption': ['s3:PutEncryptionConfiguration'],
  's3:PutBucketIntelligentTieringConfiguration': ['s3:PutIntelligentTieringConfiguration'],
  's3:PutBucketInventoryConfiguration': ['s3:PutInventoryConfiguration'],
  's3:PutBucketLifecycle': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketMetricsConfiguration': ['s3:PutMetricsConfiguration'],
  's3:PutBucketNotificationConfiguration': ['s3:PutBucketNotification'],
  's3:PutBucketReplication': ['s3:PutReplicationConfiguration'],
  's3:PutObjectLockConfiguration': ['s3:PutBucketObjectLockConfiguration'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:SelectObjectContent': ['s3:GetObject'],
  's3:RenameObject': ['s3express:CreateSession'],
  's3:WriteGetObjectResponse': ['s3-object-lambda:WriteGetObjectResponse'],
  's3:UploadPart': ['s3:PutObject'],
  's3:UploadPartCopy': ['s3:GetObject', 's3:PutObject'],
  'secretsmanager:BatchGetSecretValue': ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
  'sns:PublishBatch': ['sns:Publish'],
  'sqs:ChangeMessageVisibilityBatch': ['sqs:ChangeMessageVisibility'],
  'sqs:DeleteMessageBatch': ['sqs:DeleteMessage'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
  'sso-directory:AssociateDirectory': ['sso:AssociateDirectory'],
  'sso-directory:DisassociateDirectory': ['sso:DisassociateDirectory'],
  // Calls of the access portal, which are authorized by its own tokens and not by IAM.
  'sso:Authenticate': [],
  'sso:CreateToken': [],
  'sso:Federate': [],
  'sso:GetRoleCredentials': [],
  'sso:ListAccountRoles': [],
  'sso:ListAccounts': [],
  'sso:Logout': [],
  // Authenticated by a certificate; the permissions come from the Roles Anywhere profile.
  'rolesanywhere:CreateSession': [],
  // Allowed without any policy, so naming them in one is of no use.
  'sts:GetCallerIdentity': [],
  'sts:GetSessionToken': [],
  'timestream:Query': ['timestream:Select'],
};

/**
 * Services whose name in CloudTrail is not their prefix in IAM. A name in several parts, such as `runtime.lex`, is
 * looked up as a whole, then by its last part.
 */
const PREFIXES: Readonly<Record<string, string>> = {
  'agreement-marketplace': 'aws-marketplace',
  amazonmq: 'mq',
  appconfigdata: 'appconfig',
  'application-insights': 'applicationinsights',
  cloudcontrolapi: 'cloudformation',
  'data.jobs.iot': 'iotjobsdata',
  email: 'ses',
  ioteventsdata: 'iotevents',
  iotsecuredtunneling: 'iot',
  lexv2: 'lex',
  marketplace: 'aws-marketplace',
  monitoring: 'cloudwatch',
  opensearch: 'es',
  rdsdata: 'rds-data',
  'servicecatalog-appregistry': 'servicecatalog',
  tagging: 'tag',
};

/** Application and EC2 Auto Scaling are both `autoscaling` in CloudTrail; only the former has these calls. */
const APPLICATION_AUTO_SCALING: ReadonlySet<string> = new Set([
  'DeleteScalingPolicy',
  'DeregisterScalableTarget',
  'DescribeScalableTargets',
  'DescribeScalingPolicies',
  'ListTagsForResource',
  'PutScheduledAction',
  'RegisterScalableTarget',
  'TagResource',
  'UntagResource',
]);

/** Both services have these calls, so the name does not tell which service was called. */
const EITHER_AUTO_SCALING: ReadonlySet<string> = new Set([
  'DeleteScheduledAction',
  'DescribeScalingActivities',
  'DescribeScheduledActions',
  'GetPredictiveScalingForecast',
  'PutScalingPolicy',
]);

/** Calls on the objects of a directory bucket need one permission: to create a session with the bucket. */
const DIRECTORY_BUCKET_DATA = /^(CreateSession|HeadBucket)$|Object|Part|MultipartUpload/;

type Pattern = readonly [pattern: RegExp, name: string];

/** API Gateway's IAM actions are HTTP verbs; its newer calls have actions of their own. */
const API_GATEWAY_ACTIONS: readonly Pattern[] = [
  [/Portal|ProductPage|ProductRestEndpointPage|RoutingRule/, ''],
  [/^(Delete|Flush|Reset|Untag)/, 'DELETE'],
  [/^(Put|Reimport|ImportApi$|ImportDocumentationParts$)/, 'PUT'],
  [/^(Get|Export)/, 'GET'],
  [/^(Create|Import|Test|Generate)/, 'POST'],
  [/^Update/, 'PATCH'],
];

/** The IAM actions of Keyspaces are named after CQL statements. */
const KEYSPACES_ACTIONS: readonly Pattern[] = [
  [/^(Tag|Untag)Resource$/, ''],
  [/^Create/, 'Create'],
  [/^(Alter|Update)/, 'Alter'],
  [/^(Drop|Delete)/, 'Drop'],
  [/^(Select|Get(Keyspace|Table|Type)|List)/, 'Select'],
  [/^RestoreTable/, 'Restore'],
];

/** Budgets has one action for viewing and one for changing, beside those for budget actions and tags. */
const BUDGETS_ACTIONS: readonly Pattern[] = [
  [/BudgetAction|(Tag|Untag|TagsFor)Resource$/, ''],
  [/^Describe/, 'ViewBudget'],
  [/^/, 'ModifyBudget'],
];

/** An empty name stands for the name of the call. */
const BY_PATTERN: Readonly<Record<string, readonly Pattern[]>> = {
  apigateway: API_GATEWAY_ACTIONS,
  budgets: BUDGETS_ACTIONS,
  cassandra: KEYSPACES_ACTIONS,
};

/**
 * The IAM actions that allow a call.
 *
 * @param action `service:Call` as CloudTrail names both
 * @returns empty for calls that need no permission, such as signing in
 */
export function iamActionsOf(action: string): readonly string[] {
  const exception = ACTIONS[action];
  if (exception !== undefined) return exception;
  const at = action.indexOf(':');
  const service = action.slice(0, at);
  const name = action.slice(at + 1);
  switch (service) {
    case 'signin':
      return [];
    case 'apigateway':
      // One version of the API tags with PUT, the other with POST.
      if (name === 'TagResource') return ['apigateway:POST', 'apigateway:PUT'];
      break;
    case 'autoscaling':
      if (APPLICATION_AUTO_SCALING.has(name)) return [`application-autoscaling:${name}`];
      if (EITHER_AUTO_SCALING.has(name)) return [`application-autoscaling:${name}`, `autoscaling:${name}`];
      break;
    case 's3express':
      return directoryBucketActions(name);
  }
  const patterns = BY_PATTERN[service];
  if (patterns !== undefined) {
    const found = patterns.find(([pattern]) => pattern.test(name));
    return found === undefined ? [] : [`${service}:${found[1] || name}`];
  }
  const last = service.slice(service.lastIndexOf('.') + 1);
  return [`${PREFIXES[service] ?? PREFIXES[last] ?? last}:${name}`];
}

/** The actions of other buckets, with the prefix `s3express`. */
function directoryBucketActions(name: string): readonly string[] {
  if (name === 'ListDirectoryBuckets') return ['s3express:ListAllMyDirectoryBuckets'];
  if (DIRECTORY_BUCKET_DATA.test(name)) return ['s3express:CreateSession'];
  return iamActionsOf(`s3:${name}`).map((action) => action.replace(/^s3:/, 's3express:'));
}
