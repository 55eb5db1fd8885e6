import { type GuardNames, guardNames } from '../../core/sessions/guard-policy.ts';
import type { ChangingFunction } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/**
 * Names that are fixed, not generated, because they are needed before the resource exists: the clean-up function starts
 * the workflow that invokes it, the accounts trust the report function's role, and operators type the functions' names
 * from the runbook.
 */
export interface Names {
  /** Prefix of every name: the stack's name in lower case. */
  readonly prefix: string;
  readonly stateMachine: string;
  readonly stateMachineArn: string;
  /** The function that reports; it also answers what was done so far with an access. */
  readonly reportFunction: string;
  /** The function that tries access as the canary; `glasshammer doctor --canary` calls it. */
  readonly canaryFunction: string;
  /** The function that writes policies after two operators have agreed on them. */
  readonly policyChangesFunction: string;
  readonly reportRole: string;
  readonly reportRoleArn: string;
  /** Role of the function that cuts sessions; the accounts' session guard roles trust it. */
  readonly cutRole: string;
  readonly cutRoleArn: string;
  /** Names of the session guard policies, and of the role beside them in every account. */
  readonly guards: GuardNames;
  /**
   * Roles of the functions that give and remove access. Readers of CloudTrail and authors of policies need the names.
   */
  readonly changingRoles: Readonly<Record<ChangingFunction, string>>;
  /** `aws`, `aws-us-gov`, `aws-cn`. */
  readonly partition: string;
}

/**
 * The names and ARNs of one deployment. They follow from the configuration alone, so stacks can name each other's
 * resources without references.
 */
export function namesFor(config: CheckedConfig): Names {
  const { account, region } = config.env;
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const prefix = config.stackName.toLowerCase();
  const stateMachine = `${prefix}-access`;
  const reportRole = `${prefix}-report-on-access`;
  const cutRole = `${prefix}-cut-sessions`;
  return {
    prefix,
    stateMachine,
    stateMachineArn: `arn:${partition}:states:${region}:${account}:stateMachine:${stateMachine}`,
    reportFunction: reportRole,
    canaryFunction: `${prefix}-try-access`,
    policyChangesFunction: `${prefix}-change-policies`,
    reportRole,
    reportRoleArn: `arn:${partition}:iam::${account}:role/${reportRole}`,
    cutRole,
    cutRoleArn: `arn:${partition}:iam::${account}:role/${cutRole}`,
    guards: guardNames(prefix),
    // A stack name has at most 32 characters and a role name at most 64.
    changingRoles: {
      'grant-access': `${prefix}-grant-access`,
      'revoke-access': `${prefix}-revoke-access`,
      'sweep-access': `${prefix}-sweep-access`,
    },
    partition,
  };
}

/**
 * Above this many accounts, a pattern replaces the list: a role may have ten managed policies, and one holds about a
 * hundred such ARNs.
 */
const MOST_READERS = 100;

/**
 * ARNs of a Glasshammer role in the accounts: one per configured account, or a pattern when the configuration says
 * `'*'` or names very many accounts.
 */
export function memberRoleArns(
  config: Pick<CheckedConfig, 'instanceArn' | 'accounts' | 'retired'>,
  roleName: string,
): string[] {
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const named = config.accounts === '*' ? [] : [...config.accounts, ...config.retired.accounts];
  const accounts = config.accounts === '*' || named.length > MOST_READERS ? ['*'] : named;
  return accounts.map((account) => `arn:${partition}:iam::${account}:role/${roleName}`);
}
