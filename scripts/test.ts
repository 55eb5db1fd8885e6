/**
 * Everything that must hold before a change is taken: lint, types, unit, scenario and stack tests, synth with cdk-nag, and the
 * sandbox's page in a browser. Ends with one line, `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureFunctions } from './build-functions.ts';

const CHROMIUM = '/usr/bin/chromium';
const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const SIMULATION = fileURLToPath(new URL('../test/simulation/main.ts', import.meta.url));
const results = { passed: 0, failed: 0 };

/** Runs a program of a dependency and shows what it said when it is over, because others run beside it. */
async function step(name: string, program: string, args: readonly string[]): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(MODULES, program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const passed = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`\n== ${name}\n${Buffer.concat(said)}== ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
  return passed;
}

/** A step that counts as one test. */
async function check(name: string, program: string, args: readonly string[]): Promise<void> {
  if (await step(name, program, args)) results.passed += 1;
  else results.failed += 1;
}

/** Runs jest and counts each of its tests. */
async function jest(name: string, config: string): Promise<void> {
  const output = join(mkdtempSync(join(tmpdir(), 'glasshammer-')), 'jest.json');
  const passed = await step(name, 'jest/bin/jest.js', [
    ...['--config', config, '--json', `--outputFile=${output}`, '--silent'],
  ]);
  if (!existsSync(output)) {
    results.failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(output, 'utf8')) as Record<string, number>;
  results.passed += counts.numPassedTests ?? 0;
  results.failed +=
    (counts.numFailedTests ?? 0) + (counts.numRuntimeErrorTestSuites ?? 0) + (counts.numPendingTests ?? 0);
  if (!passed && (counts.numFailedTests ?? 0) + (counts.numRuntimeErrorTestSuites ?? 0) === 0) results.failed += 1;
}

/** Debian's chromium, installed where that is possible without asking anybody. */
function findChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore' });
  }
  return existsSync(CHROMIUM);
}

/** So many random histories are played in every run, from the first seed on. */
const HISTORIES = '250';

/**
 * One after the other, beside the tests. The simulation is not a jest test, because jest's own modules and globals make it take
 * three times as long.
 */
async function everythingElse(): Promise<void> {
  await check('lint', '@biomejs/biome/bin/biome', ['check', '.']);
  await check('types', 'typescript/bin/tsc', []);
  await check(`${HISTORIES} random histories`, 'tsx/dist/cli.mjs', [SIMULATION, '--histories', HISTORIES]);
  await check('deliberately broken builds', 'tsx/dist/cli.mjs', [SIMULATION, '--mutations']);
  await check('synth with cdk-nag', 'aws-cdk/bin/cdk', ['synth', '--quiet']);
  if (browser) await jest('the page in a browser', 'jest.browser.config.mjs');
}

const browser = findChromium();
await ensureFunctions();
await Promise.all([jest('unit, scenario and stack tests', 'jest.config.mjs'), everythingElse()]);
if (!browser)
  console.log(
    "\n== the page in a browser: not run, because Debian's chromium is not installed (apt-get install chromium)",
  );

console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
