import { examine } from '../../../core/doctor/examine.ts';
import type { Finding } from '../../../core/doctor/finding.ts';
import { type Deployment, examinationOf, HOME, lookAt, MANAGEMENT, NOW, SET, soundDeployment } from './deployment.ts';
import { AROUND } from './planted-around.ts';
import { WITHIN } from './planted-within.ts';

async function diagnose(world: Deployment, look = lookAt(world), machine = NOW): Promise<Finding[]> {
  const findings: Finding[] = [];
  const words = (error: unknown) => (error as Error).message;
  for await (const finding of examine(examinationOf(world), look, words, machine)) findings.push(finding);
  return findings;
}

test('the doctor finds nothing wrong with a sound deployment, and every check reports once', async () => {
  const findings = await diagnose(soundDeployment());
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
  expect(findings.length).toBeGreaterThan(25);
});

test.each([...AROUND, ...WITHIN])('the doctor finds %s, and nothing else', async (_what, check, says, spoil) => {
  const world = soundDeployment();
  spoil(world);
  const wrong = (await diagnose(world)).filter(({ status }) => status === 'fault' || status === 'unseen');
  expect([...new Set(wrong.map((finding) => finding.check))]).toEqual([check]);
  expect(wrong.map(({ what }) => what).join('\n')).toMatch(says);
  for (const { why, fix } of wrong) {
    expect(why).toBeTruthy();
    expect(fix).toBeTruthy();
  }
});

test('an organization that forbids Athena gets one note about the missing catalog, and no fault', async () => {
  const world = soundDeployment();
  world.stacks = {};
  expect((await diagnose(world)).filter(({ status }) => status !== 'ok')).toEqual([
    {
      check: 'audit-catalog',
      status: 'note',
      what: 'stack GlasshammerAudit is not there',
      why: expect.stringContaining('given and taken back all the same'),
      fix: expect.stringContaining('npx cdk deploy Audit/Catalog'),
    },
  ]);
});

test('a wrong clock on the operator’s machine is a fault', async () => {
  const world = soundDeployment();
  const wrong = await diagnose(world, lookAt(world), new Date('2026-01-05T09:07:00Z'));
  expect(wrong.filter(({ status }) => status === 'fault')).toEqual([
    expect.objectContaining({ check: 'clock', what: expect.stringContaining('7 minutes') }),
  ]);
});

test('a check that the operator lacks rights for is unseen, never ok, and the other checks go on', async () => {
  const world = soundDeployment();
  const look = { ...lookAt(world), mailAccount: () => Promise.reject(new Error('olga may not ses:GetAccount')) };
  const findings = await diagnose(world, look);
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([
    expect.objectContaining({ check: 'mail', status: 'unseen', what: 'could not look: olga may not ses:GetAccount' }),
  ]);
});

test('group assignments in the own and the management account are looked at only if the configuration excludes the account', async () => {
  const world = soundDeployment();
  for (const id of [HOME, MANAGEMENT])
    world.groupAssignments[id] = [{ groupId: 'group-oncall', permissionSetArn: SET }];
  world.expected.includeOwnAccount = true;
  world.expected.organization.includeManagementAccount = true;
  const look = { ...lookAt(world), groupAssignments: () => Promise.reject(new Error('nobody asks')) };
  expect((await diagnose(world, look)).filter(({ status }) => status !== 'ok')).toEqual([]);
  // The management account cannot be read. That does not hide the fault in the own account.
  world.expected.includeOwnAccount = false;
  world.expected.organization.includeManagementAccount = false;
  const half = {
    ...lookAt(world),
    groupAssignments: async (id: string) => {
      if (id === MANAGEMENT) throw new Error('olga may not');
      return world.groupAssignments[id] ?? [];
    },
  };
  expect((await diagnose(world, half)).filter(({ status }) => status !== 'ok')).toMatchObject([
    { check: 'groups-own-account', status: 'fault', fix: expect.stringContaining('includeOwnAccount: true') },
    { check: 'groups-management-account', status: 'unseen', what: 'could not look: olga may not' },
  ]);
});

test('a deployment that is a minute old has no fault for what only starts within five', async () => {
  const world = soundDeployment();
  world.deployed.changedAt = '2026-01-05T08:59:00Z';
  world.heartbeats = {};
  world.driftPass = undefined;
  world.driftMode = { mode: 'report-only' };
  const findings = await diagnose(world);
  expect(findings.filter(({ status }) => status === 'fault')).toEqual([]);
  // Two notes remain: drift is in report-only mode, and no event has come from the management account.
  expect(findings.filter(({ status }) => status === 'note').map(({ check }) => check)).toEqual(['drift', 'trail']);
});

test('if all accounts are configured, an account that Glasshammer cannot give access to need not be readable', async () => {
  const world = soundDeployment();
  world.expected.accounts = '*';
  // In the management account only sign-ins are read, and only in the Region of Identity Center.
  world.unreadable = { [HOME]: 'not ours to read', [`${MANAGEMENT} us-east-1`]: 'not ours to read' };
  const faults = async () => (await diagnose(world)).filter(({ status }) => status === 'fault');
  expect(await faults()).toEqual([]);
  world.unreadable['234567890123'] = 'no such role';
  expect(await faults()).toMatchObject([{ check: 'readers', what: expect.stringContaining('234567890123') }]);
});

test('without Slack no Slack check runs; with Slack configured but not deployed the doctor says to deploy', async () => {
  const { slack, ...expected } = soundDeployment().expected;
  const { slackSecretArn: _secret, urlEvents: _url, ...deployed } = soundDeployment().deployed;
  const without = await diagnose({ ...soundDeployment(), expected, deployed });
  expect(without.filter(({ check, status }) => check.startsWith('slack') || status !== 'ok')).toEqual([]);
  const undeployed = await diagnose({ ...soundDeployment(), expected: { ...expected, slack }, deployed });
  expect(undeployed.filter(({ status }) => status !== 'ok')).toMatchObject([
    { check: 'slack-route', status: 'fault', fix: expect.stringContaining('deploy') },
  ]);
});

test('without Slack, SES in its sandbox is a fault, because people cannot be written to', async () => {
  const { slack: _slack, ...expected } = soundDeployment().expected;
  const world = { ...soundDeployment(), expected };
  world.mailAccount.production = false;
  const wrong = (await diagnose(world)).filter(({ status }) => status === 'fault');
  expect(wrong.map(({ check, what }) => [check, what])).toEqual([
    ['mail', 'SES is in its sandbox, and there is no Slack'],
  ]);
});

test('access to something that the configuration lists as retired is no fault, because it can be removed', async () => {
  const world = soundDeployment();
  const old = `${SET}ff`;
  world.open = [
    { id: 'req-1', state: 'active', target: { accountId: '345678901234', permissionSetArn: old }, names: {} },
    { id: 'req-2', state: 'ending', target: { groupId: 'group-leads' }, names: {} },
  ];
  const retired = {
    accounts: ['345678901234'],
    permissionSets: [{ name: 'Old', arn: old }],
    groups: [{ name: 'Leads', id: 'group-leads' }],
  };
  expect((await diagnose(world)).filter(({ status }) => status === 'fault')).toHaveLength(2);
  world.expected = { ...world.expected, retired };
  expect((await diagnose(world)).filter(({ status }) => status === 'fault')).toEqual([]);
});
