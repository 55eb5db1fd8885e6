import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { findRequests } from '../../core/access/request/find-requests.ts';
import { enter } from '../../core/model/events.ts';
import { indexRequests } from '../../gateways/dynamodb/index-requests.ts';
import { createRequestList } from '../../gateways/dynamodb/request-list.ts';
import { createRequestStore } from '../../gateways/dynamodb/request-store.ts';
import { aRequest, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

function tables() {
  const { dynamo: client, now } = emulateAws();
  const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
  const list = createRequestList({ client, tableName: REQUEST_TABLE });
  const services = { list, now: () => new Date(NOON) };
  /** Every page of so many, as ids. */
  async function all(size: number, filter: Parameters<typeof findRequests>[0] = {}) {
    const ids: string[] = [];
    let after: Parameters<typeof findRequests>[1]['after'];
    do {
      const page = await findRequests(filter, { size, ...(after && { after }) }, services);
      ids.push(...page.requests.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }
  return { client, store, list, all };
}

const DAYS = ['2026-01-05', '2026-01-05', '2026-01-01', '2025-12-31', '2025-10-09', '2025-10-09', '2025-02-01'];

it('finds every request once, page by page, whatever became of it, and as it is now', async () => {
  const { store, all } = tables();
  for (const [at, day] of DAYS.entries()) {
    const refused = at % 2 === 0 ? { endsAt: '' } : {};
    const requestedAt = `${day}T09:00:00.000Z`;
    await store.create(aRequest(at % 2 === 0 ? 'refused' : 'active', { id: `r${at}`, requestedAt, ...refused }));
  }
  for (const size of [1, 2, 3, 100]) {
    const ids = await all(size);
    expect([ids.length, new Set(ids)]).toEqual([DAYS.length, new Set(DAYS.map((_day, at) => `r${at}`))]);
    expect(ids.map((id) => DAYS[Number(id.slice(1))])).toEqual(DAYS);
  }
  await store.change('r1', { from: ['active'], to: 'ending', event: enter('ending', NOON) });
  expect(await all(2, { states: ['ending'] })).toEqual(['r1']);
  expect(await all(2, { from: '2025-10-09T09:00:00.000Z', to: '2026-01-01T09:00:00.000Z' })).toHaveLength(3);
  expect(await all(2, { from: '2026-01-06T00:00:00.000Z' })).toEqual([]);
});

it('shows nothing of the list in a request, and finds one of before the list once it is put there', async () => {
  const { client, store, all } = tables();
  const request = aRequest('reported', { id: 'old' });
  await store.create(request);
  expect(await store.get('old')).toEqual(request);
  await client.send(
    new UpdateCommand({ TableName: REQUEST_TABLE, Key: { id: 'old' }, UpdateExpression: 'REMOVE askedIn' }),
  );
  expect([await all(10), await indexRequests(client, REQUEST_TABLE)]).toEqual([[], 1]);
  expect([await all(10), await indexRequests(client, REQUEST_TABLE)]).toEqual([['old'], 0]);
  expect(await store.get('old')).toEqual(request);
});
