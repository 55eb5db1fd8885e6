import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ListedCall } from '../../../../core/activity/classify/listed-call.ts';
import { MalformedItemError } from '../../../../core/model/errors.ts';
import { reportCallsId, reportId } from '../../../../core/model/stored-ids.ts';
import { createReportStore } from '../../../../gateways/dynamodb/reports/report-store.ts';
import { aRecord } from '../../../core/activity/records.ts';
import { listed } from '../../../core/activity/report/listed.ts';
import { storedReport } from '../../../core/activity/stored-reports.ts';
import { type Harness, startHarness } from '../../../sandbox/aws/harness.ts';

let harness: Harness;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  const table = {
    TableName: 'requests',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  };
  harness = await startHarness({}, { tables: [table] });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(harness.inProcess()));
});

afterAll(() => harness.close());

const LISTED = listed({ id: 'e', what: '' });

let serial = 0;

function freshReport() {
  serial += 1;
  return {
    ...storedReport([aRecord(), aRecord({ errorCode: 'AccessDenied' })]),
    requestId: `request-${serial}`,
    version: 0,
  };
}

const store = () => createReportStore({ client, tableName: 'requests' });

describe('stored reports', () => {
  test('a report is read as it was stored', async () => {
    const report = freshReport();
    expect(await store().get(report.requestId)).toBeUndefined();
    expect(await store().create(report)).toBe(true);
    expect(await store().get(report.requestId)).toEqual(report);
  });

  test('creating a report again does not throw away what was read', async () => {
    const report = freshReport();
    await store().create(report);
    await store().save({ ...report, digest: { ...report.digest, malformed: 7 } });
    expect(await store().create(report)).toBe(false);
    expect((await store().get(report.requestId))?.digest.malformed).toBe(7);
  });

  test('the calls of each round are returned in the order in which they were read, however many there are', async () => {
    const report = freshReport();
    await store().create(report);
    const calls = (round: number, count: number) =>
      Array.from(
        { length: count },
        (_, at): ListedCall => ({ ...LISTED, id: `${round}-${at}`, what: 'x'.repeat(100) }),
      );
    const first = { ...report, reading: { ...report.reading, listed: { counts: { write: 900 }, parts: 0 } } };
    expect(await store().save(first, calls(1, 900))).toBe(true);
    const then = await store().get(report.requestId);
    if (then === undefined) throw new Error('the report is gone');
    expect(then.reading.listed?.parts).toBeGreaterThan(1);
    expect(await store().save(then, calls(2, 3))).toBe(true);
    // A round that lost a race with another adds nothing.
    expect(await store().save(then, calls(3, 5))).toBe(false);
    const whole = await store().get(report.requestId);
    if (whole === undefined) throw new Error('the report is gone');
    const listed = await store().calls(whole);
    expect(listed.map(({ id }) => id)).toEqual([...calls(1, 900), ...calls(2, 3)].map(({ id }) => id));
  });

  test('calls with characters of three bytes fit into items', async () => {
    const report = freshReport();
    await store().create(report);
    const calls = Array.from(
      { length: 300 },
      (_, at): ListedCall => ({ ...LISTED, id: `${at}`, what: '鍵'.repeat(1000) }),
    );
    const full = { ...report, reading: { ...report.reading, listed: { counts: { write: 300 }, parts: 0 } } };
    expect(await store().save(full, calls)).toBe(true);
    const kept = await store().get(report.requestId);
    if (kept === undefined) throw new Error('the report is gone');
    expect(await store().calls(kept)).toEqual(calls);
    for (let part = 0; part < (kept.reading.listed?.parts ?? 0); part += 1) {
      const Key = { id: reportCallsId(report.requestId, part) };
      const { Item } = await client.send(new GetCommand({ TableName: 'requests', Key }));
      // DynamoDB counts bytes; the emulator counts characters.
      expect(Buffer.byteLength(JSON.stringify(Item))).toBeLessThan(400 * 1024);
    }
  });

  test('a round with more calls than one transaction takes is kept, and of two rounds at the same moment only one', async () => {
    const report = freshReport();
    await store().create(report);
    const calls = (length: number) =>
      Array.from({ length }, (_, at): ListedCall => ({ ...LISTED, id: `${at} of ${length}`, what: 'x'.repeat(2000) }));
    const rounds = [calls(2200), calls(20)] as const;
    const full = { ...report, reading: { ...report.reading, listed: { counts: { write: 2200 }, parts: 0 } } };
    const saved = await Promise.all(rounds.map((round) => store().save(full, round)));
    expect(saved.filter(Boolean)).toHaveLength(1);
    const kept = await store().get(report.requestId);
    if (kept === undefined) throw new Error('the report is gone');
    expect(await store().calls(kept)).toEqual(rounds[saved.indexOf(true)]);
  });

  test('of two writers that read the same version only one succeeds', async () => {
    const report = freshReport();
    await store().create(report);
    const saved = await Promise.all([store().save(report), store().save(report)]);
    expect(saved.sort()).toEqual([false, true]);
    expect((await store().get(report.requestId))?.version).toBe(1);
  });

  test('the first time of sending stays, and nothing is written into the report after it', async () => {
    const report = freshReport();
    await store().create(report);
    const sent = {
      mailIds: ['<mail-1@eu-west-1.amazonses.com>'],
      unreadable: 'States.Timeout',
      advice: ['ReadOnlyAccess would have covered the calls listed here.'],
    };
    await store().note(report, 'sentAt', '2026-01-05T11:21:00.000Z', sent);
    await store().note(report, 'sentAt', '2026-01-05T11:30:00.000Z');
    await store().note(report, 'toldAt', '2026-01-05T11:21:01.000Z');
    const mails: Record<string, string>[] = [
      { 'user-cleo': '' },
      { 'user-cleo': '', 'user-dan': '<mail-2@eu-west-1.amazonses.com>' },
    ];
    for (const readerMails of mails) await store().note(report, 'sentAt', '2026-01-05T11:31:00.000Z', { readerMails });
    expect(await store().get(report.requestId)).toMatchObject({
      sentAt: '2026-01-05T11:21:00.000Z',
      toldAt: '2026-01-05T11:21:01.000Z',
      ...sent,
      readerMails: { 'user-cleo': '', 'user-dan': '<mail-2@eu-west-1.amazonses.com>' },
    });
    expect(await store().save(report)).toBe(false);
  });

  test('of two that want to send a report only one does, until it releases its claim or the claim expires', async () => {
    const report = freshReport();
    const [first, later, last] = ['2026-01-05T11:21:00Z', '2026-01-05T11:22:00Z', '2026-01-05T11:23:00Z'] as const;
    expect(await store().claim(report, first, later)).toBe(false);
    await store().create(report);
    const claims = await Promise.all([store().claim(report, first, later), store().claim(report, first, later)]);
    expect(claims.sort()).toEqual([false, true]);
    expect(await store().claim(report, later, last)).toBe(true);
    await store().release(report, later);
    expect(await store().claim(report, first, later)).toBe(false);
    await store().release(report, last);
    expect(await store().claim(report, first, later)).toBe(true);
  });

  test('a damaged report is an error that names it, and is not guessed at', async () => {
    const report = freshReport();
    await store().create(report);
    await client.send(
      new UpdateCommand({
        TableName: 'requests',
        Key: { id: reportId(report.requestId) },
        UpdateExpression: 'SET digest = :d',
        ExpressionAttributeValues: { ':d': '{' },
      }),
    );
    await expect(store().get(report.requestId)).rejects.toThrow(MalformedItemError);
  });
});
