/**
 * Calls that say who and what there is. One of them is daily work; many different ones in one access are somebody who looks around.
 */
export const LOOKING_ACTIONS: ReadonlySet<string> = new Set([
  'agreement-marketplace:GetAccessKeyInfo',
  'codeartifact:GetAuthorizationToken',
  'ec2:DescribeInstances',
  'ec2:DescribeSnapshotAttribute',
  'ecr:DescribeImageScanFindings',
  'ecr:GetAuthorizationToken',
  'ecs:DescribeTaskDefinition',
  'health:DescribeEventAggregates',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountPasswordPolicy',
  'iam:GetAccountSummary',
  'iam:GetGroup',
  'iam:GetGroupPolicy',
  'iam:GetRolePolicy',
  'iam:ListAccountAliases',
  'iam:ListAttachedGroupPolicies',
  'iam:ListAttachedRolePolicies',
  'iam:ListGroups',
  'iam:ListGroupsForUser',
  'iam:ListRoles',
  'iam:ListUsers',
  'kms:ListKeys',
  'lambda:ListFunctions',
  's3:ListBuckets',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecrets',
  'ses:GetAccountSendingEnabled',
  'ses:GetIdentityVerificationAttributes',
  'ses:GetSendQuota',
  'ses:ListIdentities',
  'ssm:DescribeParameters',
  'sts:GetCallerIdentity',
]);

/** So many different ones are looking around. */
export const MANY_KINDS = 8;
