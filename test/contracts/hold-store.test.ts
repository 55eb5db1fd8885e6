import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldStore } from '../../core/access/ports.ts';
import type { HeldAccess } from '../../core/model/held-access.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { createHoldStore, holdUpdate } from '../../gateways/dynamodb/leases/hold-store.ts';
import { FakeHolds } from '../core/access/fake-holds.ts';
import { ANAS_ASSIGNMENT, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
const hold = (accessId: string, from: number, to: number) => ({ accessId, startedAt: at(from), endsAt: at(to) });
const KEY = assignmentKey(ANAS_ASSIGNMENT);

interface Stored {
  readonly store: HoldStore;
  /** As the grant does, in a transaction. */
  give(held: HeldAccess): Promise<unknown>;
  pass(seconds: number): void;
}

function inDynamoDB(): Stored {
  const { dynamo: client, now, pass } = emulateAws();
  const store = createHoldStore({ client, tableName: REQUEST_TABLE, now });
  const give = (held: HeldAccess) =>
    client.send(
      new TransactWriteCommand({ TransactItems: [{ Update: holdUpdate(REQUEST_TABLE, ANAS_ASSIGNMENT, held) }] }),
    );
  return { store, give, pass };
}

function inMemory(): Stored {
  const store = new FakeHolds();
  return { store, give: (held) => store.note(ANAS_ASSIGNMENT, held), pass: () => undefined };
}

describe.each<[string, () => Stored]>([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamoDB],
])('the hold store %s', (_where, create) => {
  it('knows nothing of who held nothing', async () => {
    const { store } = create();
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([]);
    expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual([]);
  });

  it('keeps each access once, with its last end, oldest first', async () => {
    const { store, give } = create();
    for (const held of [hold('r2', 60, 90), hold('r1', 0, 30), hold('r2', 60, 120)]) await give(held);
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 30), hold('r2', 60, 120)]);
  });

  it('lets whoever notes an end make what was given count shorter, and never longer, and forgets not what was given', async () => {
    const { store, give } = create();
    for (const held of [hold('r1', 0, 30), hold('r2', 60, 120), hold('r3', 200, 260)]) await give(held);
    for (const held of [hold('r1', 0, 20), hold('r2', 60, 9000), hold('r3', 0, 100), hold('r4', 0, 9000)])
      await store.noteEnd(ANAS_ASSIGNMENT, held);
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 20), hold('r2', 60, 120), hold('r3', 200, 260)]);
    const given = [hold('r1', 0, 30), hold('r2', 60, 120), hold('r3', 200, 260)];
    expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual(given);
  });
});

test('an end that is no instant shortens nothing: it would be compared with no limit', async () => {
  const { store, give } = inDynamoDB();
  await give(hold('r1', 0, 30));
  await store.noteEnd(ANAS_ASSIGNMENT, { ...hold('r1', 0, 20), endsAt: `${hold('r1', 0, 20).endsAt} or so` });
  expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('r1', 0, 30)]);
});

test('what is older than a day goes in time, and the last stays for the pause after it', async () => {
  const { store, give, pass } = inDynamoDB();
  for (let n = 0; n < 25; n++) {
    await give(hold(`r${n}`, n, n + 1));
    await store.noteEnd(ANAS_ASSIGNMENT, hold(`r${n}`, n, n + 1));
  }
  pass(2 * 24 * 3600);
  await give(hold('last', 2880, 2940));
  await store.noteEnd(ANAS_ASSIGNMENT, hold('last', 2880, 2900));
  await store.prune(ANAS_ASSIGNMENT, (await store.given([ANAS_ASSIGNMENT])).get(KEY) ?? []);
  expect((await store.given([ANAS_ASSIGNMENT])).get(KEY)).toEqual([hold('last', 2880, 2940)]);
  expect(await store.of(ANAS_ASSIGNMENT)).toEqual([hold('last', 2880, 2900)]);
});

test('that a request has had its turn is remembered as long as the votes on it count, whatever its access joined or became', async () => {
  const { store, give, pass } = inDynamoDB();
  for (let n = 0; n < 30; n++) await give({ ...hold(`r${n}`, n, n + 1), votesUntil: at(3 * 1440) });
  // Its end is moved by whoever joins it.
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
