import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { findRequests } from '../../core/access/request/find-requests.ts';
import { enter } from '../../core/model/events.ts';
import { indexRequests } from '../../gateways/dynamodb/requests/index-requests.ts';
import { createRequestList } from '../../gateways/dynamodb/requests/request-list.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { aRequest, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

function tables() {
  const { dynamo: client, now } = emulateAws();
  const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
  const list = createRequestList({ client, tableName: REQUEST_TABLE });
  const services = { list, now: () => new Date(NOON) };
  /** The ids on all pages of this size. */
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

it('lists every request once, page by page, in whatever state, and as it is now', async () => {
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

describe('finds requests by the filter', () => {
  const { store, all } = tables();
  beforeAll(async () => {
    const zoe = { principalId: 'user-zoe', userName: 'Zoe@example.com', displayName: 'Zoe', email: 'zoe@mail.example' };
    await store.create(
      aRequest('refused', { id: 'plain', endsAt: '', reason: 'The Ledger\nis down', ticket: 'INC-1' }),
    );
    await store.create(aRequest('reported', { id: 'zoe', requester: { slackId: '', ...zoe } }));
    const review = { status: 'owed', approvers: [] } as const;
    await store.create(aRequest('reported', { id: 'owed', breakGlass: true, review }));
    await store.create(
      aRequest('reported', { id: 'read', breakGlass: true, review: { ...review, status: 'acknowledged' } }),
    );
    await store.create(
      aRequest('active', { id: 'group', target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } }),
    );
  });

  const ALL = ['plain', 'zoe', 'owed', 'read', 'group'];
  const others = (...ids: string[]) => ALL.filter((id) => !ids.includes(id));
  const { target, names } = aRequest('active');
  const { accountId, permissionSetArn } = target as { accountId: string; permissionSetArn: string };
  it.each<[Parameters<typeof findRequests>[0], readonly string[]]>([
    [{}, ALL],
    [{ person: 'user-zoe' }, ['zoe']],
    [{ person: 'zoe@EXAMPLE.com' }, ['zoe']],
    [{ person: 'ZOE@mail.example' }, ['zoe']],
    [{ person: 'zoe' }, []],
    [{ accountId }, others('group')],
    [{ accountId: '000000000000' }, []],
    [{ set: permissionSetArn }, others('group')],
    [{ set: names.permissionSetName?.toUpperCase() ?? '?' }, others('group')],
    [{ set: 'on-CALL' }, ['group']],
    [{ set: 'group-oncall' }, ['group']],
    [{ states: ['refused', 'active'] }, ['plain', 'group']],
    [{ breakGlass: true }, ['owed', 'read']],
    [{ breakGlass: false }, others('owed', 'read')],
    [{ reviewed: true }, ['read']],
    [{ reviewed: false }, ['owed']],
    [{ text: 'the ledger' }, ['plain']],
    [{ text: 'inc-1' }, ['plain']],
    [{ text: 'zoe@' }, ['zoe']],
    [{ person: 'user-zoe', states: ['refused'] }, []],
    [
      { person: 'user-ana', accountId, set: permissionSetArn, states: ['reported'], breakGlass: true, text: '' },
      ['owed', 'read'],
    ],
  ])('%j', async (filter, ids) => {
    const { text, ...rest } = filter;
    const found = await all(2, text === '' ? rest : filter);
    expect(new Set(found)).toEqual(new Set(ids));
    expect(found).toHaveLength(ids.length);
  });
});

it("keeps the list's own fields out of a request, and lists an older request once it is indexed", async () => {
  const { client, store, all } = tables();
  const request = aRequest('reported', { id: 'old', grant: { askedAt: NOON, standing: false } });
  await store.create(request);
  expect(await store.get('old')).toEqual(request);
  await client.send(
    new UpdateCommand({ TableName: REQUEST_TABLE, Key: { id: 'old' }, UpdateExpression: 'REMOVE askedIn, find' }),
  );
  expect([await all(10), await indexRequests(client, REQUEST_TABLE)]).toEqual([[], 1]);
  expect([await all(10), await indexRequests(client, REQUEST_TABLE)]).toEqual([['old'], 0]);
  expect(await store.get('old')).toEqual(request);
});
