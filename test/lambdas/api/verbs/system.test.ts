import type { AlarmState } from '../../../../gateways/alarms.ts';
import { alarmDescription, alarmName, readAlarm } from '../../../../lambdas/shared/monitoring/alarm-names.ts';
import { listenToStdout } from '../../stdout.ts';
import { createApi, NOON } from '../calling.ts';

const stdout = listenToStdout();

const SINCE = '2026-01-05T11:00:00.000Z';
const EARLIER = '2026-01-05T09:00:00.000Z';

function alarm(severity: 'high' | 'low', id: string, state: AlarmState['state'], since = SINCE): AlarmState {
  return {
    name: alarmName('glasshammer', { severity, id }),
    description: alarmDescription({ title: `${id} happened`, runbookHeading: `What of ${id}` }),
    state,
    since,
  };
}

async function systemWith(overrides: object) {
  const { call, services } = createApi();
  Object.assign(services, overrides);
  return (await call('GET system', { as: 'uma' })).json;
}

test('firing alarms are listed by severity, then newest first, with their runbook heading; alarms in OK are counted', async () => {
  const asked: string[] = [];
  const states = [
    alarm('low', 'errors-api', 'ALARM'),
    alarm('high', 'sweep-failed', 'ALARM', EARLIER),
    alarm('high', 'revoke-failed', 'ALARM'),
    alarm('low', 'slack-failed', 'INSUFFICIENT_DATA'),
    alarm('high', 'left-out', 'OK'),
    alarm('low', 'mail-failed', 'OK'),
  ];
  const { alarms, lookedAt } = await systemWith({
    alarms: async (prefix: string) => {
      asked.push(prefix);
      return states;
    },
  });
  expect(asked).toEqual(['glasshammer-']);
  expect(lookedAt).toBe(NOON);
  expect(alarms.firing.map(({ id }: { id: string }) => id)).toEqual(['revoke-failed', 'sweep-failed', 'errors-api']);
  expect(alarms.firing[0]).toEqual({
    id: 'revoke-failed',
    name: 'glasshammer-high-revoke-failed',
    severity: 'high',
    title: 'revoke-failed happened',
    since: SINCE,
    runbook: 'What of revoke-failed',
  });
  expect(alarms.insufficient).toMatchObject([{ id: 'slack-failed', severity: 'low' }]);
  expect(alarms.ok).toBe(2);
});

test('the alarms of another deployment whose prefix begins the same are left out', async () => {
  const { alarms } = await systemWith({
    alarms: async () => [
      { name: 'glasshammer-test-high-revoke-failed', description: 'x', state: 'ALARM', since: SINCE },
      { name: 'glasshammer-high', description: 'x', state: 'ALARM', since: undefined },
    ],
  });
  expect(alarms).toEqual({ firing: [], insufficient: [], ok: 0 });
});

test('an alarm whose description somebody has edited is shown with the edited text', async () => {
  const changed = { ...alarm('low', 'errors-api', 'ALARM'), description: 'ask Bob', since: undefined };
  const { alarms } = await systemWith({ alarms: async () => [changed] });
  expect(alarms.firing).toMatchObject([{ id: 'errors-api', title: 'ask Bob', runbook: '', since: null }]);
});

test('while CloudWatch cannot be read, the rest is answered, and the log has the name of the error but not its message', async () => {
  const refused = Object.assign(new Error('User: arn:aws:sts::1 may not'), { name: 'AccessDeniedException' });
  const answered = await systemWith({ alarms: () => Promise.reject(refused) });
  expect(answered).toEqual({
    lookedAt: NOON,
    alarms: null,
    signs: {
      sweptAt: NOON,
      heardHereAt: NOON,
      heardFromManagementAt: NOON,
      driftMode: 'report-only',
      driftPassStartedAt: null,
      driftPassFinishedAt: null,
    },
    doctor: 'npx glasshammer doctor --stack Glasshammer',
    versions: { glasshammer: '1.2.3', tables: 1, tablesProblem: null, node: process.version },
  });
  expect(stdout.text()).toContain('"event":"api.alarms-unread","error":"AccessDeniedException"');
  expect(stdout.text()).not.toContain('may not');
});

test('missing times and versions are null, and tables of a newer version are reported', async () => {
  const deployment = { prefix: 'g', accountId: '1', managementAccountId: '2', stack: undefined, version: undefined };
  const young = await systemWith({ heartbeat: async () => undefined, deployment });
  expect(young.signs).toMatchObject({ sweptAt: null, heardHereAt: null, heardFromManagementAt: null });
  expect([young.doctor, young.versions.glasshammer]).toEqual([null, null]);
  const { versions } = await systemWith({ schema: async () => ({ version: 99 }) });
  expect(versions).toMatchObject({ tables: 99, tablesProblem: expect.stringContaining('deploy the newer one again') });
  expect((await systemWith({ schema: async () => ({ version: 'x' }) })).versions.tables).toBeNull();
});

test.each([
  ['high', 'revoke-failed', 'Access could not be taken back', 'A heading'],
  ['low', 'slack-failed', 'Slack. It did not take "a" message', 'Slack cannot be reached'],
] as const)(
  'severity, id, title and runbook heading can be read back from an alarm: %s %s',
  (severity, id, title, runbookHeading) => {
    const written = { severity, id, title, runbookHeading };
    expect(readAlarm('g', alarmName('g', written), alarmDescription(written))).toEqual(written);
  },
);
