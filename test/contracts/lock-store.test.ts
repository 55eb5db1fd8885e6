import { createLockStore } from '../../gateways/dynamodb/lock-store.ts';
import { NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const TURN = { by: 'cli:olga', at: NOON, reason: 'a stolen laptop' };

function createStore() {
  let ids = 0;
  return createLockStore({ client: emulateAws().dynamo, tableName: REQUEST_TABLE, newId: () => `id-${++ids}` });
}

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
