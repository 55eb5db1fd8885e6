import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidConfigError } from '../lib/config/config-problems.ts';
import { glasshammerApp } from '../lib/glasshammer-app.ts';
import { ensureFunctions } from '../scripts/build-functions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const codeRoot = join(root, 'dist');

try {
  // Imported here and not above, so that a mistake in it is told as a sentence rather than as a stack of calls.
  const { config } = await import('../glasshammer.config.ts');
  await ensureFunctions();
  glasshammerApp(config, codeRoot).synth();
} catch (error) {
  if (!(error instanceof InvalidConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
