import type { Call } from '../call.ts';
import {
  type FlagRule,
  firstGiven,
  given,
  isByService,
  isOnly,
  isWithinNetwork,
  keepsToAccount,
  texts,
  writtenPolicies,
} from './rule.ts';

/** Parameters by which services share a copy with accounts, and by which they take it back. */
const SHARING = ['add', 'valuesToAdd', 'accountIdsToAdd'];
const TAKING_BACK = ['remove', 'valuesToRemove', 'accountIdsToRemove'];

function isGiven(call: Call, members: readonly string[]): boolean {
  return members.some((member) => given(call, member).length > 0);
}

/** Calls that can open data, keys or networks to others. */
export const OPENING_RULES: readonly FlagRule[] = [
  {
    id: 'network-opened',
    flag: 'exposure',
    actions: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateNetworkAclEntry',
      'ec2:ModifySecurityGroupRules',
      'ec2:ReplaceNetworkAclEntry',
      'elasticache:AuthorizeCacheSecurityGroupIngress',
      'rds:AuthorizeDBSecurityGroupIngress',
    ],
    why: 'Machines may be reached from places they could not be reached from.',
    benign:
      'A rule for a colleague’s address. Rules that name private ranges or security groups, or that deny, are left alone.',
    harmless: (call) => isWithinNetwork(call) || isOnly(call, 'ruleAction', 'deny'),
  },
  {
    id: 'network-joined',
    flag: 'exposure',
    actions: ['ec2:CreateVpcPeeringConnection', 'ec2:EnableSerialConsoleAccess'],
    why: 'A way around the network’s own rules.',
    benign: 'Networks of the same organization are joined.',
  },
  {
    id: 'resource-policy',
    flag: 'exposure',
    actions: [
      'bedrock:PutResourcePolicy',
      'ecr-public:SetRepositoryPolicy',
      'ecr:PutRegistryPolicy',
      'ecr:SetRepositoryPolicy',
      'elasticfilesystem:PutFileSystemPolicy',
      'es:CreateElasticsearchDomain',
      'es:UpdateDomainConfig',
      'glacier:SetVaultAccessPolicy',
      'glue:PutResourcePolicy',
      'kms:PutKeyPolicy',
      's3:PutBucketPolicy',
      'secretsmanager:PutResourcePolicy',
    ],
    why: 'A policy on the thing itself can let in other accounts or everybody.',
    benign:
      'The policy names only this account or AWS services, or denies; where the record shows that, it is left alone.',
    harmless: keepsToAccount,
  },
  {
    id: 'queue-or-topic-policy',
    flag: 'exposure',
    actions: ['sns:SetTopicAttributes', 'sqs:SetQueueAttributes'],
    why: 'The policy of a topic or queue can let others read along.',
    benign: 'Another attribute is set, or the policy keeps to this account; both are left alone.',
    harmless: (call) =>
      keepsToAccount(call) ||
      (call.request != null &&
        firstGiven(call, 'attributeName').toLowerCase() !== 'policy' &&
        given(call, 'policy').length === 0),
  },
  {
    id: 'shared-with-accounts',
    flag: 'exposure',
    actions: [
      'backup:ModifySnapshotAttribute',
      'ec2:ModifyImageAttribute',
      'ec2:ModifySnapshotAttribute',
      'rds:ModifyDBClusterSnapshotAttribute',
      'rds:ModifyDBSnapshotAttribute',
      'redshift:AuthorizeSnapshotAccess',
      'ssm:ModifyDocumentPermission',
    ],
    why: 'A copy for another account, or for everybody.',
    benign: 'Accounts of the same organization; a snapshot taken back from others, which is left alone.',
    harmless: (call) => isGiven(call, TAKING_BACK) && !isGiven(call, SHARING),
  },
  {
    id: 'shared-by-ram',
    flag: 'exposure',
    actions: ['ram:AssociateResourceShare', 'ram:CreateResourceShare'],
    why: 'Resources are given to other accounts.',
    benign: 'Sharing that is kept to the organization, which is left alone where the call says so.',
    harmless: (call) => isOnly(call, 'allowExternalPrincipals', 'false'),
  },
  {
    id: 'caller-added',
    flag: 'exposure',
    actions: ['lambda:AddLayerVersionPermission', 'lambda:AddPermission', 'sns:AddPermission', 'sqs:AddPermission'],
    why: 'Others may call a function, read a queue, hear a topic.',
    benign: 'An AWS service may call, such as an event rule; that is left alone.',
    harmless: (call) => {
      const principals = texts(given(call, 'principal'));
      return principals.length > 0 && principals.every((principal) => principal.endsWith('.amazonaws.com'));
    },
  },
  {
    id: 'function-url',
    flag: 'exposure',
    actions: ['lambda:CreateFunctionUrlConfig', 'lambda:UpdateFunctionUrlConfig'],
    why: 'A function that anybody on the internet may call.',
    benign: 'Callers must sign with IAM, which is left alone.',
    harmless: (call) => isOnly(call, 'authType', 'AWS_IAM'),
  },
  {
    id: 'key-grant',
    flag: 'exposure',
    actions: ['kms:CreateGrant'],
    why: 'Somebody else may decrypt with the key.',
    benign: 'AWS services take grants as they attach volumes and databases; those are left alone.',
    harmless: (call) =>
      isByService(call) || call.identity.invokedBy !== '' || isOnly(call, 'granteePrincipal', 'AWS Internal'),
  },
  {
    id: 'key-created',
    flag: 'exposure',
    actions: ['kms:CreateKey'],
    why: 'A key that others hold, or that everybody may encrypt with, locks data away.',
    benign: 'No policy is given with it, or one that keeps to this account; both are left alone.',
    harmless: (call) => writtenPolicies(call).length === 0 || keepsToAccount(call),
  },
  {
    id: 'public-block-lifted',
    flag: 'exposure',
    actions: [
      'ec2:DisableImageBlockPublicAccess',
      'ec2:DisableSnapshotBlockPublicAccess',
      's3:DeleteAccountPublicAccessBlock',
      's3:DeleteBucketPublicAccessBlock',
      's3:DeletePublicAccessBlock',
      's3:PutAccountPublicAccessBlock',
      's3:PutBucketPublicAccessBlock',
      's3:PutPublicAccessBlock',
    ],
    why: 'What kept data from becoming public is gone.',
    benign: 'The block is switched on, which is left alone.',
    harmless: (call) => {
      const members = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
      return members.every((member) => isOnly(call, member, 'true'));
    },
  },
  {
    id: 'bucket-opened',
    flag: 'exposure',
    actions: ['s3:PutBucketAcl', 's3:PutObjectAcl'],
    why: 'Lists can let in everybody, past any policy.',
    benign: 'The list says private, which is left alone.',
    harmless: (call) => isOnly(call, 'x-amz-acl', 'private', 'bucket-owner-full-control'),
  },
  {
    id: 'bucket-published',
    flag: 'exposure',
    actions: [
      's3:PutBucketOwnershipControls',
      's3:PutBucketReplication',
      's3:PutBucketWebsite',
      's3:PutReplicationConfiguration',
    ],
    why: 'Objects are served to everybody, or copied on as they come.',
    benign: 'A public site; replication into a bucket of the same organization.',
  },
  {
    id: 'database-public',
    flag: 'exposure',
    actions: ['rds:CreateDBCluster', 'rds:CreateDBInstance'],
    why: 'A database that may be reached from the internet.',
    benign: 'It is not made public, which is left alone.',
    harmless: (call) => call.request != null && !texts(given(call, 'publiclyAccessible')).includes('true'),
  },
  {
    id: 'project-public',
    flag: 'exposure',
    actions: ['codebuild:UpdateProjectVisibility'],
    why: 'Logs and artifacts of builds are for everybody to read.',
    benign: 'The project is made private, which is left alone.',
    harmless: (call) => isOnly(call, 'projectVisibility', 'PRIVATE'),
  },
  {
    id: 'topic-subscribed',
    flag: 'exposure',
    actions: ['sns:Subscribe'],
    why: 'Messages go to an address outside.',
    benign: 'A queue or function subscribes, which is left alone; an on-call address.',
    harmless: (call) => isOnly(call, 'protocol', 'sqs', 'lambda', 'firehose'),
  },
  {
    id: 'domain-moved',
    flag: 'exposure',
    actions: [
      'route53:DisableDomainTransferLock',
      'route53:TransferDomainToAnotherAwsAccount',
      'route53domains:DisableDomainTransferLock',
      'route53domains:TransferDomainToAnotherAwsAccount',
    ],
    why: 'A domain that others hold sends mail and traffic where they like.',
    benign: 'A planned move of a domain.',
  },
  {
    id: 'network-changed',
    flag: 'network',
    actions: [
      'ec2:AttachInternetGateway',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:CreateNetworkAcl',
      'ec2:CreateRoute',
      'ec2:CreateRouteTable',
      'ec2:CreateSecurityGroup',
      'ec2:CreateVpc',
      'ec2:DisassociateRouteTable',
      'ec2:ReplaceRoute',
      'ec2:ReplaceRouteTableAssociation',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'elasticache:AuthorizeCacheSecurityGroupEgress',
      'elasticache:CreateCacheSecurityGroup',
      'elasticache:RevokeCacheSecurityGroupEgress',
      'elasticache:RevokeCacheSecurityGroupIngress',
      'elasticloadbalancing:ApplySecurityGroupsToLoadBalancer',
      'elasticloadbalancing:SetSecurityGroups',
      'rds:CreateDBSecurityGroup',
      'rds:RevokeDBSecurityGroupIngress',
      'route53:AssociateVPCWithHostedZone',
    ],
    why: 'Traffic goes, or may go, other ways than before.',
    benign: 'The usual work on a network, and the repair of one.',
  },
];
