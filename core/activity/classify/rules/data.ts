import { type FlagRule, firstGiven, given, isByService, isOnly, texts } from './rule.ts';

/** Calls that read secrets, take data out, or destroy it. */
export const DATA_RULES: readonly FlagRule[] = [
  {
    id: 'secret-read',
    flag: 'secrets',
    actions: [
      'ec2:GetPasswordData',
      'lightsail:DownloadDefaultKeyPair',
      'rds:DownloadCompleteDBLogFile',
      'rds:DownloadDBLogFilePortion',
      'redshift:GetClusterCredentials',
      'redshift:GetClusterCredentialsWithIAM',
      'secretsmanager:BatchGetSecretValue',
      'secretsmanager:GetSecretValue',
    ],
    why: 'Everybody who read it knows it.',
    benign: 'A secret that the work needed.',
  },
  {
    id: 'parameter-read',
    flag: 'secrets',
    actions: ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
    why: 'Parameters hold passwords as often as settings.',
    benign: 'Parameters read without decryption are settings, and are left alone.',
    harmless: (call) => !texts(given(call, 'withDecryption')).includes('true'),
  },
  {
    id: 'decrypted',
    flag: 'secrets',
    actions: ['kms:Decrypt'],
    why: 'What was encrypted was seen.',
    benign: 'A service decrypts as it opens an object or volume; that is left alone.',
    harmless: (call) => isByService(call),
  },
  {
    id: 'user-data-read',
    flag: 'secrets',
    actions: ['ec2:DescribeInstanceAttribute'],
    why: 'Start-up scripts hold passwords and keys.',
    benign: 'Another attribute is read, which is left alone.',
    harmless: (call) => call.request != null && !isOnly(call, 'attribute', 'userData'),
  },
  {
    id: 'copied-out',
    flag: 'data-out',
    actions: [
      'backup:StartCopyJob',
      'datasync:CreateTask',
      'dynamodb:ExportTableToPointInTime',
      'ec2:CreateInstanceExportTask',
      'ec2:CreateStoreImageTask',
      'ec2:ExportImage',
      'logs:CreateExportTask',
      'rds:CopyDBClusterSnapshot',
      'rds:CopyDBSnapshot',
      'rds:StartExportTask',
    ],
    why: 'Data leaves the place where it was kept, as a whole.',
    benign: 'Backups and moves. See where the copy went.',
  },
  {
    id: 'restored-elsewhere',
    flag: 'data-out',
    actions: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:RestoreDBInstanceFromS3'],
    why: 'A copy of a database, with another password and perhaps other rules.',
    benign: 'A rehearsal of a restore, or a real one.',
  },
  {
    id: 'traffic-mirrored',
    flag: 'data-out',
    actions: [
      'ec2:CreateTrafficMirrorFilter',
      'ec2:CreateTrafficMirrorFilterRule',
      'ec2:CreateTrafficMirrorSession',
      'ec2:CreateTrafficMirrorTarget',
      'ec2:ModifyTrafficMirrorSession',
    ],
    why: 'Somebody reads the network’s traffic.',
    benign: 'A fault in the network is searched for.',
  },
  {
    id: 'snapshot-made',
    flag: 'data-out',
    actions: ['ec2:CreateImage', 'ec2:CreateSnapshot', 'rds:CreateDBSnapshot'],
    why: 'A copy that may be carried away later.',
    benign: 'The snapshot before a change, which is good practice. One made by a service is left alone.',
    harmless: (call) => isByService(call) || call.identity.invokedBy !== '',
  },
  {
    id: 'deleted',
    flag: 'destruction',
    actions: [
      'backup:StopBackupJob',
      'cloudformation:DeleteStack',
      'ec2:DeregisterImage',
      'kms:DisableKey',
      'kms:ImportKeyMaterial',
      'kms:ScheduleKeyDeletion',
      'organizations:CloseAccount',
      'organizations:RemoveAccountFromOrganization',
      's3:PutBucketLifecycle',
      's3:PutBucketLifecycleConfiguration',
      's3:PutLifecycleConfiguration',
    ],
    why: 'It is gone, or will be.',
    benign: 'Clean-up. See whether a copy is left.',
  },
  {
    id: 'backups-off',
    flag: 'destruction',
    actions: ['dynamodb:UpdateContinuousBackups'],
    why: 'What is deleted next cannot be brought back.',
    benign: 'Backups are switched on, which is left alone.',
    harmless: (call) => isOnly(call, 'pointInTimeRecoveryEnabled', 'true'),
  },
  {
    id: 'guard-weakened',
    flag: 'guard-rails',
    actions: [
      'account:EnableRegion',
      'bedrock:PutEnforcedGuardrailConfiguration',
      'bedrock:UpdateAutomatedReasoningPolicy',
      'bedrock:UpdateAutomatedReasoningPolicyAnnotations',
      'bedrock:UpdateGuardrail',
      'cloudtrail:EnableRegion',
      'ec2:DisableEbsEncryptionByDefault',
      'eks:UpdateClusterConfig',
      'iam:UpdateAccountPasswordPolicy',
      'kms:DisableKeyRotation',
      'organizations:DetachPolicy',
      'organizations:DisablePolicyType',
      'organizations:UpdatePolicy',
    ],
    why: 'A rule that held for everybody holds no more, or less.',
    benign: 'A rule is made stricter. Compare before and after.',
  },
  {
    id: 'encryption-changed',
    flag: 'guard-rails',
    actions: ['s3:PutBucketEncryption', 's3:PutEncryptionConfiguration'],
    why: 'With a key that others hold, what is written from then on is locked away.',
    benign: 'Encryption with a key of this account or of S3, which is left alone.',
    harmless: (call) => {
      const keys = texts(given(call, 'KMSMasterKeyID'));
      const { accountId } = call.identity;
      return (
        isOnly(call, 'SSEAlgorithm', 'AES256', 'aws:kms', 'aws:kms:dsse') &&
        keys.every((key) => !key.startsWith('arn:') || (accountId !== '' && key.split(':')[4] === accountId))
      );
    },
  },
  {
    id: 'versions-off',
    flag: 'guard-rails',
    actions: ['s3:PutBucketVersioning'],
    why: 'What is overwritten next cannot be brought back.',
    benign: 'Versions are switched on, which is left alone.',
    harmless: (call) => isOnly(call, 'status', 'Enabled'),
  },
  {
    id: 'database-guard',
    flag: 'guard-rails',
    actions: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    why: 'The database may be deleted, reached from outside, or opened with another password.',
    benign: 'Size or maintenance windows are changed, which is left alone.',
    harmless: (call) =>
      call.request != null &&
      !isOnly(call, 'deletionProtection', 'false') &&
      !isOnly(call, 'publiclyAccessible', 'true') &&
      !isOnly(call, 'backupRetentionPeriod', '0') &&
      firstGiven(call, 'masterUserPassword') === '',
  },
  {
    id: 'metadata-guard',
    flag: 'guard-rails',
    actions: ['ec2:ModifyInstanceMetadataOptions'],
    why: 'Anybody who can make the machine fetch a page can fetch its credentials.',
    benign: 'Tokens are demanded, which is left alone.',
    harmless: (call) => isOnly(call, 'httpTokens', 'required'),
  },
  {
    id: 'interrupted',
    flag: 'disruption',
    actions: [
      'rds:FailoverDBCluster',
      'rds:FailoverGlobalCluster',
      'rds:RebootDBCluster',
      'rds:RebootDBInstance',
      'rds:StopDBCluster',
      'rds:StopDBInstance',
    ],
    why: 'Something was away for a while.',
    benign: 'A restart that the repair needed.',
  },
];
