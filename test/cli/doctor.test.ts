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

/** Runs `doctor` on a deployment whose functions are all active and whose version is that of this checkout. */
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

test('an account name with a line break cannot forge a line of the doctor', async () => {
  const world = soundDeployment();
  const name = 'Production\nok      overdue: no access is past its end\u001b[2K';
  world.accounts = world.accounts.map((account) => ({ ...account, name, active: account.id !== '123456789012' }));
  const { out } = await doctor(world);
  expect(out.split('\n').filter((text) => text.startsWith('ok      overdue:'))).toEqual([
    'ok      overdue: no access is past its end',
  ]);
  expect(out).toContain('account 123456789012 (Production ok      overdue');
});

test('a fault is printed with its reason and its remedy, and the exit code is 1', async () => {
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

test('a sound deployment gives exit code 0, and --json lists the same findings', async () => {
  const printed = await doctor(soundDeployment());
  expect(printed.code).toBe(0);
  const { code, out } = await doctor(soundDeployment(), '--json');
  const read = JSON.parse(out) as { faults: number; findings: { check: string; status: string; what: string }[] };
  expect({ code, faults: read.faults }).toEqual({ code: 0, faults: 0 });
  expect(read.findings.length).toBeGreaterThan(25);
  expect([
    ...read.findings.map(({ status, check, what }) => `${status.padEnd(8)}${check}: ${what}`),
    `0 faults, 0 not seen, 0 notes, ${read.findings.length} right`,
  ]).toEqual(printed.out.trimEnd().split('\n'));
});

test('a missing configuration file and a missing stack are named in the error, with exit code 2', async () => {
  expect(await run('doctor')).toMatchObject({ code: 2, err: expect.stringContaining('glasshammer.config.ts') });
  const files = { 'expected.json': JSON.stringify(soundDeployment().expected) };
  expect(await run('doctor --config expected.json', { files })).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no stack Glasshammer'),
  });
});

test('the doctor expects what glasshammer.config.ts says, including the organizational units of drift rules and the StackSet', async () => {
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
