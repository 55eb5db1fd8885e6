import type { GlasshammerConfig } from './glasshammer-config.ts';
import { checkConfig } from './problems/config-problems.ts';
import { type CheckedConfig, configSchema } from './schema/config-schema.ts';

/**
 * Checks a configuration and fills in its defaults. It reports all problems together, each with its field and the fix.
 *
 * @throws InvalidConfigError
 */
export function defineConfig(config: GlasshammerConfig): CheckedConfig {
  return checkConfig(config, configSchema);
}
