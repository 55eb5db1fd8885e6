import type { HoldStore } from '../../core/access/ports.ts';
import { createHoldStore } from '../../gateways/dynamodb/leases/hold-store.ts';
import { FakeHolds } from '../core/access/fake-holds.ts';
import { ANAS_ASSIGNMENT, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();

describe.each<[string, () => HoldStore]>([
  ['in memory', () => new FakeHolds()],
  [
    'in DynamoDB',
    () => {
      const { dynamo: client, now } = emulateAws();
      return createHoldStore({ client, tableName: REQUEST_TABLE, now });
    },
  ],
])('the hold store %s', (_where, create) => {
  it('knows nothing of who held nothing', async () => {
    expect(await create().of(ANAS_ASSIGNMENT)).toEqual([]);
  });

  it('keeps each access once, with its last end, oldest first', async () => {
    const store = create();
    await store.note(ANAS_ASSIGNMENT, { accessId: 'r2', startedAt: at(60), endsAt: at(90) });
    await store.note(ANAS_ASSIGNMENT, { accessId: 'r1', startedAt: at(0), endsAt: at(30) });
    await store.note(ANAS_ASSIGNMENT, { accessId: 'r2', startedAt: at(60), endsAt: at(120) });
    expect(await store.of(ANAS_ASSIGNMENT)).toEqual([
      { accessId: 'r1', startedAt: at(0), endsAt: at(30) },
      { accessId: 'r2', startedAt: at(60), endsAt: at(120) },
    ]);
  });
});

test('what is older than a day goes in time, and the last stays for the pause after it', async () => {
  const { dynamo: client, now, pass } = emulateAws();
  const store = createHoldStore({ client, tableName: REQUEST_TABLE, now });
  for (let n = 0; n < 25; n++)
    await store.note(ANAS_ASSIGNMENT, { accessId: `r${n}`, startedAt: at(n), endsAt: at(n + 1) });
  pass(2 * 24 * 3600);
  await store.note(ANAS_ASSIGNMENT, { accessId: 'last', startedAt: at(2880), endsAt: at(2940) });
  expect((await store.of(ANAS_ASSIGNMENT)).map(({ accessId }) => accessId)).toEqual(['last']);
});
