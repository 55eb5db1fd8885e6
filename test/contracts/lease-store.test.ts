import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LeaseStore } from '../../core/access/ports.ts';
import { removedId } from '../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../core/model/target.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { FakeLeaseStore } from '../core/access/fakes.ts';
import { ANAS_ASSIGNMENT, NOON } from '../core/access/requests.ts';
import { all, emulateAws, REQUEST_TABLE } from './emulated.ts';

const LATER = '2026-01-05T12:30:00.000Z';
const MEMBERSHIP: Assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };

describe.each<[string, () => LeaseStore]>([
  ['in memory', () => new FakeLeaseStore()],
  [
    'in DynamoDB',
    () => {
      const { dynamo: client, now } = emulateAws();
      return createLeaseStore({ client, tableName: REQUEST_TABLE, now });
    },
  ],
])('the lease store %s', (_where, create) => {
  let store: LeaseStore;
  beforeEach(() => {
    store = create();
  });

  const add = (id: string) => store.add(ANAS_ASSIGNMENT, id);
  const drop = (id: string) => store.drop(ANAS_ASSIGNMENT, id);
  const get = () => store.get(ANAS_ASSIGNMENT);

  /** Takes an assignment from its first claim to a removal that has begun. */
  async function removing(since = NOON) {
    await add('r1');
    await store.noteStanding(ANAS_ASSIGNMENT, false);
    await drop('r1');
    const item = await store.beginRemoval(ANAS_ASSIGNMENT, 'r1', since);
    if (item?.removing === undefined) throw new Error('the removal did not begin');
    return item;
  }

  it('says since when an assignment is known to be absent: by a removal or a note, not by a claim that ended', async () => {
    expect(await store.absentAt(ANAS_ASSIGNMENT)).toBeUndefined();
    await add('r1');
    const left = await drop('r1');
    if (left !== undefined) await store.forget(left);
    expect(await store.absentAt(ANAS_ASSIGNMENT)).toBeUndefined();
    await store.forget(await removing());
    expect(await store.absentAt(ANAS_ASSIGNMENT)).toBe(NOON);
    // By a clock that is ahead.
    const soon = '2026-01-05T12:00:30.000Z';
    await store.noteAbsent(MEMBERSHIP, soon);
    expect(await store.absentAt(MEMBERSHIP)).toBe(soon);
  });

  it("says which request's removal was done", async () => {
    await store.forget(await removing());
    expect(await store.removedFor(ANAS_ASSIGNMENT, 'r1')).toBe(NOON);
    expect(await store.removedFor(ANAS_ASSIGNMENT, 'r2')).toBeUndefined();
  });

  it('keeps a claim once, however often it is made', async () => {
    await add('r1');
    expect(await add('r1')).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r1'] });
    expect(await get()).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r1'] });
  });

  it('gives the claim to one of many requests at the same moment, and tells the others which one has it', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `r${10 + n}`);
    const items = await Promise.all(ids.map(add));
    const holders = new Set(items.flatMap(({ leases }) => leases));
    expect(holders.size).toBe(1);
    expect(new Set((await get())?.leases)).toEqual(holders);
    const [holder = ''] = holders;
    expect((await add(holder)).leases).toEqual([holder]);
  });

  it('takes no claim while the assignment is held back, and opens with the first claim after that', async () => {
    const soon = new Date(Date.parse(NOON) + 1000).toISOString();
    expect((await store.holdBack(ANAS_ASSIGNMENT, soon))?.opensAt).toBe(soon);
    expect(await add('r1')).toEqual({ assignment: ANAS_ASSIGNMENT, leases: [], opensAt: soon });
    await store.holdBack(MEMBERSHIP, NOON);
    expect(await store.add(MEMBERSHIP, 'r1')).toEqual({ assignment: MEMBERSHIP, leases: ['r1'] });
  });

  it('holds an assignment back until the latest of several instants: the sessions of each cut are denied until then', async () => {
    await store.holdBack(ANAS_ASSIGNMENT, LATER);
    expect(await store.holdBack(ANAS_ASSIGNMENT, NOON)).toMatchObject({ leases: [], opensAt: LATER });
    expect(await get()).toMatchObject({ opensAt: LATER });
  });

  it('holds back no assignment that a request holds, and says which one holds it', async () => {
    await add('r1');
    expect(await store.holdBack(ANAS_ASSIGNMENT, LATER)).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r1'] });
    expect(await get()).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r1'] });
  });

  it('keeps memberships and assignments apart', async () => {
    await add('r1');
    await store.add(MEMBERSHIP, 'r2');
    expect(await store.get(MEMBERSHIP)).toEqual({ assignment: MEMBERSHIP, leases: ['r2'] });
    expect(await all(store.all())).toHaveLength(2);
  });

  it('keeps the first note of whether the assignment was standing: a second look may have seen our own assignment', async () => {
    await add('r1');
    await store.noteStanding(ANAS_ASSIGNMENT, false);
    expect((await store.noteStanding(ANAS_ASSIGNMENT, true)).standing).toBe(false);
  });

  it("can be told that an assignment found standing is Glasshammer's after all, if there is a lease", async () => {
    expect(await store.noteOurs(ANAS_ASSIGNMENT)).toBeUndefined();
    await add('r1');
    await store.noteStanding(ANAS_ASSIGNMENT, true);
    expect(await store.noteOurs(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r1'], standing: false });
    expect(await get()).toMatchObject({ leases: ['r1'], standing: false });
  });

  it('notes nothing on an item that is gone, and asks the caller to try again from the lease', async () => {
    await expect(store.noteStanding(ANAS_ASSIGNMENT, false)).rejects.toMatchObject({ name: 'RemovalInProgressError' });
    expect(await get()).toBeUndefined();
  });

  it('drops a claim for good, and says what is left', async () => {
    await add('r1');
    expect((await drop('r2'))?.leases).toEqual(['r1']);
    expect((await drop('r1'))?.leases).toEqual([]);
    expect((await drop('r1'))?.leases).toEqual([]);
  });

  it('has nothing where nothing was ever claimed, and writes nothing when asked', async () => {
    expect(await drop('r1')).toBeUndefined();
    expect(await store.beginRemoval(ANAS_ASSIGNMENT, 'r1', NOON)).toBeUndefined();
    expect(await all(store.all())).toEqual([]);
  });

  it('begins no removal while a claim is left', async () => {
    await add('r1');
    expect(await store.beginRemoval(ANAS_ASSIGNMENT, 'r2', NOON)).toEqual({
      assignment: ANAS_ASSIGNMENT,
      leases: ['r1'],
    });
  });

  it('begins one removal, and shows it to the next who tries', async () => {
    await removing();
    const second = await store.beginRemoval(ANAS_ASSIGNMENT, 'r2', LATER);
    expect(second?.removing).toEqual({ requestId: 'r1', since: NOON });
  });

  it('lets only one of many begin the removal', async () => {
    await add('r0');
    await drop('r0');
    const seen = await Promise.all(
      Array.from({ length: 10 }, (_, n) => store.beginRemoval(ANAS_ASSIGNMENT, `r${n}`, NOON)),
    );
    expect(new Set(seen.map((item) => item?.removing?.requestId)).size).toBe(1);
  });

  it('takes no claim while a removal runs, with an error worth a retry', async () => {
    await removing();
    await expect(add('r2')).rejects.toMatchObject({ name: 'RemovalInProgressError' });
    expect((await get())?.leases).toEqual([]);
  });

  it('lets either the claim or the removal win, never both', async () => {
    for (const claimFirst of [true, false]) {
      const fresh = create();
      await fresh.add(ANAS_ASSIGNMENT, 'r1');
      await fresh.drop(ANAS_ASSIGNMENT, 'r1');
      const claim = () =>
        fresh.add(ANAS_ASSIGNMENT, 'r2').then(
          () => true,
          () => false,
        );
      const remove = async () => (await fresh.beginRemoval(ANAS_ASSIGNMENT, 'r1', NOON))?.removing?.requestId === 'r1';
      const [claimed, began] = claimFirst
        ? await Promise.all([claim(), remove()])
        : (await Promise.all([remove(), claim()])).reverse();
      expect([claimed, began].filter(Boolean)).toHaveLength(1);
      const item = await fresh.get(ANAS_ASSIGNMENT);
      expect(item?.leases).toEqual(claimed === true ? ['r2'] : []);
      expect(item?.removing === undefined).toBe(claimed);
    }
  });

  it('remembers the operation of the removal, and can forget it for another try', async () => {
    const item = await removing();
    await store.noteRemoval(item, 'operation-1');
    expect((await get())?.removing).toEqual({ requestId: 'r1', since: NOON, operationId: 'operation-1' });
    await store.noteRemoval(item, undefined);
    expect((await get())?.removing).toEqual({ requestId: 'r1', since: NOON });
  });

  it('forgets an item whose removal is done', async () => {
    const item = await removing();
    await store.noteRemoval(item, 'operation-1');
    await store.forget(item);
    expect(await get()).toBeUndefined();
    await store.forget(item);
  });

  it('does not forget a claim that came after the item was seen', async () => {
    await add('r1');
    const seen = await drop('r1');
    await add('r2');
    await store.forget(seen ?? { assignment: ANAS_ASSIGNMENT, leases: [] });
    expect((await get())?.leases).toEqual(['r2']);
  });

  it('does not forget a removal that began after the item was seen', async () => {
    await add('r1');
    const seen = await drop('r1');
    await store.beginRemoval(ANAS_ASSIGNMENT, 'r2', LATER);
    await store.forget(seen ?? { assignment: ANAS_ASSIGNMENT, leases: [] });
    expect((await get())?.removing?.requestId).toBe('r2');
  });

  it('does not let a late worker change a later lease of the same assignment', async () => {
    const first = await removing(NOON);
    await store.forget(first);
    await removing(LATER);
    await store.noteRemoval(first, 'operation-of-before');
    await store.forget(first);
    expect((await get())?.removing).toEqual({ requestId: 'r1', since: LATER });
  });

  it('can release a removal, and keeps the item open for a new claim', async () => {
    const seen = await removing();
    await store.release(seen, LATER);
    expect(await get()).toEqual({ assignment: ANAS_ASSIGNMENT, leases: [], standing: false, releasedAt: LATER });
    expect(await add('r2')).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
  });

  it('does not release a removal that began after the item was seen', async () => {
    const seen = await removing();
    await store.forget(seen);
    const later = await removing(LATER);
    await store.release(seen, LATER);
    expect(await get()).toEqual(later);
  });

  it('starts anew after it was forgotten: whether the assignment is standing is looked up again', async () => {
    await store.forget(await removing());
    expect(await add('r2')).toEqual({ assignment: ANAS_ASSIGNMENT, leases: ['r2'] });
    expect((await store.noteStanding(ANAS_ASSIGNMENT, true)).standing).toBe(true);
  });

  it('lists every item for the sweep, with or without claims', async () => {
    await removing();
    await store.add(MEMBERSHIP, 'r2');
    const items = await all(store.all());
    expect(items.map(({ leases }) => leases.length).sort((a, b) => a - b)).toEqual([0, 1]);
  });
});

describe('a lease item that an attacker has spoiled', () => {
  const REMOVING = { requestId: 'r1', since: NOON };

  async function spoiled(parts: Record<string, unknown>) {
    const { dynamo: client, now } = emulateAws();
    const store = createLeaseStore({ client, tableName: REQUEST_TABLE, now });
    await store.add(ANAS_ASSIGNMENT, 'r1');
    await store.noteStanding(ANAS_ASSIGNMENT, false);
    const { Item } = await client.send(
      new GetCommand({ TableName: REQUEST_TABLE, Key: { id: assignmentKey(ANAS_ASSIGNMENT) } }),
    );
    await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { ...Item, ...parts } }));
    return store;
  }

  it.each<[string, Record<string, unknown>]>([
    ['a number in place of the set of claims', { leases: 5 }],
    ['a list of claims', { leases: ['r1'] }],
    ['a text in place of a removal', { removing: 'x' }],
    ['a removal without a request', { leases: 5, removing: { since: NOON } }],
    ['a removal without a time', { removing: { requestId: 'r1', since: 5 } }],
    ['another person', { principalId: 'user-ben' }],
    ['no target', { target: 'x', leases: 5 }],
  ])('with %s keeps no access alive, and does not stop the sweep', async (_what, parts) => {
    const store = await spoiled(parts);
    expect((await all(store.all())).map(({ assignment }) => assignment)).toEqual([ANAS_ASSIGNMENT]);
    expect(await store.drop(ANAS_ASSIGNMENT, 'r1')).toMatchObject({ assignment: ANAS_ASSIGNMENT, leases: [] });
    const claimed = await store.beginRemoval(ANAS_ASSIGNMENT, 'r1', NOON);
    expect(claimed).toMatchObject({ assignment: ANAS_ASSIGNMENT, leases: [], removing: REMOVING });
    if (claimed === undefined) return;
    await store.noteRemoval(claimed, 'operation-1');
    await store.forget(claimed);
    expect(await store.get(ANAS_ASSIGNMENT)).toBeUndefined();
  });

  it('lets the person begin anew', async () => {
    const store = await spoiled({ leases: 5, removing: 'x' });
    expect(await store.add(ANAS_ASSIGNMENT, 'r2')).toMatchObject({ leases: ['r2'] });
  });
});

describe('an instant of absence that an attacker has written', () => {
  it.each<[string, unknown]>([
    ['that is no instant', 'soon'],
    ['that is a number', 7],
    ['that is in ten years', '2036-01-01T00:00:00.000Z'],
  ])('%s says nothing, and a later absence is still noted', async (_what, removedAt) => {
    const { dynamo: client, now } = emulateAws();
    const store = createLeaseStore({ client, tableName: REQUEST_TABLE, now });
    const id = removedId(assignmentKey(ANAS_ASSIGNMENT));
    await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { id, removedAt } }));
    expect(await store.absentAt(ANAS_ASSIGNMENT)).toBeUndefined();
    await store.noteAbsent(ANAS_ASSIGNMENT, NOON);
    expect(await store.absentAt(ANAS_ASSIGNMENT)).toBe(NOON);
  });
});
