import { type Call, field } from './call.ts';

/**
 * The calls that define a flag, as `service:Call` (the service as CloudTrail names it, the call without version suffix). A
 * call is in one list only: the most serious reading of it.
 */
export const FLAGGED_ACTIONS = {
  'trail-tampering': [
    'cloudtrail:DeleteEventDataStore',
    'cloudtrail:DeleteTrail',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:PutInsightSelectors',
    'cloudtrail:StopEventDataStoreIngestion',
    'cloudtrail:StopLogging',
    'cloudtrail:UpdateTrail',
    'config:DeleteConfigurationRecorder',
    'config:DeleteDeliveryChannel',
    'config:PutConfigurationRecorder',
    'config:StopConfigurationRecorder',
    'access-analyzer:DeleteAnalyzer',
    'detective:DeleteGraph',
    'ec2:DeleteFlowLogs',
    'events:DeleteRule',
    'events:DisableRule',
    'events:RemoveTargets',
    'guardduty:CreateFilter',
    'guardduty:CreateIPSet',
    'guardduty:CreateThreatIntelSet',
    'guardduty:DeleteDetector',
    'guardduty:DisassociateMembers',
    'guardduty:DisassociateFromAdministratorAccount',
    'guardduty:StopMonitoringMembers',
    'guardduty:UpdateDetector',
    'guardduty:UpdateIPSet',
    'guardduty:UpdateThreatIntelSet',
    'inspector2:Disable',
    'bedrock:PutModelInvocationLoggingConfiguration',
    'bedrock:UpdateGuardrail',
    'organizations:LeaveOrganization',
    'rds:StopActivityStream',
    'securityhub:BatchUpdateFindings',
    'logs:DeleteDestination',
    'logs:DeleteLogGroup',
    'logs:DeleteLogStream',
    'logs:DeleteMetricFilter',
    'logs:DeleteSubscriptionFilter',
    'logs:PutRetentionPolicy',
    'macie2:DisableMacie',
    'monitoring:DeleteAlarms',
    'monitoring:DisableAlarmActions',
    'route53resolver:DeleteResolverQueryLogConfig',
    's3:PutBucketLogging',
    'securityhub:BatchDisableStandards',
    'securityhub:DisableSecurityHub',
    'wafv2:DeleteLoggingConfiguration',
    'wafv2:DisassociateWebACL',
  ],
  'identity-persistence': [
    'ec2:AssociateIamInstanceProfile',
    'ec2:ReplaceIamInstanceProfileAssociation',
    'iam:AddClientIDToOpenIDConnectProvider',
    'iam:AddRoleToInstanceProfile',
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:AttachRolePolicy',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:CreateOpenIDConnectProvider',
    'iam:CreatePolicyVersion',
    'iam:CreateRole',
    'iam:CreateSAMLProvider',
    'iam:CreateServiceSpecificCredential',
    'iam:CreateUser',
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
    'eks:AssociateAccessPolicy',
    'eks:CreateAccessEntry',
    'eks:UpdateAccessEntry',
    'sts:GetFederationToken',
    'sso-directory:DisableExternalIdPConfigurationForDirectory',
    'sso-directory:EnableExternalIdPConfigurationForDirectory',
    'iam:DeactivateMFADevice',
    'iam:DeleteRolePermissionsBoundary',
    'iam:DeleteUserPermissionsBoundary',
    'iam:PutGroupPolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:PutUserPermissionsBoundary',
    'iam:PutUserPolicy',
    'iam:ResetServiceSpecificCredential',
    'iam:SetDefaultPolicyVersion',
    'iam:UpdateAccessKey',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateLoginProfile',
    'iam:UpdateOpenIDConnectProviderThumbprint',
    'iam:UpdateSAMLProvider',
    'iam:UploadSSHPublicKey',
    'iam:UploadSigningCertificate',
    'identitystore:CreateGroupMembership',
    'identitystore:CreateUser',
    'rolesanywhere:CreateProfile',
    'rolesanywhere:CreateTrustAnchor',
    'rolesanywhere:UpdateTrustAnchor',
    'sso-directory:AddMemberToGroup',
    'sso-directory:CreateUser',
    'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:CreateAccountAssignment',
    'sso:PutInlinePolicyToPermissionSet',
  ],
  exposure: [
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateInstanceExportTask',
    'ec2:CreateNetworkAclEntry',
    'ec2:CreateStoreImageTask',
    'ec2:CreateTrafficMirrorSession',
    'ec2:CreateVpcPeeringConnection',
    'ec2:DisableImageBlockPublicAccess',
    'ec2:EnableSerialConsoleAccess',
    'ec2:ExportImage',
    'ec2:DisableSnapshotBlockPublicAccess',
    'ec2:ModifyImageAttribute',
    'ec2:ModifySecurityGroupRules',
    'ec2:ModifySnapshotAttribute',
    'ec2:ReplaceNetworkAclEntry',
    'ecr-public:SetRepositoryPolicy',
    'ecr:PutRegistryPolicy',
    'ecr:SetRepositoryPolicy',
    'elasticfilesystem:PutFileSystemPolicy',
    'es:UpdateDomainConfig',
    'glacier:SetVaultAccessPolicy',
    'glue:PutResourcePolicy',
    'kms:CreateGrant',
    'kms:PutKeyPolicy',
    'lambda:AddLayerVersionPermission',
    'lambda:AddPermission',
    'lambda:CreateFunctionUrlConfig',
    'lambda:UpdateFunctionUrlConfig',
    'ram:AssociateResourceShare',
    'ram:CreateResourceShare',
    'rds:ModifyDBClusterSnapshotAttribute',
    'rds:AuthorizeDBSecurityGroupIngress',
    'rds:ModifyDBSnapshotAttribute',
    'rds:StartExportTask',
    'redshift:AuthorizeSnapshotAccess',
    's3:DeleteAccountPublicAccessBlock',
    's3:DeleteBucketPublicAccessBlock',
    's3:DeletePublicAccessBlock',
    's3:PutAccountPublicAccessBlock',
    's3:PutBucketAcl',
    's3:PutBucketOwnershipControls',
    's3:PutBucketPolicy',
    's3:PutBucketPublicAccessBlock',
    's3:PutBucketReplication',
    's3:PutBucketWebsite',
    's3:PutObjectAcl',
    's3:PutPublicAccessBlock',
    'secretsmanager:PutResourcePolicy',
    'sns:AddPermission',
    'sns:SetTopicAttributes',
    'sqs:AddPermission',
    'sqs:SetQueueAttributes',
    'ssm:ModifyDocumentPermission',
  ],
  destruction: [
    'backup:StopBackupJob',
    'cloudformation:DeleteStack',
    'dynamodb:UpdateContinuousBackups',
    'ec2:DeregisterImage',
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'organizations:CloseAccount',
    'organizations:RemoveAccountFromOrganization',
    's3:PutBucketLifecycle',
    's3:PutBucketLifecycleConfiguration',
  ],
  secrets: [
    'ec2:GetPasswordData',
    'kms:Decrypt',
    'lightsail:DownloadDefaultKeyPair',
    'rds:DownloadCompleteDBLogFile',
    'redshift:GetClusterCredentials',
    'redshift:GetClusterCredentialsWithIAM',
    'secretsmanager:BatchGetSecretValue',
    'secretsmanager:GetSecretValue',
  ],
} as const;

type ListedFlag = keyof typeof FLAGGED_ACTIONS;

/** Flag by action, from the lists above. */
export const LISTED_ACTIONS: ReadonlyMap<string, ListedFlag> = new Map(
  (Object.keys(FLAGGED_ACTIONS) as ListedFlag[]).flatMap((flag) =>
    FLAGGED_ACTIONS[flag].map((action): [string, ListedFlag] => [action, flag]),
  ),
);

/** The names of flagged calls, as CloudTrail may spell them, to look them up by. */
export const FLAGGED_NAMES: readonly string[] = namesIn([...LISTED_ACTIONS.keys()]);

const PARAMETER_READS: ReadonlySet<string> = new Set([
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  'ssm:GetParameterHistory',
]);

/** Of these, the ones that CloudTrail may call read-only. */
export const FLAGGED_READS: readonly string[] = namesIn([
  ...FLAGGED_ACTIONS.secrets,
  ...PARAMETER_READS,
  'sts:AssumeRole',
]);

function namesIn(actions: readonly string[]): readonly string[] {
  return [...new Set(actions.map((action) => action.slice(action.indexOf(':') + 1)))];
}

/** Parameters of Systems Manager are configuration, unless they are asked for decrypted. */
export function isSecretRead(call: Pick<Call, 'action' | 'request'>): boolean {
  return PARAMETER_READS.has(call.action) && field(call.request, 'withDecryption') === true;
}

/**
 * Calls of a listed name that do the opposite of what the list is for.
 * - `kms:Decrypt` by an AWS service, such as S3 opening an object: nobody saw a secret. CloudTrail gives the service's host name
 *   as the address; the person's own calls carry an IP address.
 * - Turning logging on: a bucket's logging with a target, not one without.
 */
export function isHarmlessUse(call: Pick<Call, 'action' | 'request' | 'address'>): boolean {
  if (call.action === 'kms:Decrypt') return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(call.address);
  if (call.action === 's3:PutBucketLogging') {
    return field(field(call.request, 'BucketLoggingStatus'), 'LoggingEnabled') !== '';
  }
  return false;
}

/** Deleting tags takes a label away, not a resource. */
const DELETES_LITTLE = /(Tags?|Tagging)$/;

/** Deletes by name: every service names these calls alike. */
export function isDestruction(action: string): boolean {
  const name = action.slice(action.indexOf(':') + 1);
  return /^(Batch)?(Delete|Terminate|Purge|Destroy)/.test(name) && !DELETES_LITTLE.test(name);
}
