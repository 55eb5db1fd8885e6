/**
 * Everything that must hold before a change is taken: lint, types, no dead exports, unit, scenario and stack tests, synth with
 * cdk-nag, and the sandbox's page in a browser. With `--quick` only what a change of `core/` can break within seconds: lint, types
 * and the tests of `core/`. Ends with one line, `N passed, N failed`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureFunctions } from './build-functions.ts';

/**
 * npm puts first on its path the Node that the functions are deployed on, where there is a package of it (docs/decisions/0035). With
 * `GLASSHAMMER_NODE=own` everything runs on the one that npm itself runs on: CI tries every version that is supported.
 */
const NODE = (process.env.GLASSHAMMER_NODE === 'own' && process.env.npm_node_execpath) || process.execPath;
const CHROMIUM = '/usr/bin/chromium';
const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const TESTS = fileURLToPath(new URL('../test/', import.meta.url));
const LINT = [join(MODULES, '@biomejs/biome/bin/biome'), 'check', '.'];
const TYPES = [join(MODULES, 'typescript/bin/tsc')];
const CONSOLE_TYPES = [...TYPES, '-p', 'console'];
/** Eight are enough: each process of the tests loads the program and the SDK for itself. */
const PROCESSORS = Math.min(availableParallelism(), 8);
const results = { passed: 0, failed: 0 };

/** Something to do; what comes of it is in `results`. */
type Work = () => Promise<void>;

/** What a step shows of its output: each line as it comes, or everything when it is over, because others run beside it. */
type Showing = 'as it comes' | 'at the end';

/**
 * Runs a program and says when it begins and when it is over. Answers whether it passed.
 *
 * @param args of Node: the program and what it is told
 */
async function step(name: string, args: readonly string[], showing: Showing): Promise<boolean> {
  const startedAt = performance.now();
  console.log(`== ${name}: started`);
  const path = [dirname(NODE), process.env.PATH].join(delimiter);
  const child = spawn(NODE, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => (showing === 'as it comes' ? console.log(line) : said.push(line)));
  const passed = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log([...said, `== ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`].join('\n'));
  return passed;
}

/** A step that counts as one test. */
async function check(name: string, args: readonly string[]): Promise<void> {
  if (await step(name, args, 'at the end')) results.passed += 1;
  else results.failed += 1;
}

/** Runs jest and counts each of its tests. */
async function jest(name: string, config: string, paths: readonly string[] = []): Promise<void> {
  const output = join(mkdtempSync(join(tmpdir(), 'glasshammer-')), 'jest.json');
  const args = ['--config', config, '--json', `--outputFile=${output}`, '--silent', ...paths];
  const passed = await step(name, [join(MODULES, 'jest/bin/jest.js'), ...args], 'as it comes');
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

/** The files of the one project in so many processes, each begun when it is called. */
function inParts(name: string, parts: number, ...paths: readonly string[]): readonly Work[] {
  const shards = Array.from({ length: parts }, (_, index) => `${index + 1}/${parts}`);
  return shards.map((shard) => () => jest(`${name} (${shard})`, 'jest.config.mjs', [`--shard=${shard}`, ...paths]));
}

/** So many random histories are played in every run, from the first seed on, and then those that each broken build must not survive. */
const HISTORIES = '80';
const SIMULATION = [
  ...['--import', join(TESTS, 'load-typescript.mjs'), join(TESTS, 'simulation/main.ts')],
  ...['--histories', HISTORIES, '--mutations'],
];

/** What a person who has just changed something wants to know first. @param built when the functions are there to be deployed */
async function quickChecks(built: Promise<void>): Promise<void> {
  await check('lint', LINT);
  await check('types', TYPES);
  await check('types of the console', CONSOLE_TYPES);
  await check('dead exports', [join(MODULES, 'knip/bin/knip.js'), '--no-progress']);
  await built;
  await check('synth with cdk-nag', [join(MODULES, 'aws-cdk/bin/cdk'), 'synth', '--quiet']);
}

/**
 * Does each work once, as many at a time as there are processors, in their order. More programs than processors only take each other's
 * caches: all of it then takes a sixth more processor time.
 */
async function share(works: readonly Work[]): Promise<void> {
  const left = works.values();
  await Promise.all(
    Array.from({ length: PROCESSORS }, async () => {
      for (const work of left) await work();
    }),
  );
}

async function everything(): Promise<void> {
  const built = ensureFunctions();
  const tests = inParts('unit, scenario and stack tests', PROCESSORS);
  const hasBrowser = existsSync(CHROMIUM);
  // After the checks the longest first, so that all end at about the same time.
  await share([
    () => quickChecks(built),
    ...tests.map((part) => () => built.then(part)),
    ...(hasBrowser ? [() => jest('the page in a browser', 'jest.browser.config.mjs')] : []),
    () => check(`${HISTORIES} random histories, and deliberately broken builds`, SIMULATION),
  ]);
  // Installing it is up to the person whose machine this is.
  if (!hasBrowser)
    console.log(
      "\n== the page in a browser: not run, because Debian's chromium is not installed; install it with\n" +
        '  sudo apt-get install chromium',
    );
}

async function quickly(): Promise<void> {
  const tests = inParts('tests of core/', 2, 'test/core/').map((part) => part());
  await Promise.all([check('lint', LINT), check('types', TYPES), ...tests]);
}

console.log(`== on Node ${execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim()}`);
await (process.argv.includes('--quick') ? quickly() : everything());

console.log(`\n${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
