import { defineConfig } from '../../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../../lib/config/glasshammer-config.ts';
import { InvalidConfigError } from '../../../lib/config/problems/config-problems.ts';

/** What is told of a configuration that somebody typed, of whatever type it is, a line each; nothing where it is one. */
export function problemsOf(config: unknown): readonly string[] {
  try {
    defineConfig(config as GlasshammerConfig);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.problems;
    throw error;
  }
}
