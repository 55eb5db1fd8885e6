import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { activityView } from '../../../../core/activity/report/activity-view.ts';
import { createSoFarAnswers } from '../../../../gateways/dynamodb/reports/so-far-answers.ts';
import { createSoFarGate } from '../../../../gateways/dynamodb/reports/so-far-gate.ts';
import { aCall } from '../../../core/activity/records.ts';
import { reportOf } from '../../../core/activity/stored-reports.ts';
import { type Harness, startHarness } from '../../../sandbox/aws/harness.ts';

let harness: Harness;

beforeAll(async () => {
  const table = {
    TableName: 'requests',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  };
  harness = await startHarness({}, { tables: [table] });
});

afterAll(() => harness.close());

test('one question per minute and request is let through, and a repetition of the same question always', async () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(harness.inProcess()));
  const gate = createSoFarGate({ client, tableName: 'requests' });
  const at = (time: string) => `2026-01-05T09:${time}.000Z`;
  expect(await gate.pass('req-1', 'ask-1', at('00:00'))).toBeUndefined();
  expect(await gate.pass('req-1', 'ask-1', at('00:02'))).toBeUndefined();
  expect(await gate.pass('req-1', 'ask-2', at('00:59'))).toBe(at('00:02'));
  expect(await gate.pass('req-2', 'ask-2', at('00:59'))).toBeUndefined();
  const later = [at('01:02'), at('01:02')].map((time, n) => gate.pass('req-1', `ask-${n + 3}`, time));
  expect((await Promise.all(later)).filter((last) => last === undefined)).toHaveLength(1);
});

test('an answer is kept until the next question, cut to the size of an item, the most important calls first', async () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(harness.inProcess()));
  const [gate, answers] = [createSoFarGate, createSoFarAnswers].map((create) =>
    create({ client, tableName: 'requests' }),
  ) as [ReturnType<typeof createSoFarGate>, ReturnType<typeof createSoFarAnswers>];
  const [askedAt, later] = ['2026-01-05T09:00:00.000Z', '2026-01-05T09:02:00.000Z'];
  const model = reportOf([aCall('iam:CreateUser'), aCall('ec2:DescribeInstances', { readOnly: true })]);
  const done = activityView({ from: askedAt, to: askedAt }, model);
  await answers.keep('req-9', { readAt: askedAt, done });
  expect(await answers.last('req-9')).toBeUndefined();
  await gate.pass('req-9', 'ask-1', askedAt);
  expect(await answers.last('req-9')).toEqual({ askedAt });
  await answers.keep('req-9', { readAt: askedAt, done });
  expect(await answers.last('req-9')).toEqual({ askedAt, kept: { readAt: askedAt, done } });
  await gate.pass('req-9', 'ask-2', later);
  expect(await answers.last('req-9')).toEqual({ askedAt: later });
  const [write, read] = done.calls;
  if (write === undefined || read === undefined) throw new Error('there are two kinds of calls');
  const long = { ...read, resources: ['ü'.repeat(2_000)] };
  const calls = [write, ...Array.from({ length: 300 }, () => long)];
  await answers.keep('req-9', { readAt: later, done: { ...done, calls } });
  const kept = (await answers.last('req-9'))?.kept?.done.calls ?? [];
  expect(kept[0]).toEqual(write);
  expect(kept.length).toBeGreaterThan(50);
  expect(kept.length).toBeLessThan(calls.length);
});
