import { defineConfig } from '../../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../../lib/config/glasshammer-config.ts';
import { InvalidConfigError } from '../../../lib/config/problems/config-problems.ts';

/** The problems of a configuration of any type, one line each; none if it is valid. */
export function problemsOf(config: unknown): readonly string[] {
  try {
    defineConfig(config as GlasshammerConfig);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.problems;
    throw error;
  }
}
