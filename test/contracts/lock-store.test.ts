import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { lockId, stopFactId } from '../../core/model/stored-ids.ts';
import { createLockStore } from '../../gateways/dynamodb/lock-store.ts';
import { NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const TURN = { by: 'cli:olga', at: NOON, reason: 'a stolen laptop' };

function createStore() {
  let ids = 0;
  return createLockStore({ client: emulateAws().dynamo, tableName: REQUEST_TABLE, newId: () => `id-${++ids}` });
}

test('a lock and each step of its end are written as facts, and one that was refused is not', async () => {
  const client = emulateAws().dynamo;
  const ids: string[] = [];
  const newId = () => {
    ids.push(`id-${ids.length}`);
    return ids.at(-1) ?? '';
  };
  const locks = createLockStore({ client, tableName: REQUEST_TABLE, newId });
  const facts = async () => {
    const found = ids.map((id) =>
      client.send(new GetCommand({ TableName: REQUEST_TABLE, Key: { id: stopFactId(`${NOON}#${id}`) } })),
    );
    return (await Promise.all(found)).map(({ Item }) => Item?.type);
  };
  await locks.unlock('user-ana', TURN, 'left');
  await locks.beginUnlock('user-ana', TURN);
  expect(await facts()).toEqual([undefined, undefined]);
  ids.length = 0;
  await locks.lock('user-ana', TURN, 'denied');
  await locks.lock('user-ana', { ...TURN, by: 'cli:otto' }, 'denied');
  await locks.beginUnlock('user-ana', TURN);
  await locks.unlock('user-ana', { ...TURN, reason: '' }, 'allowed');
  expect(await facts()).toEqual(['locked', undefined, 'unlocking', 'unlocked']);
  const Key = { id: stopFactId(`${NOON}#id-0`) };
  expect((await client.send(new GetCommand({ TableName: REQUEST_TABLE, Key }))).Item).toEqual({
    ...Key,
    ...{ type: 'locked', at: NOON, by: TURN.by, note: TURN.reason, ids: [lockId('user-ana'), 'user-ana'] },
  });
});

test('the first lock stays, and is known with the accounts whose sessions it denies', async () => {
  const locks = createStore();
  expect(await locks.lock('user-ana', TURN, 'left')).toBe(true);
  expect(await locks.lock('user-ana', { ...TURN, by: 'cli:otto' }, 'left')).toBe(false);
  await locks.noteAccounts('user-ana', ['123456789012']);
  await locks.noteAccounts('user-ana', ['234567890123']);
  expect(await locks.get('user-ana')).toEqual({ ...TURN, accounts: ['123456789012', '234567890123'] });
});

test('a lock is lifted once, and a lock that denies sessions only after an unlock has begun to allow them', async () => {
  const locks = createStore();
  await locks.lock('user-ana', TURN, 'left');
  await locks.noteAccounts('user-ana', ['123456789012']);
  expect(await locks.unlock('user-ana', TURN, 'left')).toBe(false);
  expect(await locks.get('user-ana')).toBeDefined();
  // No unlock has begun to allow the sessions.
  expect(await locks.unlock('user-ana', TURN, 'allowed')).toBe(false);
  await locks.beginUnlock('user-ana', TURN);
  expect(await locks.unlock('user-ana', TURN, 'allowed')).toBe(true);
  expect(await locks.unlock('user-ana', TURN, 'allowed')).toBe(false);
  // From the first moment on, not only once the accounts are known.
  await locks.lock('user-cleo', TURN, 'denied');
  expect(await locks.unlock('user-cleo', TURN, 'left')).toBe(false);
  expect(await locks.noteAccounts('user-ben', ['123456789012'])).toBe(false);
  expect(await locks.get('user-ben')).toBeUndefined();
  await locks.lock('user-ben', TURN, 'left');
  expect(await locks.unlock('user-ben', TURN, 'left')).toBe(true);
});

test('an unlock that has begun is known, and undone by the next lock', async () => {
  const locks = createStore();
  expect(await locks.beginUnlock('user-ana', TURN)).toBe(false);
  await locks.lock('user-ana', TURN, 'denied');
  expect(await locks.beginUnlock('user-ana', TURN)).toBe(true);
  expect(await locks.get('user-ana')).toEqual({ ...TURN, accounts: [], isLifting: true });
  await locks.noteAccounts('user-ana', []);
  expect(await locks.get('user-ana')).toEqual({ ...TURN, accounts: [] });
  // The unlock that had begun has allowed sessions that the next lock denies.
  expect(await locks.unlock('user-ana', TURN, 'allowed')).toBe(false);
  await locks.beginUnlock('user-ana', TURN);
  expect(await locks.unlock('user-ana', TURN, 'allowed')).toBe(true);
  expect(await locks.get('user-ana')).toBeUndefined();
});
