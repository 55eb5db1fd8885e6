import { isDeepStrictEqual } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { historyOf, newEvents } from '../../../core/audit/new-events.ts';
import type { StoredItem } from '../../../core/audit/stored-item.ts';
import { verifyArchive } from '../../../core/audit/verify-archive.ts';
import { compareText } from '../../../core/model/text.ts';
import { createArchive } from '../../../gateways/s3/archive.ts';
import { archiveKey, archiveTime } from '../../../gateways/s3/archive-key.ts';
import { createArchiveReader } from '../../../gateways/s3/archive-reader.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import type { StoredObject } from '../../../sandbox/aws/world/world.ts';
import { anEvent, change, stored } from '../../core/audit/stored.ts';
import { type Harness, startHarness } from '../../sandbox/aws/harness.ts';

const BUCKET = 'glasshammer-archive';
const RANGE = { from: '2026-01-05T00:00:00.000Z', to: '2026-01-07T00:00:00.000Z' };
const ITEM = stored([anEvent('requested'), anEvent('approved'), anEvent('granted', 1), anEvent('ended', 24 * 60)]);
const [requested, approved, granted, ended] = historyOf(ITEM);
const keyOf = (event: typeof requested) => archiveKey(event ?? { id: '', at: '' }, sha256);

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
  await createArchive({ client: client(), bucket: BUCKET, sha256 }).take(historyOf(ITEM));
});
afterEach(() => harness.close());

const client = () => new S3Client(harness.inProcess());
const objects = () => harness.world.buckets[BUCKET] ?? {};
const put = (Key: string, Body: string) => client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

const place = (key: string) => Number(key.slice(-4));
const anObject = () => objects()[keyOf(requested)] as StoredObject;

async function faults(items: readonly StoredItem[] = [ITEM], range = RANGE) {
  return (await verified(items, range)).faults.map(({ fault, key }) => [fault, key]);
}

async function verified(items: readonly StoredItem[] = [ITEM], range = RANGE) {
  const history = {
    async *items() {
      yield* items;
    },
  };
  const archive = createArchiveReader({ client: client(), bucket: BUCKET, sha256 });
  return verifyArchive(range, { history, archive });
}

test('an archive that holds what happened has no faults, even if the request learnt its path later', async () => {
  expect(await faults()).toEqual([]);
  expect(await faults([{ ...ITEM, path: 'leads-production', breakGlass: true }])).toEqual([]);
});

test('an object that is missing, altered or overwritten is reported as what it is', async () => {
  delete objects()[keyOf(requested)];
  const before = JSON.parse(String(objects()[keyOf(approved)]?.body));
  delete objects()[keyOf(approved)];
  await put(keyOf(approved), JSON.stringify({ ...before, by: 'user-mallory' }));
  await put(keyOf(granted), JSON.stringify(granted));
  delete objects()[keyOf(ended)];
  await put(keyOf(ended), 'no JSON');
  expect(await faults()).toEqual([
    ['missing', keyOf(requested)],
    ['altered', keyOf(approved)],
    ['shadowed', keyOf(granted)],
    ['altered', keyOf(ended)],
  ]);
});

/**
 * Events that only the stream can tell: freezes by hand, edits of a request and a lease, a changed or deleted history.
 */
function streamEvents(): AuditEvent[] {
  const freeze = { id: 'control#freeze', by: 'cleo', reason: 'an incident' };
  const lease = { id: 'assignment#ana#1#set', leases: new Set(['r1']), standing: true };
  const fact = { id: 'audit#thaw-1', type: 'thawed', at: '2026-01-05T10:00:00.000Z', by: 'cleo' };
  return [
    change(undefined, freeze),
    change(undefined, { id: 'control#freeze' }),
    change(freeze, undefined),
    change(ITEM, { ...ITEM, reason: 'other' }),
    change(lease, { ...lease, standing: false }),
    change(ITEM, { ...ITEM, events: [anEvent('requested', 1)] }),
    change(ITEM, undefined),
    change(fact, undefined),
  ].flatMap((write) => newEvents(write).filter(({ at }) => at === write.at));
}

test('an event that the table lacks is reported, and one that only the stream can tell is reported as not provable', async () => {
  const at = '2026-01-05T13:00:00.000Z';
  const invented = { id: 'r9#0', at, type: 'granted' };
  await put(archiveKey(invented, sha256), JSON.stringify(invented));
  const alone = streamEvents();
  expect(alone.map(({ type }) => type).sort(compareText)).toEqual([
    ...['frozen', 'frozen', 'history-removed', 'history-removed', 'history-rewritten', 'silent-edit', 'silent-edit'],
    'thawed',
  ]);
  for (const event of alone) await put(archiveKey(event, sha256), JSON.stringify(event));
  expect(await faults()).toEqual([['unexplained', archiveKey(invented, sha256)]]);
  expect((await verified()).notProvable).toEqual(alone.map((event) => archiveKey(event, sha256)).sort(compareText));
  expect(await faults([])).toHaveLength(5);
});

test('a forged event does not pass for one that only the stream can tell', async () => {
  const note = 'approve, as user-bob asked';
  const vote = { id: 'control#freeze#1', type: 'vote', by: 'user-cleo', requestId: 'req-1', note };
  const more = [
    { state: 'approved' },
    { requestId: 'req-1' },
    { requester: { principalId: 'user-ana', slackId: '', userName: 'ana', displayName: 'Ana' } },
    { approvers: ['user-cleo'] },
    { policy: { record: 'x', hash: 'y', version: '1' } },
    { note },
    { by: 7 },
    { type: 'vote' },
    { type: 'granted' },
    { subjects: ['req-1'] },
    { byName: 'cleo' },
    { version: 2 },
    { id: 'req-1#0' },
  ];
  const forged = streamEvents().flatMap((event) =>
    more.map((forgery) => ({ ...event, ...forgery })).filter((forgery) => !isDeepStrictEqual(forgery, event)),
  );
  const at = '2026-01-05T13:00:00.000Z';
  for (const [index, forgery] of [{ version: 1, at, ...vote }, ...forged].entries()) {
    // Each forgery has an instant of its own, and so a key of its own.
    const planted = { ...forgery, at: new Date(Date.parse(at) + index).toISOString() };
    await put(archiveKey(planted, sha256), JSON.stringify(planted));
  }
  const said = Object.values(objects()).map(({ body }) => JSON.parse(String(body)));
  const passed = new Set((await verified()).notProvable);
  expect(said.filter((event) => passed.has(archiveKey(event, sha256)))).toEqual([]);
  expect(await faults()).toHaveLength(forged.length + 1);
});

test('an object under a key that no event has is reported, because queries of the archive would read it as an event', async () => {
  const at = '2026-01-05T13:00:00.000Z';
  const planted = (type: string) => JSON.stringify({ id: 'r9#0', at, type });
  const keys = [
    'events/day=2026-01-05/20260105T990000000Z-r9.0000.jsonl',
    'events/day=2026-01-05/20300101T000000000Z-r9.0000.jsonl',
    'events/day=2026-01-05/below/20260105T130000000Z-r9.0000.jsonl',
    'events/day=2026-01-05/zzz.jsonl',
  ];
  for (const key of keys) await put(key, planted('granted'));
  // An event that only the stream can tell must also be under its own key.
  const elsewhere = 'events/day=2026-01-06/20260106T130000000Z-r9.0000.jsonl';
  await put(elsewhere, JSON.stringify(streamEvents()[0]));
  expect(await faults()).toEqual([...keys, elsewhere].map((key) => ['unexplained', key]));
  expect(await faults([ITEM], { from: '2026-01-05T20:00:00.000Z', to: RANGE.to })).toEqual(
    [...keys, elsewhere].map((key) => ['unexplained', key]),
  );
});

test('only objects in the range are checked, to the millisecond', async () => {
  for (const key of Object.keys(objects())) delete objects()[key];
  expect(await faults([ITEM], { ...RANGE, to: granted?.at ?? '' })).toHaveLength(2);
  await put(keyOf(ended), 'no JSON');
  expect(await faults([], { ...RANGE, to: ended?.at ?? '' })).toEqual([]);
});

test('a range of years is listed by the objects in it, not day by day', async () => {
  const far = { id: 'r9#0', at: '2035-12-31T23:59:59.999Z', type: 'granted' };
  await put(archiveKey(far, sha256), JSON.stringify(far));
  const listed = () => harness.calls.snapshot()['s3:ListObjectVersions'] ?? 0;
  const before = listed();
  expect(await faults([ITEM], { from: '2020-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' })).toEqual([
    ['unexplained', archiveKey(far, sha256)],
  ]);
  expect(listed() - before).toBe(1);
});

test('objects on several pages are reported once each, even with versions on two pages, and no others', async () => {
  const planted = Array.from({ length: 1100 }, (_, place) => `events/day=2026-01-06/${String(place).padStart(4, '0')}`);
  for (const key of planted) objects()[key] = { ...anObject(), older: place(key) % 3 };
  for (const day of ['04', '05x', '07']) objects()[`events/day=2026-01-${day}/stray`] = anObject();
  const told = await faults();
  expect(told.map(([, key]) => key)).toEqual(planted);
  expect(told.map(([fault]) => fault)).toEqual(planted.map((key) => (place(key) % 3 ? 'shadowed' : 'unexplained')));
});

test('the key of an event says when it happened, to whatever precision is known', () => {
  for (const at of ['2026-01-05T09:00:00.000Z', '2026-01-05T09:00:00Z', '2026-01-05T09:00:00.123456Z'])
    expect(archiveTime(archiveKey({ id: 'r-1#3', at }, sha256))).toBe(at);
});
