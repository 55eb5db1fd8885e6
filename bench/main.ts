/**
 * Runs every bench in its own process, so that none warms up another, and prints a table of results and bars.
 * docs/performance.md keeps the figures and the machine they were measured on. A missed bar is printed but never fails
 * a build.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureFunctions } from '../scripts/build-functions.ts';
import { isWithin, type Measure } from './measure.ts';

await ensureFunctions();
const only = process.argv.slice(2);
const benches = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => only.length === 0 || only.includes(name));

console.log(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
for (const name of benches) {
  const { stdout, stderr, status } = spawnSync('npx', ['tsx', join(import.meta.dirname, `${name}.bench.ts`)], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.log(`${name}: could not be measured\n${stderr}`);
    process.exitCode = 1;
    continue;
  }
  const measures = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Measure);
  for (const measure of measures) {
    const againstBar =
      measure.bar === undefined ? '' : isWithin(measure) ? `within ${measure.bar}` : `MISSES ${measure.bar}`;
    console.log(
      `${measure.name.padEnd(62)} ${String(measure.value).padStart(10)} ${measure.unit.padEnd(8)} ${againstBar}`,
    );
  }
}
