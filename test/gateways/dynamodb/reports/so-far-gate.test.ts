import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSoFarGate } from '../../../../gateways/dynamodb/reports/so-far-gate.ts';
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

test('one question a minute and request is let through, and the same question as often as it comes', async () => {
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
