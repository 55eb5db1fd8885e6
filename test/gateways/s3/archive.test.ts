import { S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { historyOf } from '../../../core/audit/new-events.ts';
import { createArchive } from '../../../gateways/s3/archive.ts';
import { archiveKey, archiveTime } from '../../../gateways/s3/archive-key.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { anEvent, stored } from '../../core/audit/stored.ts';
import { type Harness, startHarness } from '../../sandbox/aws/harness.ts';

const BUCKET = 'glasshammer-archive';
const events = historyOf(stored([anEvent('requested'), anEvent('approved'), anEvent('granted', 1)]));

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const archive = (bucket = BUCKET) => createArchive({ client: new S3Client(harness.inProcess()), bucket, sha256 });
const objects = () => ({ ...harness.world.buckets[BUCKET] });

test('each event is one line under a key with day, time, request and position', async () => {
  expect(await archive().take(events)).toEqual({ taken: 3, added: 3 });
  expect(Object.keys(objects())).toEqual([
    'events/day=2026-01-05/20260105T120000000Z-r1.0000.jsonl',
    'events/day=2026-01-05/20260105T120000000Z-r1.0001.jsonl',
    'events/day=2026-01-05/20260105T120100000Z-r1.0002.jsonl',
  ]);
  const lines = Object.values(objects()).map(({ body }) => body.toString('utf8'));
  expect(lines).toEqual(events.map((event) => `${JSON.stringify(event)}\n`));
});

test('an object that exists is never overwritten, and counts as taken', async () => {
  await archive().take(events.slice(0, 2));
  const before = { ...objects() };
  const changed = events.map((event) => ({ ...event, note: 'another' }));
  expect(await archive().take(changed)).toEqual({ taken: 3, added: 1 });
  for (const [key, object] of Object.entries(before)) expect(objects()[key]).toBe(object);
});

test('an event that cannot be written stops those after it, and a lost answer does no harm', async () => {
  harness.faults.add({ operation: 's3:PutObject', error: 'ServiceUnavailable', when: 'after' });
  const first = await archive().take(events);
  expect(first).toMatchObject({ taken: 0, added: 0, error: { name: 'ServiceUnavailable' } });
  expect(Object.keys(objects())).toHaveLength(1);
  expect(await archive().take(events)).toEqual({ taken: 3, added: 2 });
  expect(await archive('no-such-bucket').take(events)).toMatchObject({ taken: 0, error: { name: 'NoSuchBucket' } });
});

test('an id that is too long for a key is replaced by its beginning and its hash; every other key stays the same', () => {
  const at = '2026-01-05T12:00:00.000Z';
  const key = (id: string) => archiveKey({ id, at }, sha256);
  const frame = 'events/day=2026-01-05/20260105T120000000Z-.0000.jsonl'.length;
  const most = 'x'.repeat(1024 - frame);
  expect(key(`${most}#0`)).toBe(`events/day=2026-01-05/20260105T120000000Z-${most}.0000.jsonl`);
  for (const id of [`${most}x#0`, `${most}x#1`, `${'é'.repeat(400)}x`, `a#${'9'.repeat(1100)}`, '#'.repeat(2048)]) {
    expect(key(id)).toMatch(
      new RegExp(`^events/day=2026-01-05/20260105T120000000Z-[A-Za-z0-9=-]{1,200}=sha256=${sha256(id)}\\.jsonl$`),
    );
    expect(archiveTime(key(id))).toBe(at);
  }
});

test('different events never share a key, whatever their ids contain', () => {
  const id = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'A', '#', '=', '.', '-', '0', '/', ':', 'é'), minLength: 1, maxLength: 6 }),
    fc
      .tuple(fc.constantFrom('a', 'a#1', 'a=23', 'a.0001'), fc.nat(12_000))
      .map(([owner, index]) => `${owner}#${index}`),
    fc.tuple(fc.constantFrom('x', 'é'), fc.integer({ min: 150, max: 1_000 })).map(([one, count]) => one.repeat(count)),
  );
  const at = fc.constantFrom('2026-01-05T12:00:00.000Z', '2026-01-05T12:00:00.001Z');
  const event = fc.record({ id, at });
  const twins = fc
    .tuple(fc.constantFrom('a#0', 'a#00', 'a.0000', 'a=230'), at)
    .map(([one, when]) => ({ id: one, at: when }));
  void fc.assert(
    fc.property(fc.oneof(event, twins), fc.oneof(event, twins), (a, b) => {
      fc.pre(a.id !== b.id || a.at !== b.at);
      expect(archiveKey(a, sha256)).not.toBe(archiveKey(b, sha256));
      expect(archiveKey(a, sha256)).toMatch(/^events\/day=2026-01-05\/[0-9TZ]+-[A-Za-z0-9=.-]+\.jsonl$/);
    }),
    { numRuns: 2000 },
  );
});
