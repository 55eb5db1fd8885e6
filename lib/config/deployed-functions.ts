import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/** Whether the configuration has Slack; the API, or the console, which calls it; a canary; and changes of policies with four eyes. */
export interface Wanted {
  readonly withSlack: boolean;
  readonly withApi: boolean;
  readonly withCanary: boolean;
  readonly withPolicyChanges: boolean;
}

/** What the configuration switches on, as far as functions are deployed for it. */
export function wantedBy(
  config: Pick<CheckedConfig, 'slack' | 'api' | 'console' | 'canary' | 'policyChanges'>,
): Wanted {
  return {
    withSlack: config.slack !== undefined,
    withApi: config.api !== undefined || config.console !== undefined,
    withCanary: config.canary !== undefined,
    withPolicyChanges: config.policyChanges?.fourEyes === true,
  };
}

/** The functions a deployment has: the optional ones only where they are asked for. */
export function deployedFunctions(wanted: Wanted): readonly FunctionName[] {
  const { withSlack, withApi, withCanary, withPolicyChanges } = wanted;
  const missing = new Set<FunctionName>([
    ...(withSlack ? [] : [OPTIONAL_FUNCTIONS.slack]),
    ...(withApi ? [] : [OPTIONAL_FUNCTIONS.api]),
    ...(withCanary ? [] : [OPTIONAL_FUNCTIONS.canary]),
    ...(withPolicyChanges ? [] : [OPTIONAL_FUNCTIONS.policyChanges]),
  ]);
  return FUNCTION_NAMES.filter((name) => !missing.has(name));
}
