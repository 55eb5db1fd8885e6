import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../lambdas/shared/environment-names.ts';
import { report } from './measure.ts';

/** Sizes of the minified bundles as they are deployed. */
for (const name of FUNCTION_NAMES) {
  const { size } = statSync(join(import.meta.dirname, '..', 'dist', name, 'index.mjs'));
  report({
    name: `bundle: ${name}`,
    value: size / 1024,
    unit: 'KB',
    ...(name === 'access-requested' ? { bar: 600 } : {}),
  });
}
