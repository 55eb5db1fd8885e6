import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import * as z from 'zod';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { deliverChanges } from '../../../core/audit/deliver-changes.ts';
import { newEvents } from '../../../core/audit/new-events.ts';
import type { AuditTarget } from '../../../core/audit/ports.ts';
import { readChanges } from '../../../gateways/dynamodb/stream-changes.ts';
import { createEventBus } from '../../../gateways/event-bus.ts';
import { createArchive } from '../../../gateways/s3/archive.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { type Harness, startHarness } from '../../sandbox/aws/harness.ts';
import { type AnyItem, anyItem } from '../../scenarios/support/any-item.ts';

const BUCKET = 'glasshammer-archive';

const documentation = readFileSync(resolve(import.meta.dirname, '../../../docs/audit.md'), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(/```json\n(\{[\s\S]*?\n\})\n```/.exec(documentation)?.[1] ?? ''));

let harness: Harness;
let targets: Record<'bus' | 'archive', AuditTarget>;
beforeAll(async () => {
  harness = await startHarness();
  targets = {
    bus: createEventBus({ client: new EventBridgeClient(harness.inProcess()), busName: 'glasshammer' }),
    archive: createArchive({ client: new S3Client(harness.inProcess()), bucket: BUCKET, sha256 }),
  };
});
afterAll(() => harness.close());

/** Texts up to nearly the size of an item. A control character is one byte in DynamoDB and six in JSON. */
const LONG = ['x', '\u0001', '"', 'é', '💥'].flatMap((character) =>
  [129, 402, 9_999, 70_000].map((count) => character.repeat(count)),
);
const ODD = ['', ' ', '\u0000', '2026-13-45T99:99:99Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'];
const VALUES: readonly Record<string, unknown>[] = [
  ...[...LONG, ...ODD].map((S) => ({ S })),
  // Fields by which JavaScript converts an object into a string or a number.
  { M: { toString: { S: 'x' } } },
  { M: { valueOf: { NULL: true } } },
  // Numbers that a JavaScript number cannot hold as they are.
  { N: '9.9e125' },
  { N: '9223372036854775808' },
  { N: '-1e-130' },
];

const SOUND: AnyItem = {
  id: { S: 'req-sound' },
  state: { S: 'requested' },
  events: { L: [{ M: { type: { S: 'requested' }, at: { S: '2026-01-05T12:00:00.000Z' }, by: { S: 'user-ana' } } }] },
};

/** Fields of an item whose text gets into an audit event. */
const PLACES: readonly ((value: Record<string, unknown>) => AnyItem)[] = [
  ...['type', 'at', 'by', 'byName', 'state', 'note', 'startsAt', 'durationSeconds'].map(
    (field) => (value: Record<string, unknown>) => ({ events: { L: [{ M: { by: { S: 'x' }, [field]: value } }] } }),
  ),
  (value) => ({ events: { L: [{ M: { policy: { M: { record: value, hash: value, text: value } } } }] } }),
  (value) => ({ events: { L: [{ M: { approvers: { L: Array.from({ length: 3 }, () => value) } } }] } }),
  ...['state', 'reason', 'ticket', 'path', 'sessionSeconds', 'breakGlass'].map(
    (field) => (value: Record<string, unknown>) => ({ [field]: value }),
  ),
  (value) => ({ requester: { M: { principalId: value, userName: value } } }),
  (value) => ({ target: { M: { groupId: value } } }),
  (value) => ({ names: { M: { accountName: value } }, origin: { M: { kind: value } } }),
  // Facts, which belong to no request.
  ...['type', 'at', 'by', 'note', 'before'].map((field) => (value: Record<string, unknown>) => ({
    id: { S: 'audit#x' },
    [field]: value,
  })),
  (value) => ({ id: { S: 'changed#x' }, ids: { L: Array.from({ length: 30 }, () => value) } }),
];

/** Ids up to the 2,048 bytes that DynamoDB accepts. */
const longId = fc
  .tuple(fc.constantFrom('req-', 'audit#', 'assignment#'), fc.constantFrom('é', '"', 'x', '#9'), fc.nat(1000))
  .map(([prefix, character, count]) => ({ id: { S: `${prefix}${character.repeat(count)}` } }));

const many = fc
  .constantFrom(99, 100, 101, 3_000, 90_000)
  .map((count) => ({ events: { L: Array.from({ length: count }, () => ({ M: {} })) } }));

const poison = fc.oneof(
  { weight: 3, arbitrary: anyItem },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...PLACES), fc.constantFrom(...VALUES), fc.option(longId, { nil: {} }))
      .map(([place, what, id]) => ({ ...SOUND, id: { S: 'req-x' }, ...id, ...place(what) })),
  },
  { weight: 1, arbitrary: fc.tuple(many, longId).map(([events, id]) => ({ ...SOUND, ...events, ...id })) },
);

/** The table's stream for these writes, one after another. */
function stream(...images: readonly [OldImage: AnyItem | undefined, NewImage: AnyItem | undefined][]) {
  const records = images.map(([OldImage, NewImage], at) => ({
    dynamodb: {
      SequenceNumber: `10000000000000000000${at}`,
      ApproximateCreationDateTime: 1_767_614_400,
      OldImage,
      NewImage,
    },
  }));
  // Lambda hands the records over as JSON.
  return readChanges(JSON.parse(JSON.stringify({ Records: records })));
}

/** Delivers a batch to both targets, and checks that each has exactly the expected events. @returns how many events */
async function handOver(changes: ReturnType<typeof stream>): Promise<number> {
  const writes = changes.map((change) => newEvents(change));
  const expected = writes.flat();
  for (const event of expected) {
    expect([event.id, schema.safeParse(event).error]).toEqual([event.id, undefined]);
    expect([event.id, event.type.length <= 128, Number.isNaN(Date.parse(event.at))]).toEqual([event.id, true, false]);
  }
  expect(Math.max(...writes.map(({ length }) => length))).toBeLessThan(104);
  harness.world.buckets[BUCKET] = {};
  harness.world.events.length = 0;
  for (const target of Object.values(targets)) expect((await deliverChanges(changes, target)).failed).toBeUndefined();

  const archived = Object.values(harness.world.buckets[BUCKET]).map(({ body }) => JSON.parse(body.toString('utf8')));
  const byId = (events: readonly object[]) => new Map(events.map((event) => [(event as AuditEvent).id, event]));
  expect(byId(archived)).toEqual(byId(expected.map((event) => JSON.parse(JSON.stringify(event)))));
  const told = harness.world.events.map(({ detail }) => detail as unknown as AuditEvent);
  expect(told.map(({ id, type }) => [id, type])).toEqual(expected.map(({ id, type }) => [id, type]));
  return expected.length;
}

test.each(PLACES.map((place) => [JSON.stringify(place({ S: '…' })), place] as const))(
  'any value in this field reaches the audit, and so does the item after it: %s',
  async (_where, place) => {
    const items = VALUES.map((value): AnyItem => ({ ...SOUND, id: { S: 'req-x' }, ...place(value) }));
    const apart = items.map((item, at) => ({ ...item, id: { S: `${item.id?.S}-${at}` } }));
    for (let from = 0; from < apart.length; from += 5) {
      const some = apart.slice(from, from + 5).map((item): [undefined, AnyItem] => [undefined, item]);
      expect(await handOver(stream(...some, [undefined, SOUND]))).toBeGreaterThan(some.length);
    }
  },
);

test('any item that DynamoDB accepts, new or edited, is delivered at the first try, and so is the item after it', async () => {
  await fc.assert(
    fc.asyncProperty(poison, fc.option(poison, { nil: undefined }), async (item, edited) => {
      const after = edited && { ...edited, id: item.id as never };
      await handOver(stream([undefined, item], [item, after], [undefined, SOUND]));
      expect(harness.world.events.at(-1)?.detail.id).toBe('req-sound#0');
    }),
    { numRuns: 100 },
  );
});
