import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { WAS_THERE } from '../../core/access/lease/grant/check-creation.ts';
import { enter } from '../../core/model/events.ts';
import { mayBeCut, reportTimes } from '../../core/sessions/live-sessions.ts';
import { toItem } from '../../gateways/dynamodb/requests/request-item.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { aRequest } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const ENDED_AT = '2026-01-05T12:40:00.000Z';
const SOON = '2026-01-05T12:41:00.000Z';
const LONG_AGO = '2020-01-01T00:00:00.000Z';

/** The request as it is read after an attacker who may write requests has changed one attribute of it. */
async function readWith(attribute: string, value: unknown, events = [enter('ended', ENDED_AT)]) {
  const { dynamo: client, now } = emulateAws();
  const ended = aRequest('ended', { endedAt: ENDED_AT, grant: { askedAt: ENDED_AT, standing: false }, events });
  await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: toItem(ended) }));
  await client.send(
    new UpdateCommand({
      TableName: REQUEST_TABLE,
      Key: { id: ended.id },
      UpdateExpression: value === undefined ? 'REMOVE #name' : 'SET #name = :value',
      ExpressionAttributeNames: { '#name': attribute },
      ...(value === undefined ? {} : { ExpressionAttributeValues: { ':value': value } }),
    }),
  );
  const request = await createRequestStore({ client, tableName: REQUEST_TABLE, now }).get(ended.id);
  if (request === undefined) throw new Error('the request is gone');
  return request;
}

describe.each<[string, unknown]>([
  ['is no instant', 'never'],
  ['is a number', 5],
  ['is removed', undefined],
  ['is long ago, so that no session would be left to cut', LONG_AGO],
  ['is in the far future, so that all sessions to come would be denied', '2036-01-01T00:00:00.000Z'],
])('an end of access that %s', (_what, value) => {
  it('is read from the history, so that its sessions are cut and its report is made', async () => {
    const request = await readWith('endedAt', value);
    expect(request.endedAt).toBe(ENDED_AT);
    expect(mayBeCut(request, SOON)).toBe(true);
    expect(reportTimes(request, 900).first).toBe('2026-01-05T12:45:00.000Z');
  });
});

it('an end that neither the attribute nor the history tells is the planned end', async () => {
  const request = await readWith('endedAt', 'never', []);
  expect(request.endedAt).toBe(request.endsAt);
});

describe.each<[string, unknown]>([
  ['says that the assignment was there before', { askedAt: ENDED_AT, standing: true }],
  ['says nothing', {}],
  ['is removed', undefined],
])('a record of the grant that %s', (_what, grant) => {
  const granted = enter('active', ENDED_AT, { type: 'granted' });

  it('is read from the history, so that the sessions are cut', async () => {
    const request = await readWith('grant', grant, [granted, enter('ended', ENDED_AT)]);
    expect(request.grant).toEqual({ askedAt: ENDED_AT, standing: false });
    expect(mayBeCut(request, SOON)).toBe(true);
  });

  it('leaves an assignment that was there before as the history says', async () => {
    const request = await readWith('grant', grant, [{ ...granted, note: WAS_THERE }, enter('ended', ENDED_AT)]);
    expect(request.grant?.standing).toBe(true);
    expect(mayBeCut(request, SOON)).toBe(false);
  });
});

it.each<[unknown, number]>([
  ['x', 12 * 3600],
  [undefined, 12 * 3600],
  [-1, 0],
  [1, 1],
  [4 * 3600, 4 * 3600],
  [Number.MAX_SAFE_INTEGER, 12 * 3600],
])('a session of %p seconds is read as one that Identity Center could allow', async (stored, seconds) => {
  expect((await readWith('sessionSeconds', stored)).sessionSeconds).toBe(seconds);
});

it.each([
  ['a note that is no text', { type: 'told', at: ENDED_AT, by: 'x', note: 5 }],
  ['a state that is no text', { type: 'told', at: ENDED_AT, by: 'x', state: 5 }],
  ['an end at no instant', { type: 'ended', state: 'ended', at: 5, by: 'x' }],
  ['nothing but a type', { type: 'told' }],
])('an event with %s does not prevent the cut', async (_what, event) => {
  const request = await readWith('endedAt', undefined, [enter('ended', ENDED_AT), event as never]);
  expect(request.events).toHaveLength(2);
  expect(mayBeCut(request, SOON)).toBe(true);
});

it.each([5, null, { S: 'x' }, undefined])(
  'who did what in an event is read as text (%j), so that the report can name them',
  async (by) => {
    const forged = { type: 'ending', state: 'ending', at: ENDED_AT, ...(by === undefined ? {} : { by, byName: by }) };
    const { events } = await readWith('events', [forged]);
    expect(events).toEqual([{ type: 'ending', state: 'ending', at: ENDED_AT, by: 'unknown' }]);
  },
);
