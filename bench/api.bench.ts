import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultSeed } from '../sandbox/aws/world/seed.ts';
import { environmentFor } from '../sandbox/server/environment.ts';
import { serveSandbox } from '../sandbox/server/serve.ts';
import { percentile, report } from './measure.ts';

const ROUNDS = 150;
const root = resolve(import.meta.dirname, '..');
const ACCOUNT = '123456789012';
const WANTED = { accountId: ACCOUNT, permissionSet: 'ReadOnlyAccess', duration: 'PT15M' };

/** The calls of a person, repeated in each round: lists, an evaluation, a request, and its cancellation. */
const CALLS = [
  ['GET', 'profile'],
  ['GET', 'targets'],
  ['GET', 'requests'],
  ['GET', 'pending'],
  ['POST', 'evaluations', WANTED],
  ['POST', 'requests', { ...WANTED, reason: 'to look at it' }],
  ['GET', 'requests/ID'],
  ['POST', 'requests/ID/cancel', {}],
] as const;

/**
 * Runs in its own process with the bundle alone. The emulators run in another process, so this process's processor time
 * contains neither them nor the waits for AWS.
 */
const RUNNER = `
import { readFileSync } from 'node:fs';
const { calls, rounds } = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const { handler } = await import(process.argv[2]);
const session = 'ben@example.com';
const identity = {
  accountId: '${ACCOUNT}',
  caller: 'AROASANDBOX:' + session,
  userArn: 'arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Base_0123456789abcdef/' + session,
  principalOrgId: process.argv[4],
};
const own = {};
let id = '';
for (let round = 0; round < rounds; round++) {
  for (const [httpMethod, path, body] of calls) {
    const before = process.cpuUsage();
    const answer = await handler({
      httpMethod,
      path: '/people/user-ben/' + path.replace('ID', id),
      headers: {},
      queryStringParameters: null,
      body: body === undefined ? null : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { requestId: 'bench-' + round + path, identity },
    });
    const used = process.cpuUsage(before);
    if (answer.statusCode >= 300) throw new Error(httpMethod + ' ' + path + ' answered ' + answer.statusCode + answer.body);
    if (path === 'requests' && httpMethod === 'POST') id = JSON.parse(answer.body).id;
    (own[httpMethod + ' ' + path] ??= []).push((used.user + used.system) / 1000);
  }
}
process.stderr.write('OWN ' + JSON.stringify(own) + '\\n');
`;

const folder = mkdtempSync(join(tmpdir(), 'glasshammer-bench-'));
writeFileSync(join(folder, 'runner.mjs'), RUNNER);
writeFileSync(join(folder, 'calls.json'), JSON.stringify({ calls: CALLS, rounds: ROUNDS }));

function run(environment: Record<string, string>, organizationId: string): Promise<Record<string, number[]>> {
  const bundle = join(root, 'dist/api/index.mjs');
  const given = [join(folder, 'runner.mjs'), bundle, join(folder, 'calls.json'), organizationId];
  const child = spawn('node', given, { env: { PATH: process.env.PATH, ...environment } });
  let errors = '';
  return new Promise((done, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      const own = /^OWN (.*)$/m.exec(errors)?.[1];
      if (own !== undefined) done(JSON.parse(own) as Record<string, number[]>);
    });
    child.on('exit', (code) => (code === 0 ? undefined : failed(new Error(errors))));
  });
}

const running = await serveSandbox({ seed: defaultSeed(), speed: 1, port: 0, root });
const sandbox = running.current();
const environment = {
  ...environmentFor({ ...sandbox.options, world: sandbox.world, settings: sandbox.settings }),
  AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
};
const own = await run(environment, sandbox.world.organization.id);
const warm = Object.entries(own).map(([call, times]) => ({ call, times: times.slice(50) }));
for (const { call, times } of warm)
  report({ name: `API, ${call}: our own processor time, p99`, value: percentile(times, 0.99), unit: 'ms' });
const every = warm.flatMap(({ times }) => times);
report({ name: 'API, warm, every call: our own processor time, median', value: percentile(every, 0.5), unit: 'ms' });
report({
  name: 'API, warm, every call: our own processor time, p99',
  value: percentile(every, 0.99),
  unit: 'ms',
  bar: 30,
});
await running.close();
process.exit(0);
