import { FUNCTION_NAMES, type FunctionName } from '../../lambdas/shared/environment-names.ts';
import { EVENTS_PREFIX, LISTS_PREFIX } from '../audit/audit-archive.ts';
import type { Forbidden, Ground } from './guardrail-ground.ts';

/**
 * Every action that makes or changes a role, and none that reads one; what several of them have in common stands for all. Making is
 * among them because roles are let through by name: whoever could make one of that name would be let through.
 *
 * Stars may stand anywhere in an action, in every partition that Glasshammer runs in.
 * @see https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language
 */
const CHANGE_ROLES = ['iam:*tachRolePolicy', 'iam:CreateRole', 'iam:DeleteRole*', 'iam:PutRole*', 'iam:Update*Role*'];

/** What is believed: the records, the archive, and who is let through. */
export function protectRecords(ground: Ground): Forbidden[] {
  const { config, arn, buses, ownRoles, deployers, forbid } = ground;
  const { policyWriters } = config.guardrail;
  const archives = archivesOf(ground);
  return [
    // An event that somebody else put on the bus or into the archive would be told, and kept, as ours.
    forbid(
      'Records',
      [
        'dynamodb:BatchW*',
        'dynamodb:DeleteItem',
        'dynamodb:PartiQL*e',
        'dynamodb:PartiQLI*',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        's3:PutObject',
      ],
      [arn('dynamodb', `table/${config.stackName}-Tables*`), ...buses, ...archives.objects],
      [...ownRoles, ...deployers, ...policyWriters],
    ),
    ...secretStatements(ground),
    callsStatement(ground),
    // Whoever is let through is named by a role: nobody makes one of that name, and nobody has one trust somebody else.
    forbid('Roles', CHANGE_ROLES, [...ownRoles, ...deployers, ...policyWriters], deployers),
    forbid(
      'Archive',
      [
        's3:BypassG*',
        's3:DeleteB*',
        's3:DeleteO*',
        's3:PutBucketO*',
        's3:PutBucketP*',
        's3:PutE*',
        's3:PutL*',
        's3:PutObjectR*',
      ],
      [...archives.buckets, ...archives.objects],
      deployers,
    ),
    membersStatement(ground),
  ];
}

/** What operators ask, and what goes by nothing that its event says. */
const ASKED: readonly FunctionName[] = ['cut-sessions', 'report-on-access', 'sweep-access', 'try-access'];

/**
 * All other functions believe their event: a record of CloudTrail, a write of a table, what the workflow says. Whoever could call them by
 * hand could write the watch that somebody else gave what we gave, which then stays, or have an event archived that never was.
 *
 * EventBridge, API Gateway and event source mappings call as AWS services, which no service control policy binds: these affect users
 * and roles of the organization's accounts alone. The workflow calls under its own role.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (Effects on permissions)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
function callsStatement({ config, names, arn, ownRoles, deployers, forbid }: Ground): Forbidden {
  const called = believing().map((begin) => arn('lambda', `function:${names.prefix}-${begin}*`));
  return forbid('Calls', ['lambda:Invoke*'], called, [...ownRoles, ...deployers, ...config.guardrail.policyWriters]);
}

/** How the names of functions begin that believe their event: as short as tells them from the others, because characters are few. */
function believing(): string[] {
  const begins = FUNCTION_NAMES.filter((name) => !ASKED.includes(name)).map((name) => {
    const lengths = Array.from(name, (_, at) => at + 1);
    return name.slice(
      0,
      lengths.find((length) => !ASKED.some((other) => other.startsWith(name.slice(0, length)))),
    );
  });
  return [...new Set(begins)];
}

/** What CDK calls the secret in the template, in every deployment the same. */
const SLACK_SECRET = 'SlackSecret83D92A0C';

/**
 * Whoever has Slack's secret signs a vote as anybody. CloudFormation calls a secret without a name after its logical id, and tags it with its
 * stack: by that tag, which nobody can change, the functions of another deployment beside this one still read theirs. Reading several at once asks for the right to read each.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
function secretStatements({ config, arn, ownRoles, deployers, forbid }: Ground): Forbidden[] {
  if (config.slack === undefined) return [];
  const secret = forbid(
    'Secret',
    [
      'secretsmanager:Delete*',
      'secretsmanager:GetSecretValue',
      'secretsmanager:Put*',
      'secretsmanager:R*',
      'secretsmanager:UpdateSecret*',
    ],
    [arn('secretsmanager', `secret:*${SLACK_SECRET}-*`)],
    [...ownRoles, ...deployers, ...config.guardrail.policyWriters],
  );
  const ours = { 'aws:ResourceTag/aws:cloudformation:stack-name': config.stackName };
  return [{ ...secret, Condition: { ...secret.Condition, StringEqualsIfExists: ours } }];
}

/**
 * The stack's own bucket stays where the configuration names another later, with all that was archived until then. The star of its name
 * stands for its keys as well.
 */
function archivesOf({ config, names, bucket }: Ground): {
  readonly buckets: readonly string[];
  readonly objects: readonly string[];
} {
  const { bucket: named } = config.audit;
  const own = bucket(`${names.prefix}-auditarchivebucket*`);
  if (named === undefined) return { buckets: [], objects: [own] };
  const objects = [EVENTS_PREFIX, LISTS_PREFIX].map((prefix) => bucket(`${named}/${prefix}*`));
  return { buckets: [bucket(named)], objects: [own, ...objects] };
}

/** In the accounts, of the guards their versions alone: their first is CloudFormation's, and all others are of the role beside them. */
function membersStatement({ config, names, role, forbid }: Ground): Forbidden {
  const { partition, guards } = names;
  const { path, name } = guards.policies.boundary;
  // StackSets makes its role in each account by a service-linked role, which no service control policy binds.
  const stackSets = role('stacksets-exec-*', '*');
  return forbid(
    'Members',
    [...CHANGE_ROLES, 'iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:SetDefault*'],
    [
      role(config.report.roleName, '*'),
      role(guards.role, '*'),
      stackSets,
      `arn:${partition}:iam::*:policy${path}${name}*`,
    ],
    [role(guards.role, '*'), stackSets, ...config.guardrail.deployers],
  );
}
