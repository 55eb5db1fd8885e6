import fc from 'fast-check';
import { aggregatePage, type Subject } from '../../../../../core/activity/classify/aggregate/aggregate.ts';
import {
  type ActivityDigest,
  callsCut,
  emptyDigest,
  LIMITS,
  rowsOf,
} from '../../../../../core/activity/classify/aggregate/digest.ts';
import { CALL_KINDS } from '../../../../../core/activity/classify/call-kind.ts';
import type { ListedCall } from '../../../../../core/activity/classify/listed-call.ts';
import { follow, MOST_FOLLOWED } from '../../../../../core/activity/read/follow.ts';
import { createMatcher } from '../../../../../core/activity/read/match.ts';
import { beginReading } from '../../../../../core/activity/read/reading.ts';
import { ACCOUNT, aCall, aChainedRole, aPlan, aRecord } from '../../records.ts';

const plan = aPlan();
const DIRECT: Subject = { accountId: ACCOUNT, as: '' };

/** The digest of all pages, each read after the other. */
function aggregate(pages: readonly (readonly unknown[])[], subject = DIRECT): ActivityDigest {
  const digest = emptyDigest();
  for (const page of pages) aggregatePage(digest, page, { plan, match: createMatcher(plan), subject });
  return digest;
}

/** Calls within and outside the window, of the person and of somebody else. */
const anyCall = fc
  .record({
    action: fc.constantFrom(
      'ec2:StopInstances',
      's3:PutBucketPolicy',
      's3:ListBuckets',
      'kms:Decrypt',
      'signin:ConsoleLogin',
    ),
    minute: fc.integer({ min: -20, max: 130 }),
    readOnly: fc.constantFrom(true, false),
    errorCode: fc.constantFrom(undefined, undefined, 'AccessDenied', 'ValidationException'),
    awsRegion: fc.constantFrom('eu-west-1', 'us-east-1', 'us-east-2', 'eu-north-1', 'ap-south-1', 'sa-east-1'),
    sourceIPAddress: fc.constantFrom('203.0.113.7', '198.51.100.2', '2001:db8::1', '192.0.2.9'),
    bucket: fc.integer({ min: 0, max: 8 }),
    session: fc.constantFrom('ana@example.com', 'ana@example.com', 'ben@example.com'),
  })
  .map(({ action, minute, bucket, ...change }) =>
    aCall(action, {
      ...change,
      onBehalfOf: null,
      began: '',
      requestParameters: { bucketName: `b${bucket}` },
      eventTime: new Date(Date.parse('2026-01-05T09:00:00Z') + minute * 60_000).toISOString(),
    }),
  );

describe('aggregating calls', () => {
  test('the order in which pages and records come changes nothing that is reported', () => {
    fc.assert(
      fc.property(
        fc.array(anyCall, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.func(fc.nat()),
        (records, size, rank) => {
          const pages: unknown[][] = [];
          for (let at = 0; at < records.length; at += size) pages.push(records.slice(at, at + size));
          const shuffled = [...records]
            .map((one, at) => [rank(at), one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
          const [one, other] = [aggregate(pages), aggregate([shuffled])];
          one.addresses.sort((a, b) => (a.address < b.address ? -1 : 1));
          other.addresses.sort((a, b) => (a.address < b.address ? -1 : 1));
          expect(one).toEqual(other);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('every call of this request is in exactly one count, listed or cut', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 60 }), (records) => {
        const digest = aggregate([records]);
        for (const kind of CALL_KINDS) {
          const listed = rowsOf(digest, kind).reduce((sum, row) => sum + row.count, 0);
          expect(listed + digest.cut[kind]).toBe(digest.counts[kind]);
        }
        const outside = Object.values(digest.outside).reduce((sum, span) => sum + span.count, 0);
        const others = records.filter((one) => JSON.stringify(one).includes('ben@example.com')).length;
        const counted = CALL_KINDS.reduce((sum, kind) => sum + digest.counts[kind], 0);
        expect(counted + outside + others).toBe(records.length);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['a call that created a key', 'iam:CreateAccessKey', 150],
    ['a call that stopped the trail', 'cloudtrail:StopLogging', 400],
  ])('%s is listed among many harmless kinds, and every call is counted', (_what, action, decoys) => {
    const harmless = Array.from({ length: decoys }, (_, at) => aCall(`ec2:CreateThing${at}`));
    for (const page of [
      [aCall(action), ...harmless],
      [...harmless, aCall(action)],
    ]) {
      const digest = aggregate([page]);
      expect(rowsOf(digest, 'write').map((row) => row.action)).toContain(action);
      expect(digest.counts.write).toBe(decoys + 1);
      expect(digest.cut.write).toBe(decoys + 1 - LIMITS.rows.write);
    }
  });

  test('a flag names the one call that succeeded among many that failed', () => {
    const tried = Array.from({ length: 40 }, (_, at) =>
      aCall(`rds:DeleteA${at}`, { errorCode: 'NoSuchEntity', requestParameters: { groupName: `a${at}` } }),
    );
    const digest = aggregate([[...tried, aCall('rds:DeleteZone', { requestParameters: { dbName: 'zebra' } })]]);
    expect(digest.flags.destruction).toMatchObject({
      count: 41,
      tried: 40,
      actions: { 'rds:DeleteZone': 1 },
      resources: ['dbName zebra'],
    });
  });

  test('an event that CloudTrail delivers three times is one call', () => {
    const record = aRecord();
    expect(aggregate([[record, record, JSON.stringify(record)]]).counts.write).toBe(1);
  });

  test('long ARNs with the same beginning stay distinct when they are shortened', () => {
    const stem =
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a-rather-long-balancer-name/50dc';
    const page = ['1111', '2222', '3333'].map((end) =>
      aCall('elasticloadbalancing:DeleteRule', { resources: [{ ARN: `${stem}6c495c0c9188/f2f7dc8efc522ab2/${end}` }] }),
    );
    const [row] = rowsOf(aggregate([page]), 'write');
    expect(row?.resources.map((resource) => /\/(\d{4})(?: #|$)/.exec(resource)?.[1]).sort()).toEqual([
      '1111',
      '2222',
      '3333',
    ]);
  });

  test('a record that cannot be read is counted and stops nothing', () => {
    const digest = aggregate([['{', aRecord(), 17]]);
    expect([digest.malformed, digest.counts.write]).toEqual([2, 1]);
  });

  test('refused calls are kept apart from those that went through, by error', () => {
    const digest = aggregate([
      [aRecord(), aRecord({ errorCode: 'AccessDenied' }), aRecord({ errorCode: 'UnauthorizedOperation' })],
    ]);
    expect(rowsOf(digest, 'refused').map(({ errorCode }) => errorCode)).toEqual([
      'AccessDenied',
      'UnauthorizedOperation',
    ]);
    expect(rowsOf(digest, 'write')).toHaveLength(1);
  });

  test('calls as another role are listed under that role', () => {
    const chained = aRecord({ role: 'Deploy', session: 'd', onBehalfOf: null, key: 'ASIAHOP' });
    const digest = aggregate([[chained]], {
      accountId: ACCOUNT,
      accessKeyId: 'ASIAHOP',
      as: 'arn:aws:iam::123456789012:role/Deploy',
    });
    expect(rowsOf(digest, 'write')).toMatchObject([{ as: 'arn:aws:iam::123456789012:role/Deploy', count: 1 }]);
  });

  test('a role that AWS refused to let the person assume is not followed', () => {
    const digest = aggregate([
      [aChainedRole('arn:aws:iam::123456789012:role/Deploy', '', { errorCode: 'AccessDenied' })],
    ]);
    expect(digest.hops).toEqual([]);
  });

  test('however hostile the calls, the stored report stays under 350 KB, and what is cut is counted', () => {
    const KINDS = 200;
    const wide = '\\"✂'.repeat(200);
    const digest = emptyDigest();
    const match = createMatcher(plan);
    const reading = beginReading({ ...plan, regions: Array.from({ length: 34 }, (_, at) => `ap-southeast-${at}`) });
    // Three more accounts by role chaining, and page tokens twice as long as the longest that was ever seen.
    for (const account of ['1', '2', '3'])
      reading.lanes.push(...reading.lanes.slice(0, 34).map((cursor) => ({ ...cursor, accountId: account.repeat(12) })));
    for (const cursor of reading.lanes) cursor.token = 'x'.repeat(400);
    for (let at = 0; at < KINDS; at += 1) {
      const roles = [`arn:aws:iam::123456789012:role/${at}${wide}`];
      const page = ['AccessDenied', 'ValidationException', undefined, undefined].flatMap((errorCode, which) =>
        Array.from({ length: 7 }, (_, nth) =>
          aCall(`s3:${which === 3 ? 'Get' : 'Delete'}${at}${'N'.repeat(110)}`, {
            eventName: `Delete${at}${'N'.repeat(100)}`,
            ...(errorCode === undefined ? {} : { errorCode: `${errorCode}${'E'.repeat(80)}` }),
            readOnly: which === 3,
            awsRegion: `ap-southeast-${nth}`,
            sourceIPAddress: `2001:db8:aaaa:bbbb:cccc:dddd:${at.toString(16)}:${nth}`,
            resources: Array.from({ length: 3 }, (_one, third) => ({ ARN: `${nth}${third}${wide}` })),
          }),
        ),
      );
      aggregatePage(
        digest,
        [
          ...page,
          aCall(`lambda:Create${at}`, { requestParameters: { functionName: wide, role: roles[0] } }),
          aChainedRole(`arn:aws:iam::123456789012:role/${'R'.repeat(64)}`, `ASIA${at}${'K'.repeat(16)}`),
        ],
        {
          plan,
          match,
          subject: { accountId: ACCOUNT, as: `arn:aws:iam::123456789012:role/${'R'.repeat(64)}` },
        },
      );
    }
    for (let nth = 0; nth < MOST_FOLLOWED; nth += 1) {
      const session = digest.hops[nth % digest.hops.length];
      if (session !== undefined) follow(reading, { ...session, accessKeyId: `${session.accessKeyId}${nth}` }, plan);
    }
    for (const cursor of reading.lanes) cursor.edge = { at: plan.from, ids: '.1234567'.repeat(16) };
    const bytes = Buffer.byteLength(JSON.stringify(digest)) + Buffer.byteLength(JSON.stringify(reading));
    expect(bytes).toBeLessThan(350 * 1024);
    expect(rowsOf(digest, 'write')).toHaveLength(LIMITS.rows.write);
    expect(callsCut(digest)).toBeGreaterThan(0);
    expect(digest.counts.write).toBe(KINDS * 8);
    expect(digest.hopsCut).toBe(KINDS - LIMITS.hops);
  });
});

test('a call that was denied by the words of its error alone is denied wherever it is told', () => {
  const digest = emptyDigest();
  const list: ListedCall[] = [];
  const denied = aCall('iam:CreateAccessKey', {
    errorMessage:
      'User: x is not authorized to perform: iam:CreateAccessKey with an explicit deny in a service control policy',
    requestParameters: { userName: 'u' },
  });
  aggregatePage(digest, [denied], {
    plan,
    match: createMatcher(plan),
    subject: DIRECT,
    list: (call) => list.push(call),
  });
  expect(digest.counts).toMatchObject({ refused: 1, write: 0 });
  expect(rowsOf(digest, 'refused')).toMatchObject([{ errorCode: 'AccessDenied (service control policy)' }]);
  expect(digest.flags['identity-persistence']).toMatchObject({ tried: 1, actions: {}, resources: [] });
  expect(list).toMatchObject([{ kind: 'refused', error: 'AccessDenied (service control policy)' }]);
  expect([digest.handed, digest.hops]).toEqual([undefined, []]);
});
