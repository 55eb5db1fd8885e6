import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { defaultSeed } from '../sandbox/aws/world/seed.ts';
import { serveSandbox } from '../sandbox/server/serve.ts';
import { percentile, report } from './measure.ts';

/** The web console's first load: its size, and the time until a person can fill in the form. */

const ROOT = join(import.meta.dirname, '..');
const LOADS = 9;

const folder = join(ROOT, 'dist/console');
const files = ['index.html', ...readdirSync(join(folder, 'assets')).map((name) => join('assets', name))];
const bytes = files.map((name) => gzipSync(readFileSync(join(folder, name))).byteLength);
report({
  name: 'console: first load, gzip',
  value: bytes.reduce((sum, size) => sum + size, 0) / 1024,
  unit: 'KB',
  bar: 500,
});

const sandbox = await serveSandbox({ seed: defaultSeed(), speed: 1, port: 0, root: ROOT });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
});
const times: number[] = [];
const work: number[] = [];
for (let load = 0; load <= LOADS; load += 1) {
  // A fresh browser profile; only the sign-in session at the identity provider exists already.
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  // Processor time of the page's main thread, which does not depend on other load of the machine.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { hostname } = new URL(sandbox.url);
  const path = '/console/sign-in';
  await context.addCookies([{ name: 'sandbox_signed_in', value: 'user-ben', domain: hostname, path }]);
  const startedAt = performance.now();
  await page.goto(`${sandbox.url}/console/`, { waitUntil: 'commit' });
  await page.getByTestId('new-request').first().click();
  await page.getByTestId('account').waitFor();
  // The first load is not measured; it also warms the function of the API.
  if (load > 0) {
    times.push(performance.now() - startedAt);
    const { metrics } = await devtools.send('Performance.getMetrics');
    work.push(metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  }
  await context.close();
}
report({
  name: 'console: from nothing to a form that takes what is typed, the sign-in on the way, median',
  value: percentile(times, 0.5) / 1000,
  unit: 's',
  bar: 1.5,
});
report({ name: 'console: the same, processor time of the page', value: percentile(work, 0.5), unit: 's' });
await browser.close();
await sandbox.close();
