import { EVENTS_PREFIX, LISTS_PREFIX } from '../audit/audit-archive.ts';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';

/** A statement of a service control policy. */
interface Forbidden {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: {
    readonly ArnNotLike: { readonly 'aws:PrincipalArn': readonly string[] };
    readonly ArnLike?: { readonly 'lambda:FunctionArn': string };
    readonly StringEquals?: { readonly 'aws:PrincipalAccount': string };
  };
}

/**
 * Organizations takes no longer service control policy; white space counts. That is why stars stand for the ends of actions: each of
 * them means nothing else that changes something, or only what nobody but those who deploy is to do either.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const MOST_CHARACTERS = 5_120;

/**
 * Every action that makes or changes a role, and none that reads one; what several of them have in common stands for all. Making is
 * among them because roles are let through by name: whoever could make one of that name would be let through.
 *
 * Stars may stand anywhere in an action, in every partition that Glasshammer runs in.
 * @see https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language
 */
const CHANGE_ROLES = ['iam:*tachRolePolicy', 'iam:CreateRole', 'iam:DeleteRole*', 'iam:PutRole*', 'iam:Update*Role*'];

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
  const { policyWriters, deployers: given } = config.guardrail;
  const deployers = [role('cdk-*-cfn-exec-role-*'), ...given];
  const ownRoles = [role(`${config.stackName}-*`), role(`${prefix}-*`)];
  const forbid = (Sid: string, Action: readonly string[], Resource: readonly string[], but: readonly string[]) => ({
    Sid,
    Effect: 'Deny' as const,
    Action,
    Resource,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': but } },
  });
  // StackSets makes its role in each account by a service-linked role, which no service control policy binds.
  const stackSets = role('stacksets-exec-*', '*');
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  // The stack's own bucket stays where the configuration names another later, with all that was archived until then. The star of its name
  // stands for its keys as well.
  const { bucket: named } = config.audit;
  const archives = [
    bucket(`${prefix}-auditarchivebucket*`),
    ...(named === undefined
      ? []
      : ['', `/${EVENTS_PREFIX}*`, `/${LISTS_PREFIX}*`].map((rest) => bucket(`${named}${rest}`))),
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      forbid(
        'Records',
        [
          'dynamodb:BatchW*',
          'dynamodb:DeleteItem',
          'dynamodb:PartiQL*e',
          'dynamodb:PartiQLInsert',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
        ],
        [arn('dynamodb', `table/${config.stackName}-Tables*`)],
        [...ownRoles, ...deployers, ...policyWriters],
      ),
      // A policy of a table or a function lets in whom it names, of whatever account, and binds where no policy of theirs does. A function
      // that anybody makes under a role of ours may do what ours may.
      forbid(
        'Parts',
        [
          'dynamodb:DeleteR*',
          'dynamodb:DeleteTable',
          'dynamodb:PutR*',
          'dynamodb:UpdateC*',
          'dynamodb:UpdateT*',
          'events:DeleteRule',
          'events:DisableRule',
          'events:Put*',
          'events:R*',
          'iam:PassRole',
          'lambda:*Permission',
          'lambda:DeleteF*',
          'lambda:PutF*',
          'lambda:UpdateF*',
          'states:DeleteStateMachine',
          'states:UpdateStateMachine',
        ],
        [
          arn('dynamodb', `table/${config.stackName}-Tables*`),
          arn('events', `rule/${config.stackName}-*`),
          arn('lambda', `function:${prefix}-*`),
          arn('states', `stateMachine:${prefix}-*`),
          ...ownRoles,
        ],
        deployers,
      ),
      streamsStatement(forbid, config, deployers),
      // Whoever is let through is named by a role: nobody makes one of that name, and nobody has one trust somebody else.
      forbid('Roles', CHANGE_ROLES, [...ownRoles, ...deployers, ...policyWriters], deployers),
      ...doorStatements(forbid, config, deployers),
      forbid(
        'Archive',
        [
          's3:BypassGovernanceRetention',
          's3:DeleteBucket*',
          's3:DeleteObject*',
          's3:PutBucketO*',
          's3:PutBucketPolicy',
          's3:PutLifecycle*',
          's3:PutObjectR*',
        ],
        archives,
        deployers,
      ),
      // Of the guards, their versions alone: their first is CloudFormation's, and all others are of the role beside them.
      forbid(
        'Members',
        [...CHANGE_ROLES, 'iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:SetDefault*'],
        [
          role(config.report.roleName, '*'),
          role(guards.role, '*'),
          stackSets,
          `arn:${partition}:iam::*:policy${guardPath}${guardName}*`,
        ],
        [role(guards.role, '*'), stackSets, ...given],
      ),
    ],
  };
}

type Forbid = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  but: readonly string[],
) => Forbidden;

/**
 * The streams by which the functions learn of each write to the tables: without them no edit by hand is noticed and no event is archived,
 * and one from elsewhere would tell of writes that never were. A mapping's own ARN is not known before there is one; that of its function is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html (`lambda:FunctionArn`)
 */
function streamsStatement(forbid: Forbid, config: CheckedConfig, deployers: readonly string[]): Forbidden {
  const { prefix } = namesFor(config);
  const streams = forbid('Streams', ['lambda:*eEventSourceMapping'], ['*'], deployers);
  // Of this account; in whichever partition and region, because characters are few.
  const functions = `*:${config.env.account}:function:${prefix}-*`;
  return { ...streams, Condition: { ...streams.Condition, ArnLike: { 'lambda:FunctionArn': functions } } };
}

/**
 * What says who calls is API Gateway: whoever changes the policy or the authorizer of the API, or calls a function past it, is whoever
 * they say. The ARN of an API has no account in it, and its id is not known before there is one; so it is about every API of this
 * account that is of the same kind.
 */
function doorStatements(forbid: Forbid, config: CheckedConfig, deployers: readonly string[]): Forbidden[] {
  const { account, region } = config.env;
  const { partition, prefix, policyChangesFunction } = namesFor(config);
  const kinds = [...(config.api ? ['restapis'] : []), ...(config.console ? ['apis'] : [])];
  if (kinds.length === 0) return [];
  const apis = kinds.map((kind) => `arn:${partition}:apigateway:${region}::/${kind}/*`);
  const change = ['DELETE', 'PATCH', 'POST', 'PUT', 'UpdateRestApiPolicy'].map((verb) => `apigateway:${verb}`);
  const behind = [`${prefix}-api`, ...(config.policyChanges === undefined ? [] : [policyChangesFunction])];
  // Who calls a version or an alias, $LATEST too, is held against an ARN that ends with it.
  const functions = behind.map((name) => `arn:${partition}:lambda:${region}:${account}:function:${name}*`);
  const door = forbid('Door', [...change, 'lambda:InvokeFunction'], [...apis, ...functions], deployers);
  return [{ ...door, Condition: { ...door.Condition, StringEquals: { 'aws:PrincipalAccount': account } } }];
}
