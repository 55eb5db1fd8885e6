import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { configFile, namedConfig } from '../lib/config/config-file.ts';
import { InvalidConfigError } from '../lib/config/problems/config-problems.ts';
import { glasshammerApp } from '../lib/glasshammer-app.ts';
import { ensureFunctions } from '../scripts/build-functions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const codeRoot = join(root, 'dist');

try {
  // Imported dynamically, so that a mistake in the configuration is printed as a sentence, not as a stack trace.
  const file = configFile(root, namedConfig(process.env.CDK_CONTEXT_JSON));
  const { config } = (await import(pathToFileURL(file).href)) as typeof import('../glasshammer.config.ts');
  await ensureFunctions();
  glasshammerApp(config, codeRoot).synth();
} catch (error) {
  if (!(error instanceof InvalidConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
