import { checkConfig } from './config-problems.ts';
import { type CheckedConfig, configSchema } from './config-schema.ts';
import type { GlasshammerConfig } from './glasshammer-config.ts';

/**
 * Checks a configuration and fills its defaults in. All problems are reported together, each naming its field and the fix.
 *
 * @throws InvalidConfigError
 */
export function defineConfig(config: GlasshammerConfig): CheckedConfig {
  return checkConfig(config, configSchema);
}
