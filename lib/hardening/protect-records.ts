import { FUNCTION_NAMES, type FunctionName } from '../../lambdas/shared/environment-names.ts';
import { EVENTS_PREFIX, LISTS_PREFIX } from '../audit/audit-archive.ts';
import type { Forbidden, StatementKit } from './statement-kit.ts';

/**
 * All actions that create or change a role, and none that only read one; `*` stands for what several have in common.
 * Creation is included because roles are exempted by name: an attacker who could create a role with an exempted name
 * would be exempt.
 *
 * `*` may stand anywhere in an action, in every partition that Glasshammer runs in.
 * @see https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language
 */
const CHANGE_ROLES = ['iam:*tachRolePolicy', 'iam:CreateRole', 'iam:DeleteRole*', 'iam:PutRole*', 'iam:Update*Role*'];

/** Protects the records, the archive, Slack's secret, and the exempted roles. */
export function protectRecords(kit: StatementKit): Forbidden[] {
  const { config, arn, buses, ownRoles, deployers, forbid } = kit;
  const { policyWriters } = config.guardrail;
  const archives = archivesOf(kit);
  return [
    // Otherwise an attacker could put an event on the bus or into the archive that looks like one of Glasshammer's.
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
    ...secretStatements(kit),
    callsStatement(kit),
    // Exempted roles are recognized by name, so only deployers may create a role of such a name or change whom one
    // trusts.
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
    membersStatement(kit),
  ];
}

/** Functions that operators invoke directly, and the sweep, which uses nothing from its event. */
const DIRECTLY_INVOKED: readonly FunctionName[] = ['cut-sessions', 'report-on-access', 'sweep-access', 'try-access'];

/**
 * All other functions trust their event: a CloudTrail record, a write of a table, input from the workflow. An attacker
 * who could invoke them could tell watch-assignments that an administrator made an assignment that Glasshammer made,
 * which Glasshammer then never removes, or could have an event archived that never happened.
 *
 * EventBridge, API Gateway and event source mappings call as AWS services. No service control policy binds those: it
 * affects only users and roles of the organization's accounts. The workflow calls with its own role.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (Effects on
 * permissions)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
function callsStatement({ config, names, arn, ownRoles, deployers, forbid }: StatementKit): Forbidden {
  const called = trustingPrefixes().map((begin) => arn('lambda', `function:${names.prefix}-${begin}*`));
  return forbid('Calls', ['lambda:Invoke*'], called, [...ownRoles, ...deployers, ...config.guardrail.policyWriters]);
}

/**
 * Name prefixes of the functions that trust their event: the shortest that match no other function, to save characters.
 */
function trustingPrefixes(): string[] {
  const begins = FUNCTION_NAMES.filter((name) => !DIRECTLY_INVOKED.includes(name)).map((name) => {
    const lengths = Array.from(name, (_, at) => at + 1);
    return name.slice(
      0,
      lengths.find((length) => !DIRECTLY_INVOKED.some((other) => other.startsWith(name.slice(0, length)))),
    );
  });
  return [...new Set(begins)];
}

/** The secret's logical id in the template, which CDK generates the same in every deployment. */
const SLACK_SECRET = 'SlackSecret83D92A0C';

/**
 * An attacker who has Slack's secret can sign a vote as any approver. CloudFormation names a secret without a name
 * after its logical id and tags it with its stack's name. Nobody can change that tag, so the condition on it lets the
 * functions of another deployment in this account still read their own secret. `BatchGetSecretValue` needs
 * `GetSecretValue` on each secret, so it is covered.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
function secretStatements({ config, arn, ownRoles, deployers, forbid }: StatementKit): Forbidden[] {
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
 * The stack's own bucket is protected even when the configuration names another bucket: it may hold events archived
 * before. The `*` at the end of its name also matches its keys.
 */
function archivesOf({ config, names, bucket }: StatementKit): {
  readonly buckets: readonly string[];
  readonly objects: readonly string[];
} {
  const { bucket: named } = config.audit;
  const own = bucket(`${names.prefix}-auditarchivebucket*`);
  if (named === undefined) return { buckets: [], objects: [own] };
  const objects = [EVENTS_PREFIX, LISTS_PREFIX].map((prefix) => bucket(`${named}/${prefix}*`));
  return { buckets: [bucket(named)], objects: [own, ...objects] };
}

/**
 * Protects, in the member accounts, the roles of Glasshammer and of StackSets, and the versions of the session guards.
 * CloudFormation makes a guard with its first version; the session guard role writes all later ones.
 */
function membersStatement({ config, names, role, forbid }: StatementKit): Forbidden {
  const { partition, guards } = names;
  const { path, name } = guards.policies.boundary;
  // StackSets makes its role in each account through a service-linked role, which no service control policy binds.
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
