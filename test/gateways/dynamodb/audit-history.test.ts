import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { FACT_PREFIXES } from '../../../core/audit/facts.ts';
import { newEvents } from '../../../core/audit/new-events.ts';
import { createAuditHistory } from '../../../gateways/dynamodb/audit-history.ts';
import { all, emulateAws, REQUEST_TABLE } from '../../contracts/emulated.ts';
import { aRequest, NOON } from '../../core/access/requests.ts';

test('a reading of the table finds every event that the stream told: each kind of audit fact, and requests', async () => {
  const { dynamo: client } = emulateAws();
  const items = [
    ...FACT_PREFIXES.map((prefix) => ({ id: `${prefix}1`, type: 'frozen', at: NOON, by: 'olga' })),
    { ...aRequest('refused'), messages: {} },
    { id: 'click#1', requestId: 'r1' },
  ];
  for (const Item of items) await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
  const told = items.filter((after) => newEvents({ after, sequenceNumber: '1' } as never).length > 0);
  const found = await all(createAuditHistory({ client, tableName: REQUEST_TABLE }).items());
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(told.map(({ id }) => id)));
  expect(told).toHaveLength(items.length - 1);
});
