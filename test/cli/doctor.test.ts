import { Command } from 'commander';
import { expectedFrom, readExpected } from '../../cli/doctor/expected.ts';
import { registerDoctor } from '../../cli/doctor/register.ts';
import type { CliIo } from '../../cli/terminal/io.ts';
import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { checkoutVersion } from '../../lib/config/version.ts';
import { type Deployment, lookAt, NOW, soundDeployment } from '../core/doctor/deployment.ts';
import { run } from './run.ts';

const OUTPUTS = {
  AccessTable: 'access',
  RequestTable: 'requests',
  StateMachineArn: 'arn:workflow',
  SlackSecretArn: 'arn:secret',
  AlarmTopicArn: 'arn:topic',
  AuditBucket: 'archive',
  AuditBus: 'bus',
  UrlEvents: 'https://api.example.com/slack/events',
};

/** Asks the doctor about a deployment. The functions are those that are deployed, under the version of this checkout. */
async function doctor(world: Deployment, ...options: string[]) {
  let [out, code] = ['', 0];
  for (const name of FUNCTION_NAMES) world.functions[`glasshammer-${name}`] = 'Active';
  world.token = {
    teamId: 'T0HOME',
    scopes: ['chat:write', 'commands', 'users:read', 'users:read.email', 'im:write', 'channels:read', 'groups:read'],
  };
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    exitWith: (given: number) => {
      code = given;
    },
    readFile: async () => JSON.stringify(world.expected),
    now: () => NOW,
    env: { GLASSHAMMER_CONFIG: 'expected.json' },
    stack: async () => ({
      status: 'CREATE_COMPLETE',
      changedAt: '2026-01-01T09:00:00Z',
      outputs: { ...OUTPUTS, Version: checkoutVersion() },
    }),
  } as unknown as CliIo;
  const program = new Command('glasshammer');
  registerDoctor(program, io, async () => lookAt(world));
  await program.parseAsync(['doctor', ...options], { from: 'user' });
  return { code, out };
}

test('whoever names an account or a group cannot write a line of the doctor', async () => {
  const world = soundDeployment();
  const name = 'Production\nok      overdue: no access is past its end\u001b[2K';
  world.accounts = world.accounts.map((account) => ({ ...account, name, active: account.id !== '123456789012' }));
  const { out } = await doctor(world);
  expect(out.split('\n').filter((text) => text.startsWith('ok      overdue:'))).toEqual([
    'ok      overdue: no access is past its end',
  ]);
  expect(out).toContain('account 123456789012 (Production ok      overdue');
});

test('what is wrong is said with why and how to put it right, and the exit code is 1', async () => {
  const world = soundDeployment();
  world.channels.C0ACCESS = { member: false, archived: false };
  const { code, out } = await doctor(world);
  expect(code).toBe(1);
  expect(out).toContain(
    'FAULT   slack-channels: the app is not in channel C0ACCESS\n' +
      '          why: approvers are asked nowhere but in direct messages\n' +
      '          fix: write /invite @Glasshammer in the channel\n',
  );
  expect(out).toMatch(/\n1 fault, 0 not seen, 0 notes, \d+ right\n$/);
});

test('a deployment in order ends with exit code 0, and programs read the same as JSON', async () => {
  expect((await doctor(soundDeployment())).code).toBe(0);
  const { code, out } = await doctor(soundDeployment(), '--json');
  const read = JSON.parse(out) as { faults: number; findings: { check: string; status: string }[] };
  expect({ code, faults: read.faults }).toEqual({ code: 0, faults: 0 });
  expect(read.findings.every(({ status }) => status === 'ok')).toBe(true);
});

test('a checkout without a configuration, and a stack that is not there, are said in one line', async () => {
  expect(await run('doctor')).toMatchObject({ code: 2, err: expect.stringContaining('glasshammer.config.ts') });
  const files = { 'expected.json': JSON.stringify(soundDeployment().expected) };
  expect(await run('doctor --config expected.json', { files })).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no stack Glasshammer'),
  });
});

test('the configuration of a deployment is what it is held against, drift rules and StackSet units included', async () => {
  const { config } = await import('../../glasshammer.config.ts');
  const expected = expectedFrom({
    ...config,
    drift: [{ accounts: ['ou:ou-ab12-11111111', '*'], permissionSets: ['*'], groups: [], action: 'warn', grace: 0 }],
    report: { ...config.report, deployToOus: ['ou-ab12-22222222'] },
  });
  expect(expected).toMatchObject({
    stackName: 'Glasshammer',
    account: config.env.account,
    units: ['ou-ab12-22222222', 'ou-ab12-11111111'],
    report: { byStackSet: true },
  });
  const { account } = await readExpected('glasshammer.config.ts', { env: {}, readFile: async () => '' });
  expect(account).toBe(config.env.account);
});
