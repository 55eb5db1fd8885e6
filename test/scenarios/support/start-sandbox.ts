import { resolve } from 'node:path';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import type { IdleThreads } from '../../../sandbox/lambdas/threads.ts';
import { type RunningSandbox, serveSandbox } from '../../../sandbox/server/serve.ts';
import { ensureFunctions } from '../../../scripts/build-functions.ts';

const root = resolve(import.meta.dirname, '../../..');
const threads: IdleThreads = [];
let built: Promise<void> | undefined;

/**
 * Starts a sandbox on a free port. What runs the functions is kept from one sandbox to the next, so that their code stays warm.
 *
 * @param seed parts of a seed, over the default
 * @param speed virtual seconds in a real second
 */
export async function startSandbox(seed: unknown, speed: number): Promise<RunningSandbox> {
  built ??= ensureFunctions();
  await built;
  return serveSandbox({ seed: readSeed(seed), speed, port: 0, root, threads, skipPauses: true, skipIdleSweeps: true });
}
