import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parseTicketPattern } from '../core/policy/records/ticket/ticket-pattern.ts';
import { percentile, report } from './measure.ts';

const MATCHER = join(import.meta.dirname, '../core/policy/records/ticket/ticket-pattern.ts');
const RUNS = 9;

/** Repeatable pattern parts that cost most for their length. */
const HEAVY = ['(?:\\w|\\b)?', '(?:\\b|\\B|.)?', '.?', '(?:\\w|\\d|\\s|.)?', '(?:\\b|\\B|\\b|\\B|\\b|\\B|\\b|.)?'];

/** Measures the first match in a new process, like the first request of a cold function, against 100 characters. */
const PROGRAM = `import { matchesTicket, parseTicketPattern } from ${JSON.stringify(MATCHER)};
const pattern = parseTicketPattern(process.argv[2]);
const before = process.cpuUsage();
if (matchesTicket(pattern, '${'a'.repeat(99)}!')) throw new Error('it matches');
const { user, system } = process.cpuUsage(before);
console.log(user + system);`;

/** Repeats the part as often as a policy may. */
function heaviest(part: string): string {
  const written = (times: number) => `(?:${part}){${times}}z`;
  let times = 1;
  while (!('problem' in parseTicketPattern(written(times + 1)))) times += 1;
  return written(times);
}

const folder = mkdtempSync(join(tmpdir(), 'glasshammer-ticket-'));
try {
  const source = join(folder, 'match.ts');
  const program = join(folder, 'match.mjs');
  writeFileSync(source, PROGRAM);
  buildSync({ entryPoints: [source], outfile: program, bundle: true, platform: 'node', format: 'esm' });
  const slowest = HEAVY.map((part) => {
    const pattern = heaviest(part);
    const taken = Array.from({ length: RUNS }, () => {
      const { stdout } = spawnSync(process.execPath, [program, pattern], { encoding: 'utf8' });
      return Number(stdout) / 1000;
    });
    return percentile(taken, 0.5);
  });
  report({
    name: 'first match of the heaviest ticket pattern in a new process, processor time, median',
    value: Math.max(...slowest),
    unit: 'ms',
    bar: 10,
  });
} finally {
  rmSync(folder, { recursive: true });
}
