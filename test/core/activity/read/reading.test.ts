import { emptyDigest, rowsOf } from '../../../../core/activity/classify/aggregate/digest.ts';
import { isFollowed } from '../../../../core/activity/read/follow.ts';
import {
  beginReading,
  MOST_FAILURES,
  MOST_ROUNDS,
  openCursors,
  PAGES_PER_ROUND,
  readRound,
} from '../../../../core/activity/read/reading.ts';
import { ActivityUnreadableError } from '../../../../core/model/errors.ts';
import { type Answer, fakeSource, named, pagesOf } from '../fakes.ts';
import { ACCOUNT, aChainedRole, aPlan, aRecord } from '../records.ts';

const plan = aPlan();

function reader(answer: Answer) {
  const source = fakeSource(answer);
  const reading = beginReading(plan);
  const digest = emptyDigest();
  const round = () => readRound(reading, digest, { requestId: 'request-1', plan, source, now: plan.begunAt });
  return { source, reading, digest, round };
}

async function readAll(work: ReturnType<typeof reader>): Promise<number> {
  let rounds = 0;
  for (; openCursors(work.reading).length > 0 && rounds < 100; rounds += 1) expect(await work.round()).toEqual([]);
  return rounds;
}

const hopped = (key: string, change = {}) =>
  aRecord({ role: 'Deploy', session: 'deploy', onBehalfOf: null, key, ...change });

describe('reading', () => {
  test('every page of every Region is read once, at most two a round and Region', async () => {
    const work = reader(
      pagesOf({ 'eu-west-1': [aRecord(), aRecord(), aRecord(), aRecord(), aRecord()], 'us-east-1': [aRecord()] }),
    );
    const rounds = await readAll(work);
    expect(work.digest.counts.write).toBe(6);
    expect(rounds).toBe(3);
    const byName = work.source.queries.filter(({ by }) => 'userName' in by);
    expect(byName.map(({ region, token }) => `${region} ${token ?? '-'}`)).toEqual([
      'eu-west-1 -',
      'us-east-1 -',
      'eu-west-1 1',
      'eu-west-1 2',
      'eu-west-1 3',
      'eu-west-1 4',
    ]);
  });

  test('CloudTrail is never asked faster than it allows', async () => {
    const work = reader(pagesOf({ 'eu-west-1': Array.from({ length: 9 }, () => aRecord()) }));
    await work.round();
    expect(work.source.queries.filter(({ region }) => region === 'eu-west-1')).toHaveLength(PAGES_PER_ROUND);
  });

  test('the look-up is by user name and reaches back one session, to see what was there before', async () => {
    const work = reader(pagesOf({}));
    await work.round();
    expect(work.source.queries[0]).toEqual({
      requestId: 'request-1',
      accountId: ACCOUNT,
      region: 'eu-west-1',
      by: { userName: 'ana@example.com' },
      from: '2026-01-05T08:00:00Z',
      until: '2026-01-05T11:20:00Z',
    });
  });

  test('a person who assumes another role does not vanish: the session is read by its key in every Region, and so is the next', async () => {
    const work = reader(
      pagesOf({
        'eu-west-1': [aChainedRole('arn:aws:iam::123456789012:role/Deploy', 'ASIAHOP1')],
        ASIAHOP1: [
          hopped('ASIAHOP1'),
          {
            ...aChainedRole('arn:aws:iam::123456789012:role/Two', 'ASIAHOP2'),
            ...{ userIdentity: hopped('ASIAHOP1').userIdentity },
          },
        ],
        ASIAHOP2: [hopped('ASIAHOP2', { eventName: 'TerminateInstances' })],
      }),
    );
    await readAll(work);
    const read = work.source.queries.filter(({ by }) => 'accessKeyId' in by);
    expect(new Set(read.map(({ by, region }) => `${'accessKeyId' in by && by.accessKeyId} ${region}`)).size).toBe(4);
    // The fake answers the same in both Regions.
    expect(rowsOf(work.digest, 'write').map(({ action, as, count }) => [action, as, count])).toEqual([
      ['ec2:StopInstances', 'arn:aws:iam::123456789012:role/Deploy', 2],
      ['ec2:TerminateInstances', 'arn:aws:iam::123456789012:role/Two', 2],
    ]);
  });

  test('a role in another account is read there', async () => {
    const work = reader(pagesOf({ 'eu-west-1': [aChainedRole('arn:aws:iam::210987654321:role/Deploy', 'ASIAHOP1')] }));
    await readAll(work);
    expect(
      work.source.queries.filter(({ accountId }) => accountId === '210987654321').map(({ region }) => region),
    ).toEqual(plan.regions);
  });

  test('role chaining is followed up to a limit, and what is not followed is recorded', async () => {
    const roles = Array.from({ length: 8 }, (_, at) =>
      aChainedRole(`arn:aws:iam::${String(at).repeat(12)}:role/R`, `ASIA${at}`),
    );
    const work = reader(({ by, region }) => ({ records: 'userName' in by && region === 'eu-west-1' ? roles : [] }));
    await readAll(work);
    expect(new Set(work.reading.lanes.map(({ accountId }) => accountId)).size).toBe(4);
    expect(work.digest.hops.filter((chainedRole) => isFollowed(work.reading, chainedRole))).toHaveLength(3);
    expect(work.digest.hops).toHaveLength(8);
    expect(work.reading.unfollowed?.count).toBe(5);
    expect(work.reading.unfollowed?.roles).toContain('arn:aws:iam::777777777777:role/R');
  });

  test('a Region that cannot be read is stopped with its reason, and the others are read to their end', async () => {
    const work = reader((query) =>
      query.region === 'eu-west-1' ? new ActivityUnreadableError('no role there') : { records: [aRecord()] },
    );
    await readAll(work);
    expect(work.reading.lanes.map(({ stopped }) => stopped)).toEqual(['no role there', undefined]);
    expect(work.digest.counts.write).toBe(1);
  });

  test('a throttled Region is read again from the same place, and calls of the other Regions are counted once', async () => {
    let throttled = true;
    const work = reader((query) =>
      query.region === 'eu-west-1' && throttled ? named('ThrottlingException') : { records: [aRecord()] },
    );
    expect(await work.round()).toEqual([]);
    expect(await work.round()).toMatchObject([{ name: 'ThrottlingException' }]);
    expect(work.digest.counts.write).toBe(1);
    throttled = false;
    expect(await work.round()).toEqual([]);
    expect(work.digest.counts.write).toBe(2);
    expect(openCursors(work.reading)).toEqual([]);
  });

  test('the second page failing loses nothing of the first', async () => {
    let failing = true;
    const pages = pagesOf({ 'eu-west-1': [aRecord(), aRecord(), aRecord()] });
    const work = reader((query) => (query.token === '1' && failing ? named('TimeoutError') : pages(query)));
    await work.round();
    failing = false;
    await readAll(work);
    expect(work.digest.counts.write).toBe(3);
  });

  test.each([7, 12])('%i errors of an unknown name lose no call of any Region', async (times) => {
    let left = times;
    const pages = pagesOf({ 'eu-west-1': Array.from({ length: 9 }, () => aRecord()), 'us-east-1': [aRecord()] });
    const work = reader((query) => {
      left -= 1;
      return left >= 0 ? named('CloudTrailInvalidClientTokenIdException') : pages(query);
    });
    for (let round = 0; openCursors(work.reading).length > 0 && round < 300; round += 1) await work.round();
    expect(work.digest.counts.write).toBe(10);
    expect(work.reading.lanes.map(({ stopped }) => stopped)).toEqual([undefined, undefined]);
  });

  test('a Region that never answers is given up alone, and its error is named', async () => {
    const work = reader((query) =>
      query.region === 'eu-west-1' ? named('InternalSurprise') : { records: [aRecord()] },
    );
    for (let round = 0; openCursors(work.reading).length > 0 && round < 300; round += 1) await work.round();
    expect(work.digest.counts.write).toBe(1);
    expect(work.reading.lanes.map(({ stopped }) => stopped)).toEqual([
      `Reading was given up after ${MOST_FAILURES} errors in a row (InternalSurprise).`,
      undefined,
    ]);
    expect(work.source.queries.filter(({ region }) => region === 'eu-west-1')).toHaveLength(MOST_FAILURES);
  });

  test('reading stops at a limit if there is too much, and the report says so', async () => {
    const work = reader(() => ({ records: [], next: 'on' }));
    work.reading.rounds = MOST_ROUNDS;
    await work.round();
    expect(openCursors(work.reading)).toEqual([]);
    expect(work.reading.lanes[0]?.stopped).toContain('too much');
  });
});
