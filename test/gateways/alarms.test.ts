import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { alarmStates } from '../../gateways/alarms.ts';
import type { StandingAlarm } from '../../sandbox/aws/others/cloudwatch.ts';
import { type Harness, startHarness } from '../sandbox/aws/harness.ts';

const SINCE = '2026-01-05T08:00:00.000Z';

function standing(name: string, state: StandingAlarm['state']): StandingAlarm {
  return { name, description: `${name}.`, state, sinceMs: Date.parse(SINCE) };
}

/** More of the deployment's own alarms than a page holds, and two others. */
const ALARMS = [
  standing('another-high-one', 'ALARM'),
  ...Array.from({ length: 230 }, (_, at) => standing(`ours-low-${String(at).padStart(3, '0')}`, 'OK')),
  standing('ours-high-one', 'ALARM'),
  standing('ours-high-two', 'INSUFFICIENT_DATA'),
  standing('theirs-high-one', 'ALARM'),
];

let harness: Harness;
let client: CloudWatchClient;
beforeAll(async () => {
  harness = await startHarness({}, { alarms: () => ALARMS });
  client = new CloudWatchClient(harness.overHttp());
});
afterAll(() => harness.close());

test('every alarm with the name prefix is read, however many, with its state and since when', async () => {
  const before = harness.calls.snapshot()['cloudwatch:DescribeAlarms'] ?? 0;
  const found = await alarmStates(client, 'ours-');
  expect(found).toHaveLength(232);
  expect(new Set(found.map(({ name }) => name)).size).toBe(232);
  expect(found.filter(({ state }) => state !== 'OK')).toEqual([
    { name: 'ours-high-one', description: 'ours-high-one.', state: 'ALARM', since: SINCE },
    { name: 'ours-high-two', description: 'ours-high-two.', state: 'INSUFFICIENT_DATA', since: SINCE },
  ]);
  expect((harness.calls.snapshot()['cloudwatch:DescribeAlarms'] ?? 0) - before).toBe(3);
});

test('no alarm with the prefix gives an empty list', async () => {
  expect(await alarmStates(client, 'nobodys-')).toEqual([]);
});

test.each([
  [{ AlarmNames: ['a'], AlarmNamePrefix: 'a' }, 'InvalidParameterCombinationException'],
  [{ MaxRecords: 101 }, 'InvalidParameterValueException'],
  [{ NextToken: 'made-up' }, 'InvalidNextToken'],
])('the emulator refuses %j', async (input, name) => {
  await expect(client.send(new DescribeAlarmsCommand(input))).rejects.toMatchObject({ name });
});
