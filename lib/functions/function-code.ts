import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';

/**
 * Must the functions be bundled before they can be deployed?
 *
 * @param codeRoot where the bundler writes `<function>/index.mjs` and `meta.json`, esbuild's list of input files
 * @param projectRoot folder that the paths in that list are relative to
 * @returns true when a bundle or the web console is missing, or when an input file is newer than a bundle or gone
 */
export function functionsAreStale(codeRoot: string, projectRoot: string): boolean {
  const bundles = FUNCTION_NAMES.map((name) => join(codeRoot, name, 'index.mjs'));
  const meta = join(codeRoot, 'meta.json');
  if (!existsSync(join(codeRoot, 'console', 'index.html'))) return true;
  if (![...bundles, meta].every((file) => existsSync(file))) return true;
  const builtAt = Math.min(...bundles.map((file) => statSync(file).mtimeMs));
  return inputsOf(meta).some((input) => {
    const file = statSync(join(projectRoot, input), { throwIfNoEntry: false });
    return !file || file.mtimeMs > builtAt;
  });
}

function inputsOf(metaPath: string): string[] {
  const meta: unknown = JSON.parse(readFileSync(metaPath, 'utf8'));
  const inputs = typeof meta === 'object' && meta !== null && 'inputs' in meta ? meta.inputs : undefined;
  return typeof inputs === 'object' && inputs !== null ? Object.keys(inputs) : [];
}
