import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/**
 * Which optional parts the configuration has: Slack; the API (the web console needs it too); a canary; policy changes
 * that need a second operator.
 */
export interface Wanted {
  readonly withSlack: boolean;
  readonly withApi: boolean;
  readonly withCanary: boolean;
  readonly withPolicyChanges: boolean;
}

/** Which optional functions the configuration needs. */
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

/** The functions of a deployment: the optional ones only where the configuration needs them. */
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
