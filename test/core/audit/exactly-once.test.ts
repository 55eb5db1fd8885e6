import { S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { deliverChanges } from '../../../core/audit/deliver-changes.ts';
import type { AuditTarget } from '../../../core/audit/ports.ts';
import { replayEvents } from '../../../core/audit/replay-events.ts';
import type { StoredChange, StoredItem } from '../../../core/audit/stored-item.ts';
import { createArchive } from '../../../gateways/s3/archive.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { type Harness, startHarness } from '../../sandbox/aws/harness.ts';
import { anEvent, change, stored } from './stored.ts';

const BUCKET = 'glasshammer-archive';

/** Writes to requests `a`, `b`, `c`: each adds that many events to one of them, or else changes another field of it. */
const writes = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), adds: fc.integer({ min: 0, max: 3 }) }), {
  minLength: 1,
  maxLength: 25,
});

/** What happens to the stream's reader in one round. */
const round = fc.record({
  batch: fc.integer({ min: 1, max: 8 }),
  /** The reader starts that many records before its checkpoint. */
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) }),
  /** The function dies after its work, so that Lambda does not move the checkpoint. */
  dies: fc.boolean(),
  fault: fc.option(
    fc.record({
      error: fc.constantFrom('ServiceUnavailable', 'SlowDown', 'Timeout'),
      when: fc.constantFrom('before', 'after'),
    }),
    { nil: undefined },
  ),
  replays: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** The stream of these writes, and the table's items after them. */
function play(plan: readonly { readonly id: string; readonly adds: number }[]) {
  const items = new Map<string, StoredItem>();
  const changes: StoredChange[] = plan.map(({ id, adds }, at) => {
    const before = items.get(id);
    const old = (before?.events ?? []) as StoredItem[];
    // Two events of one write have the same instant, and the clocks of writers differ by half a minute.
    const added = Array.from({ length: adds }, (_, n) =>
      anEvent(`${id}${old.length + n}`, at % 2 === 0 ? at : at - 0.5),
    );
    const after = stored([...old, ...added], { id, touched: String(at) });
    items.set(id, after);
    return change(before, after);
  });
  return { changes, items: [...items.values()] };
}

const SCAN = (items: readonly StoredItem[]) => ({
  async *items() {
    yield* items;
  },
});
const EVER = { from: '0', to: '9' };

let harness: Harness;
let target: AuditTarget;
beforeAll(async () => {
  harness = await startHarness();
  target = createArchive({ client: new S3Client(harness.inProcess()), bucket: BUCKET, sha256 });
});
afterAll(() => harness.close());

/** Lambda's reader of a stream: hands over batches of changing size from its checkpoint until everything is handled. */
async function read(
  changes: readonly StoredChange[],
  target: AuditTarget,
  rounds: readonly (typeof round extends fc.Arbitrary<infer R> ? R : never)[],
  replay: () => Promise<unknown>,
): Promise<void> {
  let checkpoint = 0;
  const calm = { batch: 7, back: 0, dies: false, fault: undefined, replays: false };
  for (let turn = 0; checkpoint < changes.length; turn++) {
    const { batch, back, dies, fault, replays } = rounds[turn] ?? calm;
    const from = Math.max(0, checkpoint - back);
    const handed = changes.slice(from, from + batch);
    harness.faults.clear();
    if (fault !== undefined) harness.faults.add({ operation: 's3:PutObject', ...fault });
    if (replays) await replay().catch(() => undefined);
    const { failed } = await deliverChanges(handed, target);
    const done = failed === undefined ? handed.length : handed.indexOf(failed.change);
    checkpoint = dies ? from : from + done;
  }
}

test('however batches are cut, repeated, lost or replayed, every event is archived once and nothing else is', async () => {
  await fc.assert(
    fc.asyncProperty(writes, fc.array(round, { maxLength: 20 }), async (plan, rounds) => {
      harness.world.buckets[BUCKET] = {};
      const { changes, items } = play(plan);
      await read(changes, target, rounds, () => replayEvents(EVER, { history: SCAN(items), target }));

      const lines = Object.values({ ...harness.world.buckets[BUCKET] }).map(
        ({ body }) => JSON.parse(body.toString('utf8')) as AuditEvent,
      );
      for (const item of items) {
        const expected = (item.events as StoredItem[]).map(({ type }, index) => [`${String(item.id)}#${index}`, type]);
        const archived = lines
          .filter(({ requestId }) => requestId === item.id)
          .sort((a, b) => Number(a.id.split('#')[1]) - Number(b.id.split('#')[1]));
        expect(archived.map(({ id, type }) => [id, type])).toEqual(expected);
      }
      expect(lines).toHaveLength(items.reduce((sum, item) => sum + (item.events as StoredItem[]).length, 0));
    }),
    { numRuns: 60 },
  );
});

test('while one event cannot be archived, no later one is archived before it', async () => {
  harness.world.buckets[BUCKET] = {};
  harness.faults.clear();
  const { changes } = play([
    { id: 'a', adds: 2 },
    { id: 'b', adds: 1 },
    { id: 'a', adds: 1 },
  ]);
  await deliverChanges(changes.slice(0, 1), target);
  harness.faults.add({ operation: 's3:PutObject', error: 'SlowDown', times: 'forever' });
  const { delivered, failed } = await deliverChanges(changes.slice(1), target);
  expect(delivered).toEqual([]);
  expect(failed).toMatchObject({ event: { id: 'b#0' }, change: { sequenceNumber: changes[1]?.sequenceNumber } });
  expect(Object.keys({ ...harness.world.buckets[BUCKET] })).toHaveLength(2);
});

test('a replay adds the events missing in its range, counts them, and fails at one that it cannot write', async () => {
  harness.world.buckets[BUCKET] = {};
  harness.faults.clear();
  const history = SCAN([stored([anEvent('requested'), anEvent('granted', 5), anEvent('ended', 60)]), { id: 'lease' }]);
  const range = { from: '2026-01-05T12:00:00.000Z', to: '2026-01-05T13:00:00.000Z' };
  expect(await replayEvents(range, { history, target })).toEqual({ events: 2, added: 2 });
  expect(await replayEvents(range, { history, target })).toEqual({ events: 2, added: 0 });
  expect(await replayEvents(EVER, { history, target })).toEqual({ events: 3, added: 1 });
  harness.faults.add({ operation: 's3:PutObject', error: 'SlowDown' });
  await expect(replayEvents(EVER, { history, target })).rejects.toMatchObject({ name: 'SlowDown' });
});
