import { resolve } from 'node:path';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import { inThread } from '../../../sandbox/lambdas/thread-runtime.ts';
import type { IdleThreads } from '../../../sandbox/lambdas/threads.ts';
import { type RunningSandbox, serveSandbox } from '../../../sandbox/server/serve.ts';
import { ensureFunctions } from '../../../scripts/build-functions.ts';
import { fromSource } from '../../in-process/source-runtime.ts';

const root = resolve(import.meta.dirname, '../../..');
const threads: IdleThreads = [];
let built: Promise<void> | undefined;

/** How the sandbox of a test differs from the default. */
export interface SandboxChoice {
  /** @default true */
  readonly withSlack?: boolean;
  /**
   * Whether the functions run as bundles, in a thread, as in the sandbox that people start.
   * @default false: from their source
   */
  readonly bundled?: boolean;
}

/**
 * Starts a sandbox on a free port.
 *
 * @param seed parts of a seed, over the default
 * @param speed virtual seconds in a real second
 */
export async function startSandbox(seed: unknown, speed: number, choice: SandboxChoice = {}): Promise<RunningSandbox> {
  const { withSlack = true, bundled = false } = choice;
  // The build also contains the console's pages and the files that the report reads.
  built ??= ensureFunctions();
  await built;
  const rest = { withSlack, skipPauses: true, skipIdleSchedules: true };
  const startRuntime = bundled ? inThread(threads) : fromSource;
  return serveSandbox({ seed: readSeed(seed), speed, port: 0, root, startRuntime, ...rest });
}
