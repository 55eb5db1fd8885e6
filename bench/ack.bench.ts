import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultSeed } from '../sandbox/aws/world/seed.ts';
import { environmentFor, SIGNING_SECRET } from '../sandbox/server/environment.ts';
import { serveSandbox } from '../sandbox/server/serve.ts';
import { percentile, report } from './measure.ts';

const WARM_PRESSES = 300;
const COLD_STARTS = 15;
const root = resolve(import.meta.dirname, '..');

/**
 * A button press from Slack's published example, as API Gateway passes it on. Each has its own message timestamp, so
 * each makes a new request.
 */
function press(n: number): unknown {
  const payload = {
    type: 'interactive_message',
    actions: [{ name: 'break_glass', type: 'button', value: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345' }],
    callback_id: 'deployment_123456789012_abc',
    team: { id: 'T0HOME', domain: 'home' },
    channel: { id: 'C0ALERTS', name: 'alerts' },
    user: { id: 'U0ANA', name: 'ana' },
    action_ts: `1700000000.${n}`,
    message_ts: `1700000000.${n}`,
    attachment_id: '1',
  };
  const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', SIGNING_SECRET).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    rawPath: '/slack/interactivity',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': `v0=${signature}`,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

/**
 * Runs in its own process with the bundle alone. The emulators run in another process, so this process's processor time
 * contains neither them nor the waits for AWS and Slack.
 */
const RUNNER = `
import { readFileSync } from 'node:fs';
const events = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const { handler } = await import(process.argv[2]);
const own = [];
for (const event of events) {
  const before = process.cpuUsage();
  const answer = await handler(event);
  const used = process.cpuUsage(before);
  if (answer.statusCode !== 200) throw new Error('answered ' + answer.statusCode);
  own.push((used.user + used.system) / 1000);
}
process.stderr.write('OWN ' + JSON.stringify(own) + '\\n');
`;

const folder = mkdtempSync(join(tmpdir(), 'glasshammer-bench-'));
const runner = join(folder, 'runner.mjs');
writeFileSync(runner, RUNNER);

function run(
  events: readonly unknown[],
  environment: Record<string, string>,
): Promise<{ own: number[]; wallMs: number }> {
  const file = join(folder, 'events.json');
  writeFileSync(file, JSON.stringify(events));
  const startedAt = performance.now();
  const bundle = join(root, 'dist/access-requested/index.mjs');
  const child = spawn('node', [runner, bundle, file], { env: { PATH: process.env.PATH, ...environment } });
  let errors = '';
  return new Promise((done, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      const own = /^OWN (.*)$/m.exec(errors)?.[1];
      // The answer has been sent; closing connections and ending the process are not measured.
      if (own !== undefined) done({ own: JSON.parse(own) as number[], wallMs: performance.now() - startedAt });
    });
    child.on('exit', (code) => (code === 0 ? undefined : failed(new Error(errors))));
  });
}

const running = await serveSandbox({ seed: defaultSeed(), speed: 1, port: 0, root });
const sandbox = running.current();
const environment = {
  ...environmentFor({ ...sandbox.options, world: sandbox.world, settings: sandbox.settings }),
  // The sandbox checks its own functions' calls against their roles; this separate process uses an operator's
  // credentials.
  AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
};

const warm = await run(
  Array.from({ length: WARM_PRESSES }, (_, n) => press(n)),
  environment,
);
const measured = warm.own.slice(20);
report({ name: 'ack, warm: our own processor time, median', value: percentile(measured, 0.5), unit: 'ms' });
report({ name: 'ack, warm: our own processor time, p99', value: percentile(measured, 0.99), unit: 'ms', bar: 20 });

const cold: number[] = [];
for (let n = 0; n < COLD_STARTS; n++) cold.push((await run([press(10_000 + n)], environment)).wallMs);
report({
  name: 'ack, cold: process start to first answer, median',
  value: percentile(cold, 0.5),
  unit: 'ms',
  bar: 300,
});
report({ name: 'ack, cold: process start to first answer, worst', value: Math.max(...cold), unit: 'ms' });
await running.close();
process.exit(0);
