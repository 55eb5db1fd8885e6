import { STSClient } from '@aws-sdk/client-sts';
import { parseCall } from '../../core/activity/classify/call.ts';
import type { ActivityQuery, ActivitySource, LookupBy } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { compareText } from '../../core/model/text.ts';
import { athenaQuery } from '../../gateways/cloudtrail/athena-query.ts';
import { createAthenaSource } from '../../gateways/cloudtrail/athena-source.ts';
import { chooseSource } from '../../gateways/cloudtrail/choose-source.ts';
import { createLogsSource } from '../../gateways/cloudtrail/logs.ts';
import { createLookup } from '../../gateways/cloudtrail/lookup.ts';
import { MOST_ROWS } from '../../gateways/cloudtrail/trail-queries.ts';
import { TRAIL_TABLE } from '../../sandbox/aws/trail/athena.ts';
import { TRAIL_LOG_GROUP } from '../../sandbox/aws/trail/cloudwatch-logs.ts';
import { recordActivity } from '../../sandbox/aws/trail/trail.ts';
import { fakeSource, trailOf } from '../core/activity/fakes.ts';
import { ACCOUNT, aCall, aRecord } from '../core/activity/records.ts';
import { emulateAws } from './emulated.ts';

type Records = readonly Record<string, unknown>[];

/** A source, and a way to let time pass between two pages, as between two rounds of a report. */
interface Subject {
  readonly source: ActivitySource;
  pass(): void;
  readonly aws?: ReturnType<typeof emulateAws>;
}

function emulated(records: Records): ReturnType<typeof emulateAws> {
  const aws = emulateAws();
  for (const record of records) recordActivity(aws.world, record, () => 'no id');
  // Late enough for everything to be delivered.
  aws.pass(3 * 3600);
  return aws;
}

function lookupOf(aws: ReturnType<typeof emulateAws>): ActivitySource {
  const { config, now } = aws;
  return createLookup({ sts: new STSClient(config), roleName: 'GlasshammerActivityReader', now, client: config });
}

function inLogs(records: Records, group = TRAIL_LOG_GROUP): Subject & { readonly aws: ReturnType<typeof emulateAws> } {
  const aws = emulated(records);
  const { region, homeAccountId } = aws.world;
  const source = createLogsSource({
    logGroupArn: `arn:aws:logs:${region}:${homeAccountId}:log-group:${group}`,
    client: aws.config,
    regions: lookupOf(aws),
    now: aws.now,
    pause: () => Promise.resolve(),
  });
  return { source, aws, pass: () => aws.pass(1) };
}

function inBucket(records: Records, table = {}): Subject & { readonly aws: ReturnType<typeof emulateAws> } {
  const aws = emulated(records);
  const source = createAthenaSource({
    trail: { region: aws.world.region, ...TRAIL_TABLE, ...table },
    client: aws.config,
    regions: lookupOf(aws),
    pause: () => Promise.resolve(),
  });
  return { source, aws, pass: () => aws.pass(1) };
}

function inHistory(records: Records): Subject {
  const aws = emulated(records);
  return { source: lookupOf(aws), pass: () => aws.pass(1) };
}

const QUERY = { requestId: 'req-1', accountId: ACCOUNT, region: 'eu-west-1' };
const WINDOW = { from: '2026-01-05T09:00:00Z', until: '2026-01-05T10:00:00Z' };

/** Reads every page, as a report does. */
async function readAll({ source, pass }: Subject, by: LookupBy, change: Partial<ActivityQuery> = {}): Promise<Records> {
  const records: Record<string, unknown>[] = [];
  let token: string | undefined;
  do {
    const page = await source.page({ ...QUERY, ...WINDOW, by, ...change, ...(token === undefined ? {} : { token }) });
    records.push(...page.records.map((each) => (typeof each === 'string' ? JSON.parse(each) : each)));
    token = page.next;
    pass();
  } while (token !== undefined);
  return records;
}

const at = (time: string, change = {}) => aRecord({ eventTime: `2026-01-05T${time}Z`, ...change });
const ids = (records: Records) => records.map(({ eventID }) => eventID);

describe.each<[string, (records: Records) => Subject]>([
  ['in memory', (records) => ({ source: fakeSource(trailOf(records)), pass: () => undefined })],
  ['in the event history of each account', inHistory],
  ['in the log group of the organization’s trail', inLogs],
  ['in the bucket of the organization’s trail', inBucket],
])('activity %s', (_where, create) => {
  it('is found by the exact session name it was done with, and by no similar one', async () => {
    const bobby = at('09:10:00', { session: 'bobby' });
    const records = [at('09:05:00', { session: 'bob' }), bobby, at('09:15:00', { session: 'robob' }), at('09:20:00')];
    expect(ids(await readAll(create(records), { userName: 'bob' }))).toEqual([records[0]?.eventID]);
    expect(ids(await readAll(create(records), { userName: 'ana@example.com' }))).toEqual([records[3]?.eventID]);
    expect(await readAll(create(records), { userName: 'ana@exampleXcom' })).toEqual([]);
  });

  it('is found by the access key it was done with', async () => {
    const mine = at('09:10:00', { key: 'ASIAHOPHOPHOPHOP0001', role: 'Deploy', session: 'x', onBehalfOf: null });
    const records = [mine, at('09:11:00', { key: 'ASIAHOPHOPHOPHOP0002' })];
    expect(ids(await readAll(create(records), { accessKeyId: 'ASIAHOPHOPHOPHOP0001' }))).toEqual([mine.eventID]);
  });

  it('is found by the name of the call or by being a write, by any caller', async () => {
    const read = aCall('ec2:DescribeInstances', { readOnly: true, session: 'ben' });
    const write = aCall('iam:CreateUser', { session: 'cleo' });
    expect(ids(await readAll(create([read, write]), { eventName: 'CreateUser' }))).toEqual([write.eventID]);
    expect(ids(await readAll(create([read, write]), { readOnly: false }))).toEqual([write.eventID]);
  });

  it('is of one Region, one account and one time span, including its first and last second', async () => {
    const inside = [at('10:00:00'), at('09:30:00'), at('09:00:00')];
    const outside = [
      at('08:59:59'),
      at('10:00:01'),
      at('09:30:00', { awsRegion: 'us-east-1' }),
      at('09:30:00', { account: '234567890123' }),
    ];
    const records = await readAll(create([...outside, ...inside]), { userName: 'ana@example.com' });
    expect(ids(records)).toEqual(ids(inside));
  });

  it('comes newest first and each call once, even if many calls share the second at the edge of a page', async () => {
    const many = Array.from({ length: 180 }, (_, n) => at(`09:${String(10 + Math.floor(n / 60)).padStart(2, '0')}:00`));
    const records = await readAll(create(many), { userName: 'ana@example.com' });
    expect(new Set(ids(records))).toEqual(new Set(ids(many)));
    expect(records).toHaveLength(many.length);
    const times = records.map(({ eventTime }) => String(eventTime));
    expect(times).toEqual([...times].sort(compareText).reverse());
  });

  it('says which Regions are enabled', async () => {
    expect(await create([]).source.enabledRegions(ACCOUNT, 'req-1')).toEqual(expect.arrayContaining(['us-east-1']));
  });
});

describe('activity in the bucket', () => {
  const byName: LookupBy = { userName: 'ana@example.com' };
  const inSecond = (n: number) =>
    at(new Date(Date.parse('2026-01-05T09:00:00Z') + n * 1000).toISOString().slice(11, 19));

  it('is read to the very last call if one query has not room for all', async () => {
    const many = Array.from({ length: MOST_ROWS + 700 }, (_, n) => inSecond(Math.floor(n / 3)));
    const records = await readAll(inBucket(many), byName, { until: '2026-01-05T11:00:00Z' });
    expect(new Set(ids(records)).size).toBe(many.length);
    expect(records).toHaveLength(many.length);
  });

  it('tells everything about a call that a report reads', async () => {
    const record = at('09:30:00', {
      errorCode: 'AccessDenied',
      errorMessage: 'no',
      resources: [{ ARN: 'arn:aws:s3:::logs', accountId: ACCOUNT }],
      requestParameters: { bucketName: 'logs', key: 'a"b' },
      responseElements: { ok: true },
      additionalEventData: { SwitchFrom: 'arn:aws:sts::1:assumed-role/a/b' },
      sessionCredentialFromConsole: 'true',
    });
    const [found] = await readAll(inBucket([record]), byName);
    expect(parseCall(found)).toEqual(parseCall(record));
  });

  it('needs one query for all Regions, of one account and its days alone, and binds every value', async () => {
    const { source, aws } = inBucket([at('09:30:00'), at('09:31:00', { awsRegion: 'us-east-1' })]);
    const pages = await Promise.all(
      ['eu-west-1', 'us-east-1', 'eu-central-1'].map((region) =>
        source.page({ ...QUERY, ...WINDOW, region, by: byName }),
      ),
    );
    expect(pages.map(({ records }) => records.length)).toEqual([1, 1, 0]);
    expect(aws.calls.snapshot()['athena:StartQueryExecution']).toBe(1);
    const { sql, parameters } = athenaQuery({ accountId: ACCOUNT, by: byName, ...WINDOW }, '"d"."t"');
    expect(sql).toContain('WHERE account = ? AND day >= ? AND day <= ?');
    expect(sql).not.toContain('ana@example.com');
    expect(parameters.slice(0, 3)).toEqual([`'${ACCOUNT}'`, "'2026/01/05'", "'2026/01/06'"]);
  });

  it('is searched in the partition of the next day, too, because calls of the evening are delivered after midnight', () => {
    for (const hour of ['12', '21', '23']) {
      const window = { from: WINDOW.from, until: `2026-01-05T${hour}:00:00Z` };
      const { parameters } = athenaQuery({ accountId: ACCOUNT, by: byName, ...window }, 't');
      expect(parameters.slice(1, 5)).toEqual([
        "'2026/01/05'",
        hour === '23' ? "'2026/01/07'" : "'2026/01/06'",
        "'2026-01-05T09:00:00Z'",
        `'2026-01-05T${hour}:00:00Z'`,
      ]);
    }
  });

  it.each<[string, LookupBy]>([
    ['a name', { userName: "x' OR '1' = '1" }],
    ['a key', { accessKeyId: "A' --" }],
    ['a call', { eventName: "x'" }],
    ['a name with a backslash', { userName: 'x\\' }],
  ])('does not let %s become a part of the query', async (_what, by) => {
    const { source, aws } = inBucket([at('09:30:00')]);
    await expect(source.page({ ...QUERY, ...WINDOW, by })).rejects.toThrow(ActivityUnreadableError);
    expect(aws.calls.snapshot()['athena:StartQueryExecution']).toBeUndefined();
  });

  it.each([
    ['TooManyRequestsException', { name: 'ThrottlingException' }],
    ['ThrottlingException', { name: 'ThrottlingException' }],
    ['AccessDeniedException', { name: 'ActivityUnreadableError' }],
    ['InternalServerException', { name: 'InternalServerException' }],
  ])('tells errors that waiting mends from others: %s', async (error, told) => {
    const { source, aws } = inBucket([at('09:30:00')]);
    aws.faults.add({ operation: 'athena:StartQueryExecution', error, times: 1 });
    const ask = () => source.page({ ...QUERY, ...WINDOW, by: byName });
    await expect(ask()).rejects.toMatchObject(told);
    expect((await ask()).records).toHaveLength(1);
  });

  it('is queried again if Athena has forgotten the query, and an error names a missing table or workgroup', async () => {
    const { source, aws } = inBucket([at('09:30:00')]);
    const forgotten = JSON.stringify({ until: WINDOW.until, queryId: 'gone' });
    const { next } = await source.page({ ...QUERY, ...WINDOW, by: byName, token: forgotten });
    expect((await source.page({ ...QUERY, ...WINDOW, by: byName, token: next ?? '' })).records).toHaveLength(1);
    expect(aws.calls.snapshot()['athena:StartQueryExecution']).toBe(1);
    for (const [change, said] of [
      [{ table: 'another' }, /TABLE_NOT_FOUND/],
      [{ workgroup: 'another' }, /WorkGroup another is not found/],
    ] as const)
      await expect(inBucket([], change).source.page({ ...QUERY, ...WINDOW, by: byName })).rejects.toThrow(said);
  });
});

describe('activity in the log group', () => {
  const byName: LookupBy = { userName: 'ana@example.com' };
  const inSecond = (n: number) =>
    at(new Date(Date.parse('2026-01-05T09:00:00Z') + n * 1000).toISOString().slice(11, 19));

  it('is read to the very last call if one query has not room for all', async () => {
    const many = Array.from({ length: MOST_ROWS + 700 }, (_, n) => inSecond(Math.floor(n / 3)));
    const records = await readAll(inLogs(many), byName, { until: '2026-01-05T11:00:00Z' });
    expect(records).toHaveLength(many.length);
    expect(new Set(ids(records)).size).toBe(many.length);
  });

  it('needs one query for all Regions, because each query is paid for', async () => {
    const { source, aws } = inLogs([at('09:30:00'), at('09:31:00', { awsRegion: 'us-east-1' })]);
    const pages = await Promise.all(
      ['eu-west-1', 'us-east-1', 'eu-central-1'].map((region) =>
        source.page({ ...QUERY, ...WINDOW, region, by: byName }),
      ),
    );
    expect(pages.map(({ records }) => records.length)).toEqual([1, 1, 0]);
    expect(aws.calls.snapshot()['cloudwatch-logs:StartQuery']).toBe(1);
  });

  it('is found by a later look if it was delivered hours late, even beside older calls', async () => {
    const late = inLogs([at('09:30:00')]);
    const age = late.aws.now().getTime() - Date.parse('2026-01-05T09:30:00Z');
    late.aws.world.trailDeliverySeconds = age / 1000 + 3600;
    expect(await readAll(late, byName)).toEqual([]);
    late.aws.pass(24 * 3600);
    expect(await readAll(late, byName, { until: '2026-01-05T09:31:00Z' })).toHaveLength(1);
  });

  it('is found however many parameters a call has: nobody hides a call behind its own fields', async () => {
    const requestParameters = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`field${n}`, n]));
    const { userIdentity, requestParameters: _, readOnly, recipientAccountId, ...rest } = at('09:30:00');
    const written = { userIdentity, ...rest, requestParameters, readOnly, recipientAccountId };
    for (const by of [byName, { readOnly: false } as const])
      expect(await readAll(inLogs([written]), by)).toHaveLength(1);
  });

  it.each<[string, LookupBy]>([
    ['a name with a quote', { userName: "x' or eventName = 'y" }],
    ['a name with a slash', { userName: 'x/ or @message like /.' }],
    ['a name with a backslash', { userName: 'x\\' }],
    ['a key', { accessKeyId: "A' | fields x" }],
    ['a call', { eventName: "x' or 1 = '1" }],
  ])('does not let %s become a part of the query', async (_what, by) => {
    const { source, aws } = inLogs([at('09:30:00')]);
    await expect(source.page({ ...QUERY, ...WINDOW, by })).rejects.toThrow(ActivityUnreadableError);
    expect(aws.calls.snapshot()['cloudwatch-logs:StartQuery']).toBeUndefined();
  });

  it.each([
    ['LimitExceededException', { name: 'ThrottlingException' }],
    ['ThrottlingException', { name: 'ThrottlingException' }],
    ['AccessDeniedException', { name: 'ActivityUnreadableError' }],
    ['MalformedQueryException', { message: expect.stringContaining('may not keep events for so long') }],
    ['ServiceUnavailableException', { name: 'ServiceUnavailableException' }],
  ])('tells errors that waiting mends from others: %s', async (error, told) => {
    const { source, aws } = inLogs([at('09:30:00')]);
    aws.faults.add({ operation: 'cloudwatch-logs:StartQuery', error, times: 1 });
    const ask = () => source.page({ ...QUERY, ...WINDOW, by: byName });
    await expect(ask()).rejects.toMatchObject(told);
    // A failed query is not kept.
    expect((await ask()).records).toHaveLength(1);
  });

  it('is reported as missing if there is no such log group', async () => {
    const { source } = inLogs([], 'another');
    await expect(source.page({ ...QUERY, ...WINDOW, by: byName })).rejects.toThrow(
      /There is no log group arn:.*another/,
    );
  });
});

describe('the source of an account', () => {
  it('is the configured one, and sources that are not needed are not built', async () => {
    const asked: string[] = [];
    const source = (name: string) => () => {
      asked.push(`built ${name}`);
      const about = { name, sees: `${name} sees all.` };
      return { ...fakeSource(() => ({ records: [name] })), name, about: () => about };
    };
    const chosen = chooseSource({
      sources: { lookup: source('history'), logs: source('logs'), athena: source('athena') },
      source: 'logs',
      sourceByAccount: { '234567890123': 'lookup' },
    });
    expect(asked).toEqual(['built logs']);
    const page = (accountId: string) => chosen.page({ ...QUERY, ...WINDOW, accountId, by: { userName: 'ana' } });
    expect((await page(ACCOUNT)).records).toEqual(['logs']);
    expect((await page('234567890123')).records).toEqual(['history']);
    expect(chosen.about?.('234567890123')).toMatchObject({ name: 'history' });
  });
});
