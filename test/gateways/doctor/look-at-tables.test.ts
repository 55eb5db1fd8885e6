import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { lookAtTables } from '../../../gateways/doctor/look-at-tables.ts';
import { ACCESS_TABLE, emulateAws, REQUEST_TABLE } from '../../contracts/emulated.ts';
import { aRequest } from '../../core/access/requests.ts';

test.each([
  ['long ago', '2026-01-05T11:00:00.000Z', true],
  ['a moment ago', '2026-01-05T13:50:00.000Z', false],
  ['no instant', 'tomorrow', true],
  ['no date of the calendar', '2026-13-45T13:00:00.000Z', true],
  ['not in the form in which instants are stored', '2026-01-06', true],
])('access whose end is %s (%s) is overdue: %s', async (_what, endsAt, isOverdue) => {
  const { dynamo: client } = emulateAws();
  const look = lookAtTables({ client, accessTable: ACCESS_TABLE, requestTable: REQUEST_TABLE });
  const { state, messages: _messages, ...request } = aRequest('active', { endsAt });
  await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { ...request, state } }));
  expect(await look.overdue('2026-01-05T14:00:00.000Z')).toEqual(isOverdue ? [{ id: 'r1', state, endsAt }] : []);
});
