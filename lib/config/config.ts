import type { GlasshammerConfig } from './glasshammer-config.ts';
import { checkConfig } from './problems/config-problems.ts';
import { type CheckedConfig, configSchema } from './schema/config-schema.ts';

/**
 * Checks a configuration and fills its defaults in. All problems are reported together, each naming its field and the fix.
 *
 * @throws InvalidConfigError
 */
export function defineConfig(config: GlasshammerConfig): CheckedConfig {
  return checkConfig(config, configSchema);
}
