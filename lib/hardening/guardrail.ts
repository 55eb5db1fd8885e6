import { EVENTS_PREFIX, LISTS_PREFIX } from '../audit/audit-archive.ts';
import type { CheckedConfig } from '../config/config-schema.ts';
import { namesFor } from '../config/names.ts';

/** A statement of a service control policy. */
interface Forbidden {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: {
    readonly ArnNotLike: { readonly 'aws:PrincipalArn': readonly string[] };
    readonly StringEquals?: { readonly 'aws:PrincipalAccount': string };
  };
}

/**
 * Organizations takes no longer service control policy; white space counts.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const MOST_CHARACTERS = 5_120;

/** Every action that changes a role; where one word begins several of them, it stands for all. */
const CHANGE_ROLES = [
  'iam:AttachRolePolicy',
  'iam:DeleteRole*',
  'iam:DetachRolePolicy',
  'iam:PutRole*',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole*',
];

/**
 * A service control policy by which nobody but CloudFormation and the functions themselves changes what decides about access and
 * what remembers it, administrators of the account included. It binds neither the management account nor service-linked roles.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function guardrailPolicy(config: CheckedConfig): {
  readonly Version: '2012-10-17';
  readonly Statement: Forbidden[];
} {
  const { account, region } = config.env;
  const { partition, prefix, guards } = namesFor(config);
  const { path: guardPath, name: guardName } = guards.policies.boundary;
  const arn = (service: string, rest: string, where = region) =>
    `arn:${partition}:${service}:${where}:${account}:${rest}`;
  const role = (name: string, where = account) => `arn:${partition}:iam::${where}:role/${name}`;
  const deployers = [role('cdk-*-cfn-exec-role-*'), ...config.guardrail.deployers];
  const ownRoles = [role(`${config.stackName}-*`), role(`${prefix}-*`)];
  const forbid = (Sid: string, Action: readonly string[], Resource: readonly string[], but: readonly string[]) => ({
    Sid,
    Effect: 'Deny' as const,
    Action,
    Resource,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': but } },
  });
  const memberDeployers = [
    role('stacksets-exec-*', '*'),
    role('cdk-*-cfn-exec-role-*', '*'),
    ...config.guardrail.deployers,
  ];
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  // The stack's own bucket stays where the configuration names another later, with all that was archived until then. The star of its name
  // stands for its keys as well.
  const { bucket: given } = config.audit;
  const archives = [
    bucket(`${prefix}-auditarchivebucket*`),
    ...(given === undefined
      ? []
      : ['', `/${EVENTS_PREFIX}*`, `/${LISTS_PREFIX}*`].map((rest) => bucket(`${given}${rest}`))),
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      forbid(
        'Records',
        [
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:PartiQLDelete',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLUpdate',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
        ],
        [arn('dynamodb', `table/${config.stackName}-Tables*`)],
        [...ownRoles, ...deployers, ...config.guardrail.policyWriters],
      ),
      forbid(
        'Parts',
        [
          'dynamodb:DeleteTable',
          'dynamodb:UpdateContinuousBackups',
          'dynamodb:UpdateTable',
          'dynamodb:UpdateTimeToLive',
          'events:DeleteRule',
          'events:DisableRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
          'lambda:AddPermission',
          'lambda:DeleteFunction',
          'lambda:PutFunctionConcurrency',
          'lambda:UpdateFunctionCode',
          'lambda:UpdateFunctionConfiguration',
          'states:DeleteStateMachine',
          'states:UpdateStateMachine',
        ],
        [
          arn('dynamodb', `table/${config.stackName}-Tables*`),
          arn('events', `rule/${config.stackName}-*`),
          arn('lambda', `function:${prefix}-*`),
          arn('states', `stateMachine:${prefix}-*`),
        ],
        deployers,
      ),
      forbid('Roles', CHANGE_ROLES, ownRoles, deployers),
      ...(config.api === undefined
        ? []
        : doorStatements(forbid, config, arn('lambda', `function:${prefix}-api`), deployers)),
      forbid(
        'Archive',
        [
          's3:BypassGovernanceRetention',
          's3:DeleteBucket*',
          's3:DeleteObject*',
          's3:PutBucketObjectLockConfiguration',
          's3:PutBucketPolicy',
          's3:PutLifecycleConfiguration',
          's3:PutObjectRetention',
        ],
        archives,
        deployers,
      ),
      forbid('Readers', CHANGE_ROLES, [role(config.report.roleName, '*'), role(guards.role, '*')], memberDeployers),
      // Of the guards' versions alone: their first is CloudFormation's, and all others are of the role beside them.
      forbid(
        'Guards',
        ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
        [`arn:${partition}:iam::*:policy${guardPath}${guardName}*`],
        [role(guards.role, '*'), ...memberDeployers],
      ),
    ],
  };
}

/**
 * What says who calls is API Gateway: whoever changes the policy of the API, or calls the function past it, is whoever they say. The
 * ARN of an API has no account in it, and its id is not known before there is one; so it is about every REST API of this account.
 */
function doorStatements(
  forbid: (sid: string, actions: readonly string[], resources: readonly string[], but: readonly string[]) => Forbidden,
  config: CheckedConfig,
  apiFunction: string,
  deployers: readonly string[],
): Forbidden[] {
  const { account, region } = config.env;
  const apis = [`arn:${namesFor(config).partition}:apigateway:${region}::/restapis/*`];
  const change = ['DELETE', 'PATCH', 'POST', 'PUT', 'UpdateRestApiPolicy'].map((verb) => `apigateway:${verb}`);
  const door = forbid('Door', change, apis, deployers);
  return [
    { ...door, Condition: { ...door.Condition, StringEquals: { 'aws:PrincipalAccount': account } } },
    forbid('PastTheDoor', ['lambda:InvokeFunction'], [apiFunction], deployers),
  ];
}
