import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import type { CheckedConfig } from './config-schema.ts';

/** Whether the configuration has Slack; and the API, or the console, which calls it. */
export interface Doors {
  readonly withSlack: boolean;
  readonly withApi: boolean;
}

export function doorsOf(config: Pick<CheckedConfig, 'slack' | 'api' | 'console'>): Doors {
  return { withSlack: config.slack !== undefined, withApi: config.api !== undefined || config.console !== undefined };
}

/** The functions a deployment has: those that open a door only where there is that door. */
export function deployedFunctions({ withSlack, withApi }: Doors): readonly FunctionName[] {
  const missing = new Set<FunctionName>([
    ...(withSlack ? [] : [OPTIONAL_FUNCTIONS.slack]),
    ...(withApi ? [] : [OPTIONAL_FUNCTIONS.api]),
  ]);
  return FUNCTION_NAMES.filter((name) => !missing.has(name));
}
