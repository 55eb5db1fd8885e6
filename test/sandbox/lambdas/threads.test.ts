import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { FaultPlan } from '../../../sandbox/faults.ts';
import { LambdaHost } from '../../../sandbox/lambdas/host.ts';
import { inThread } from '../../../sandbox/lambdas/thread-runtime.ts';
import type { IdleThreads } from '../../../sandbox/lambdas/threads.ts';

/** A function that keeps its services, as the deployed ones do. `ofTheFile` shows whether its code stayed loaded. */
const COUNTS = `
import { once } from './lambdas/shared/once.ts';
const services = once(() => ({ calls: 0, name: process.env.NAME }));
let ofTheFile = 0;
export async function handler({ wait, pauseMs, slowServer }) {
  if (slowServer) {
    // As on a machine with other work: for longer than the limits this thread gets nothing done.
    const answers = ['timer', 'signal'].map(async (kind) => {
      const limit = new AbortController();
      if (kind === 'timer') setTimeout(() => limit.abort(), 300);
      const signal = kind === 'timer' ? limit.signal : AbortSignal.timeout(300);
      return fetch(slowServer, { signal }).then(({ status }) => status, ({ name }) => name);
    });
    const { performance: real } = globalThis;
    for (const began = real.now(); real.now() - began < 400; );
    return Promise.all(answers);
  }
  if (wait) await new Promise(() => undefined);
  if (pauseMs) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const kept = services();
  kept.calls += 1;
  ofTheFile += 1;
  process.stdout.write(JSON.stringify({ line: kept.calls, by: kept.name }) + '\\n');
  return { calls: kept.calls, name: kept.name, ofTheFile, now: new Date().toISOString() };
}
`;

let codeRoot: string;
let threads: IdleThreads;
beforeAll(() => {
  codeRoot = mkdtempSync(join(tmpdir(), 'glasshammer-threads-'));
  buildSync({
    stdin: { contents: COUNTS, resolveDir: join(import.meta.dirname, '../../..') },
    bundle: true,
    format: 'esm',
    outfile: join(codeRoot, 'count/index.mjs'),
  });
});
afterAll(() => rmSync(codeRoot, { recursive: true, force: true }));
beforeEach(() => {
  threads = [];
});
afterEach(() => Promise.all(threads.map((thread) => thread.terminate())));

function startHost(name: string, now: string, options: { skipPauses?: boolean } = {}) {
  const clock = { nowMs: () => Date.parse(now) };
  const faults = new FaultPlan({ clock });
  const environment = { NAME: name, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const lines: string[] = [];
  const onLog = (line: string) => lines.push(line);
  const host = new LambdaHost({
    codeRoot,
    environment,
    clock,
    faults,
    startRuntime: inThread(threads),
    onLog,
    ...options,
  });
  return { host, lines };
}

test('after a reset functions have new services although their code stays loaded, and time may start earlier', async () => {
  const first = startHost('first', '2026-01-05T12:00:00.000Z');
  await first.host.invoke('count', {});
  expect(await first.host.invoke('count', {})).toMatchObject({ calls: 2, name: 'first', ofTheFile: 2 });
  await first.host.close();
  expect(threads).toHaveLength(1);

  const second = startHost('second', '2026-01-05T09:00:00.000Z');
  const now = '2026-01-05T09:00:00.000Z';
  expect(await second.host.invoke('count', {})).toEqual({ calls: 1, name: 'second', ofTheFile: 3, now });
  await second.host.close();
});

test('each host gets the output of its own functions only, before their results', async () => {
  const first = startHost('first', '2026-01-05T09:00:00.000Z');
  await first.host.invoke('count', {});
  expect(first.lines).toEqual(['{"line":1,"by":"first"}']);
  await first.host.close();
  const second = startHost('second', '2026-01-05T09:00:00.000Z');
  await second.host.invoke('count', {});
  await second.host.close();
  expect([first.lines, second.lines]).toEqual([['{"line":1,"by":"first"}'], ['{"line":1,"by":"second"}']]);
});

test('a thread with a running invocation is not reused, because it could still act in the world of the next host', async () => {
  const { host } = startHost('first', '2026-01-05T09:00:00.000Z');
  await host.invoke('count', {});
  void host.invoke('count', { wait: true });
  await host.close();
  expect(threads).toEqual([]);
});

test('two hosts at the same time have one thread each', async () => {
  const [one, other] = [startHost('one', '2026-01-05T09:00:00Z'), startHost('other', '2026-01-05T09:00:00Z')];
  await one.host.invoke('count', {});
  expect(await other.host.invoke('count', {})).toMatchObject({ calls: 1, name: 'other' });
  expect(await one.host.invoke('count', {})).toMatchObject({ calls: 2, name: 'one' });
  await Promise.all([one.host.close(), other.host.close()]);
  expect(threads).toHaveLength(2);
});

test('with skipPauses, pauses end at once and in order of their length; otherwise they take their full time', async () => {
  const skipping = startHost('skipping', '2026-01-05T09:00:00Z', { skipPauses: true });
  const order: string[] = [];
  const pause = async (pauseMs: number) => {
    await skipping.host.invoke('count', { pauseMs });
    order.push(`${pauseMs}`);
  };
  await Promise.all([pause(7_200_000), pause(3_600_000), pause(5_400_000)]);
  expect(order).toEqual(['3600000', '5400000', '7200000']);
  await skipping.host.close();

  const usual = startHost('usual', '2026-01-05T09:00:00Z');
  const began = performance.now();
  await usual.host.invoke('count', { pauseMs: 60 });
  // Node's timers may fire up to a millisecond early.
  expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  await usual.host.close();
});

test('a time limit aborts a call that gets no answer, but not one that is late because the machine is busy', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/answers') setTimeout(() => response.end(), 30);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { host } = startHost('busy', '2026-01-05T09:00:00Z', { skipPauses: true });
  expect(await host.invoke('count', { slowServer: `${url}/answers` })).toEqual([200, 200]);
  // Nor one that is late because the thread that answers is busy.
  server.once('request', () => {
    for (const began = performance.now(); performance.now() - began < 900; );
  });
  expect(await host.invoke('count', { slowServer: `${url}/answers` })).toEqual([200, 200]);
  expect(await host.invoke('count', { slowServer: `${url}/hangs` })).toEqual(['AbortError', 'TimeoutError']);
  await host.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
