/**
 * Everything that must hold before a change is taken: lint, types, unit, scenario and stack tests, synth with cdk-nag, and the
 * sandbox's page in a browser. Ends with one line, `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFunctions } from './build-functions.ts';

const CHROMIUM = '/usr/bin/chromium';
const results = { passed: 0, failed: 0 };

/** Runs one command with its output shown; counts as one test. */
function step(name: string, command: string, args: readonly string[]): boolean {
  const startedAt = performance.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return status === 0;
}

function countStep(passed: boolean): void {
  if (passed) results.passed += 1;
  else results.failed += 1;
}

/** Runs jest and counts each of its tests. */
function jest(name: string, config: string): void {
  const output = join(mkdtempSync(join(tmpdir(), 'glasshammer-')), 'jest.json');
  const passed = step(name, 'npx', ['jest', '--config', config, '--json', `--outputFile=${output}`, '--silent']);
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

countStep(step('lint', 'npx', ['biome', 'check', '.']));
countStep(step('types', 'npx', ['tsc']));
await ensureFunctions();
jest('unit, scenario and stack tests', 'jest.config.mjs');
countStep(step('synth with cdk-nag', 'npx', ['cdk', 'synth', '--quiet']));
if (findChromium()) jest('the page in a browser', 'jest.browser.config.mjs');
else
  console.log(
    "\n== the page in a browser: not run, because Debian's chromium is not installed (apt-get install chromium)",
  );

console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
