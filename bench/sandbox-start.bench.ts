import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { percentile, report } from './measure.ts';

/** Measures the time from `npm run sandbox` to the line that says that it is ready. Milliseconds. */
function start(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('npm', ['run', '-s', 'sandbox', '--', '--port', '0'], {
    cwd: resolve(import.meta.dirname, '..'),
    detached: true,
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('sandbox ready')) return;
      const took = performance.now() - startedAt;
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      child.once('exit', () => done(took));
    });
  });
}

const samples: number[] = [];
for (let run = 0; run < 5; run++) samples.push(await start());
report({ name: 'sandbox: npm run to ready, median of 5', value: percentile(samples, 0.5) / 1000, unit: 's', bar: 4 });
report({ name: 'sandbox: npm run to ready, worst of 5', value: Math.max(...samples) / 1000, unit: 's', bar: 4 });
