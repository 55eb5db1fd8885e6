import { type GuardNames, guardNames } from '../../core/sessions/guard-policy.ts';
import type { ChangingFunction } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/**
 * Names that are fixed rather than generated, each because somebody must know it before the thing exists: the clean-up starts the
 * workflow that invokes it, the accounts trust the report's role, and an operator types the names of the functions in the runbook.
 */
export interface Names {
  /** What every name begins with: the stack's name in lower case. */
  readonly prefix: string;
  readonly stateMachine: string;
  readonly stateMachineArn: string;
  /** The function that reports; whoever asks what was done so far calls it. */
  readonly reportFunction: string;
  /** The function that tries access as the canary; the doctor calls it. */
  readonly canaryFunction: string;
  /** The function that writes policies that two operators have agreed on. */
  readonly policyChangesFunction: string;
  readonly reportRole: string;
  readonly reportRoleArn: string;
  /** The role of the function that cuts sessions, which the accounts trust. */
  readonly cutRole: string;
  readonly cutRoleArn: string;
  /** Of the session guards, and the role beside them, in every account. */
  readonly guards: GuardNames;
  /** Of the functions that give and remove access: who reads CloudTrail, or writes a policy about them, must know them. */
  readonly changingRoles: Readonly<Record<ChangingFunction, string>>;
  /** `aws`, `aws-us-gov`, `aws-cn`. */
  readonly partition: string;
}

/** The names and ARNs of one deployment, from its configuration alone, so that stacks can name each other without references. */
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
    // A stack's name has 32 characters at most, and a role's may have 64.
    changingRoles: {
      'grant-access': `${prefix}-grant-access`,
      'revoke-access': `${prefix}-revoke-access`,
      'sweep-access': `${prefix}-sweep-access`,
    },
    partition,
  };
}

/** More roles than this are not named one by one: a role may have ten managed policies, and each takes a hundred such ARNs. */
const MOST_READERS = 100;

/** ARNs of a role of ours in the accounts: one per configured account, or a pattern when every account may be asked for, or very many. */
export function memberRoleArns(
  config: Pick<CheckedConfig, 'instanceArn' | 'accounts' | 'retired'>,
  roleName: string,
): string[] {
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const named = config.accounts === '*' ? [] : [...config.accounts, ...config.retired.accounts];
  const accounts = config.accounts === '*' || named.length > MOST_READERS ? ['*'] : named;
  return accounts.map((account) => `arn:${partition}:iam::${account}:role/${roleName}`);
}
