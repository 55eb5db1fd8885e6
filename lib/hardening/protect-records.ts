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
  const { config, arn, ownRoles, deployers, forbid } = ground;
  const { policyWriters } = config.guardrail;
  return [
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
    // Whoever is let through is named by a role: nobody makes one of that name, and nobody has one trust somebody else.
    forbid('Roles', CHANGE_ROLES, [...ownRoles, ...deployers, ...policyWriters], deployers),
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
      archivesOf(ground),
      deployers,
    ),
    membersStatement(ground),
  ];
}

/**
 * The stack's own bucket stays where the configuration names another later, with all that was archived until then. The star of its name
 * stands for its keys as well.
 */
function archivesOf({ config, names, bucket }: Ground): string[] {
  const { bucket: named } = config.audit;
  const own = bucket(`${names.prefix}-auditarchivebucket*`);
  if (named === undefined) return [own];
  return [own, ...['', `/${EVENTS_PREFIX}*`, `/${LISTS_PREFIX}*`].map((rest) => bucket(`${named}${rest}`))];
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
