import { checkConfig, InvalidConfigError } from './config-problems.ts';
import { type CheckedConfig, configSchema } from './config-schema.ts';
import type { GlasshammerConfig } from './glasshammer-config.ts';
import { settingsProblem } from './settings-from-config.ts';

/**
 * Checks a configuration and fills its defaults in. All problems are reported together, each naming its field and the fix.
 *
 * @throws InvalidConfigError
 */
export function defineConfig(config: GlasshammerConfig): CheckedConfig {
  const checked = checkConfig(config, configSchema);
  const tooLarge = settingsProblem(checked);
  if (tooLarge) throw new InvalidConfigError([tooLarge]);
  return checked;
}
