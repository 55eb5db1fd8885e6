import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldStore } from '../../core/access/ports.ts';
import type { HeldAccess } from '../../core/model/held-access.ts';
import { endAttribute, holdAttribute, removedId, usageId } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { createHoldStore, grantedUpdate, holdUpdate } from '../../gateways/dynamodb/leases/hold-store.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { FakeHolds } from '../core/access/fake-holds.ts';
import { FakeLeaseStore } from '../core/access/fakes.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
const hold = (accessId: string, from: number, to: number) => ({ accessId, startedAt: at(from), endsAt: at(to) });
const KEY = assignmentKey(ANAS_ASSIGNMENT);

interface Stored {
  readonly store: HoldStore;
  /** Notes a hold as the grant does, in a transaction. */
  give(held: HeldAccess): Promise<unknown>;
  /** Notes the end as a removal does. */
  end(accessId: string, at: string): Promise<unknown>;
  pass(seconds: number): void;
}

function inDynamoDB(): Stored {
  const { dynamo: client, now, pass } = emulateAws();
  const store = createHoldStore({ client, tableName: REQUEST_TABLE, now });
  const give = (held: HeldAccess) =>
    client.send(
      new TransactWriteCommand({ TransactItems: [{ Update: holdUpdate(REQUEST_TABLE, ANAS_ASSIGNMENT, held) }] }),
    );
  const end = (accessId: string, instant: string) => {
    const leases = createLeaseStore({ client, tableName: REQUEST_TABLE, now: () => new Date(instant) });
    return leases.forget({
      assignment: ANAS_ASSIGNMENT,
      leases: [],
      removing: { requestId: accessId, since: instant },
    });
  };
  return { store, give, end, pass };
}

function inMemory(): Stored {
  const store = new FakeHolds();
  const leases = new FakeLeaseStore();
  store.ended = leases.ended;
  const end = (accessId: string, instant: string) => {
    leases.now = () => instant;
    return leases.forget({
      assignment: ANAS_ASSIGNMENT,
      leases: [],
      removing: { requestId: accessId, since: instant },
    });
  };
  return { store, give: (held) => store.note(ANAS_ASSIGNMENT, held), end, pass: () => undefined };
}

describe.each<[string, () => Stored]>([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamoDB],
])('the hold store %s', (_where, create) => {
  it('has no holds of a person who held nothing', async () => {
    const { store } = create();
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([]);
    expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual([]);
  });

  it('keeps each access once, with its last end, oldest first', async () => {
    const { store, give } = create();
    for (const held of [hold('r2', 60, 90), hold('r1', 0, 30), hold('r2', 60, 120)]) await give(held);
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 30), hold('r2', 60, 120)]);
  });

  it('lets a removal shorten a hold, never prolong it, and keeps what was granted', async () => {
    const { store, give, end } = create();
    for (const held of [hold('r1', 0, 30), hold('r2', 60, 120), hold('r3', 200, 260)]) await give(held);
    for (const [id, minutes] of [
      ['r1', 20],
      ['r1', 25],
      ['r3', 100],
      ['r2', 9000],
      ['r4', 9001],
    ] as const)
      await end(id, at(minutes));
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 20), hold('r2', 60, 120), hold('r3', 200, 260)]);
    const given = [hold('r1', 0, 30), hold('r2', 60, 120), hold('r3', 200, 260)];
    expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual(given);
  });
});

test('what was given by a request is read as it was written, whatever the request says', async () => {
  const { dynamo, now } = emulateAws();
  const store = createHoldStore({ client: dynamo, tableName: REQUEST_TABLE, now });
  const { requester, target, names, reason, ticket, requestedAt, origin, votes, breakGlass, ...times } =
    aRequest('active');
  const { sessionSeconds, startsAt, durationSeconds } = times;
  const granted = {
    ...{ requester, target, names, reason, ticket, requestedAt, origin, votes, breakGlass },
    ...{ path: undefined, sessionSeconds, startsAt, durationSeconds },
  };
  await dynamo.send(
    new TransactWriteCommand({ TransactItems: [{ Update: grantedUpdate(REQUEST_TABLE, 'r1', granted) }] }),
  );
  expect(await store.granted('r1')).toEqual(granted);
  expect(await store.granted('r2')).toBeUndefined();
});

test('an end that is no valid instant shortens nothing, because a comparison with it has no limit', async () => {
  const { dynamo, now } = emulateAws();
  const store = createHoldStore({ client: dynamo, tableName: REQUEST_TABLE, now });
  const Update = holdUpdate(REQUEST_TABLE, ANAS_ASSIGNMENT, hold('r1', 0, 30));
  await dynamo.send(new TransactWriteCommand({ TransactItems: [{ Update }] }));
  const Item = { id: removedId(KEY), [endAttribute('r1')]: `${at(20)} or so` };
  await dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
  expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 30)]);
});

test.each([['x'], [null], [{ startedAt: at(0), endsAt: 'for ever' }]])(
  'a hold without valid instants is ignored and hides no other: %j',
  async (held) => {
    const { dynamo, now } = emulateAws();
    const store = createHoldStore({ client: dynamo, tableName: REQUEST_TABLE, now });
    const { startedAt, endsAt } = hold('r1', 0, 30);
    const Item = { id: usageId(KEY), [holdAttribute('r0')]: held, [holdAttribute('r1')]: { startedAt, endsAt } };
    await dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual([hold('r1', 0, 30)]);
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 30)]);
  },
);

test('holds older than a day are pruned, and the last one stays for the cooldown after it', async () => {
  const { store, give, end, pass } = inDynamoDB();
  for (let n = 0; n < 25; n++) {
    await give(hold(`r${n}`, n, n + 1));
    await end(`r${n}`, at(n + 1));
  }
  pass(2 * 24 * 3600);
  await give(hold('last', 2880, 2940));
  await end('last', at(2900));
  await store.prune(ANAS_ASSIGNMENT, (await store.given([ANAS_ASSIGNMENT])).get(KEY) ?? []);
  expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual([hold('last', 2880, 2940)]);
  expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('last', 2880, 2900)]);
});

test('a hold stays as long as votes on its request count, so that the request is not granted a second time', async () => {
  const { store, give, pass } = inDynamoDB();
  for (let n = 0; n < 30; n++) await give({ ...hold(`r${n}`, n, n + 1), votesUntil: at(3 * 1440) });
  // A request that joins the access moves its end.
  await give(hold('r0', 0, 2));
  const given = async () => (await store.given([ANAS_ASSIGNMENT])).get(KEY) ?? [];
  const prune = async () => store.prune(ANAS_ASSIGNMENT, await given());
  pass(2 * 24 * 3600);
  await give(hold('last', 2880, 2940));
  await prune();
  expect((await given()).map(({ accessId }) => accessId)).toContain('r0');
  expect(await given()).toHaveLength(31);
  pass(2.5 * 24 * 3600);
  await prune();
  expect(await given()).toEqual([hold('last', 2880, 2940)]);
});
