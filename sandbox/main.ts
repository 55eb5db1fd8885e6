import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultSeed, InvalidSeedError, loadSeed } from './aws/world/seed.ts';

/**
 * An hour per second. At a higher speed more than five minutes pass before a Slack call is processed, and the app
 * refuses it as too old.
 */
const FASTEST = 3600;

/** Prints how to start the sandbox, in one line, and exits with status 2. */
function refuse(what: string): never {
  console.error(`sandbox: ${what} (npm run sandbox -- [--port 4747] [--speed 60] [--seed FILE] [--no-slack])`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4747' },
        speed: { type: 'string', default: '1' },
        seed: { type: 'string' },
        'no-slack': { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    const speed = Number(values.speed);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) refuse('--port must be a number from 0 to 65535');
    if (!(speed > 0 && speed <= FASTEST))
      refuse(`--speed must be a number above 0 and up to ${FASTEST}: 60 runs a minute in a second`);
    if (values.seed !== undefined && !existsSync(values.seed)) refuse(`there is no seed file ${values.seed}`);
    const seed = values.seed === undefined ? defaultSeed() : loadSeed(values.seed);
    return { port, speed, seed, withSlack: !values['no-slack'] };
  } catch (error) {
    const { message } = error as Error;
    return refuse(message.replace(/\s*\n\s*/g, error instanceof InvalidSeedError ? '; ' : ' '));
  }
}

const given = readArguments();
// Loaded after the arguments were checked, so that a mistake in them is reported at once.
const [{ ensureFunctions }, { exportLines }, { serveSandbox }] = await Promise.all([
  import('../scripts/build-functions.ts'),
  import('./server/operator-environment.ts'),
  import('./server/serve.ts'),
]);
await ensureFunctions();
try {
  const sandbox = await serveSandbox({ ...given, withAlert: true, root: resolve(import.meta.dirname, '..') });
  console.log(`sandbox ready ${sandbox.url}`);
  // After the line that programs wait for, and only for people at a terminal.
  if (process.stdout.isTTY)
    console.log(
      `\nTo work on it with the command line, such as npx glasshammer doctor:\n\n${exportLines(sandbox.environment())}\n`,
    );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.close().finally(() => process.exit(0)));
  }
} catch (error) {
  const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (!busy) throw error;
  refuse(`port ${given.port} is taken; choose another with --port`);
}
