import type { StoredReport } from '../../../../core/activity/ports.ts';
import { activityView } from '../../../../core/activity/report/activity-view.ts';
import type { AccessRequest, EventType } from '../../../../core/model/request.ts';
import { aCall } from '../../../core/activity/records.ts';
import { reportOf, storedReport } from '../../../core/activity/stored-reports.ts';
import { listenToStdout } from '../../stdout.ts';
import { pending } from '../calling.ts';

listenToStdout();

const SENT = '2026-01-05T13:00:00.000Z';
const JOINED = `req-${'1'.repeat(30)}`;

const ENDED = { type: 'ended', state: 'ended', at: '2026-01-05T12:00:00.000Z', by: 'glasshammer' } as const;

/** Ben's access in the given state, and a later request that joined it and that Cleo may decide. */
async function ended(state: AccessRequest['state'], ...events: readonly EventType[]) {
  const api = await pending();
  const { world, id, call } = api;
  const before = world.requests.now(id);
  const { asked: _asked, ...unasked } = before;
  const happened = events.map((type) => ({ type, at: SENT, by: 'glasshammer' }));
  world.requests.put(
    { ...before, state, endedAt: ENDED.at, events: [...before.events, ENDED, ...happened] },
    { ...unasked, id: JOINED, state: 'joined', accessId: id },
  );
  const keep = async (records: readonly unknown[], change: Partial<StoredReport> = {}) => {
    const report = storedReport(records);
    await api.services.reports.create({ ...report, requestId: id, ...change });
  };
  const get = async (as: string, which = id) => call(`GET requests/${which}/report`, { as });
  return { ...api, keep, get };
}

describe('the report of a request', () => {
  it('shows after it was sent: the calls, the findings, what was read, and where the complete list is', async () => {
    const { keep, get, id, services } = await ended('reported');
    const file = { key: 'reports/x.csv', sha256: 'ab12', address: 'https://s3.example.com/reports/x.csv' };
    await keep([aCall('iam:CreateUser'), aCall('ec2:DescribeInstances', { readOnly: true })], {
      sentAt: SENT,
      advice: ['ReadOnlyAccess would not have been enough.'],
      archived: [{ format: 'csv', ...file }],
    });
    await services.looks.begin(id, undefined);
    const { statusCode, json } = await get('ben');
    expect([statusCode, json.accessId]).toEqual([200, id]);
    expect(json.report).toMatchObject({
      edition: 'final',
      sentAt: SENT,
      finalAt: null,
      news: null,
      headline: '1 write, 1 read',
      counts: { write: 1, read: 1, refused: 0 },
      coverage: { status: 'complete', regionsNotRead: [], gaps: [] },
      advice: [
        expect.stringContaining('1 action of 1 service would have done'),
        'ReadOnlyAccess would not have been enough.',
      ],
      list: { files: [{ format: 'csv', ...file }] },
    });
    expect(json.report.coverage.regionsRead.length).toBeGreaterThan(1);
    expect(json.report.findings).toContainEqual(expect.objectContaining({ id: 'identity-persistence', level: 'look' }));
    expect(json.report.calls.map(({ kind, action }: Record<string, string>) => `${kind} ${action}`)).toEqual([
      'write iam:CreateUser',
      'read ec2:DescribeInstances',
    ]);
    // An approver of a request that joined the access reads the same report, and it has no Slack user ids.
    expect((await get('cleo', JOINED)).json).toEqual(json);
    expect(JSON.stringify(json)).not.toContain('U0');
  });

  it('names each Region that was not read, and why', async () => {
    const { keep, get } = await ended('reported');
    const { reading } = storedReport([]);
    const [lane, ...lanes] = reading.lanes;
    await keep([aCall('iam:CreateUser')], {
      sentAt: SENT,
      reading: {
        ...reading,
        lanes: [{ ...lane, done: 0, stopped: 'The role is missing.' } as (typeof lanes)[0], ...lanes],
      },
    });
    const { coverage } = (await get('uma')).json.report;
    expect([coverage.status, coverage.regionsNotRead]).toEqual([
      'partly',
      [{ accountId: lane?.accountId, region: lane?.region, why: 'The role is missing.' }],
    ]);
    expect(coverage.regionsRead).toEqual(lanes.map(({ region }) => region));
  });

  it('is the first edition until the final one was sent, then the final one with what is new in it', async () => {
    const { keep, get, world, id } = await ended('ended', 'first-report');
    const { plan } = storedReport([]);
    const finalAt = '2026-01-05T14:00:00.000Z';
    await keep([aCall('iam:CreateUser')], { edition: 'first', sentAt: SENT, plan: { ...plan, finalAt } });
    await keep([aCall('iam:CreateUser'), aCall('iam:DeleteUser')]);
    expect((await get('ben')).json.report).toMatchObject({ edition: 'first', finalAt, counts: { write: 1 } });
    world.requests.put({ ...world.requests.now(id), state: 'reported' });
    const { report } = (await get('ben')).json;
    expect(report).toMatchObject({ edition: 'final', counts: { write: 2 } });
    expect(report.news.lines.join(' ')).toContain('iam:DeleteUser');
  });

  it('is empty before an edition was sent, and a report that could not be mailed is shown', async () => {
    const { get } = await ended('active');
    expect((await get('ben')).json.report).toBeNull();
    const beingRead = await ended('ended');
    await beingRead.keep([aCall('iam:CreateUser')]);
    expect((await beingRead.get('ben')).json.report).toBeNull();
    const unsent = await ended('ended', 'report-unsent');
    await unsent.keep([aCall('iam:CreateUser')]);
    expect((await unsent.get('ben')).json.report).toMatchObject({ sentAt: null, headline: '1 write' });
  });

  it('does not exist for a caller whom the request does not concern', async () => {
    const { keep, get, refused } = await ended('reported');
    await keep([aCall('iam:CreateUser')], { sentAt: SENT });
    const [there, never] = [await get('ana'), await get('ana', `req-${'0'.repeat(30)}`)];
    expect([there.statusCode, there.json.reason, refused.length]).toEqual([404, 'unknown-request', 0]);
    expect(there.body).toBe(never.body);
  });
});

describe('the activity of running access', () => {
  const ASKED = '2026-01-05T12:00:00.000Z';

  it('is asked of the report function once a minute, and everybody who asks in that minute reads the same answer', async () => {
    const { call, id, soFar, services } = await ended('active');
    const get = async (as: string, which = id) => call(`GET requests/${which}/activity`, { as });
    expect((await get('ben')).json).toEqual({ accessId: id, status: 'reading', readAt: null, done: null });
    await get('cleo', JOINED);
    // Both calls send the same question, with the same id.
    expect(new Set(soFar.asked.map((question) => JSON.stringify(question))).size).toBe(1);
    expect(soFar.asked[0]).toMatchObject({ requestId: id, keep: true });
    soFar.askedAt = ASKED;
    expect((await get('uma')).json.status).toBe('reading');
    const model = reportOf([aCall('iam:CreateUser')]);
    soFar.kept = { readAt: ASKED, done: activityView({ from: ASKED, to: ASKED }, model) };
    const read = await get('olga');
    expect(read.json).toMatchObject({ status: 'read', readAt: ASKED, done: { headline: '1 write' } });
    expect(soFar.asked).toHaveLength(2);
    // An answer older than a minute is read again; meanwhile the old one is shown with the time it was read.
    services.now = () => new Date('2026-01-05T12:01:01.000Z');
    expect((await get('ben')).json).toMatchObject({ status: 'reading', readAt: ASKED, done: { headline: '1 write' } });
    expect(soFar.asked).toHaveLength(3);
    expect(soFar.asked[2]).not.toEqual(soFar.asked[0]);
  });

  it.each([
    ['pending', 409, 'not-begun'],
    ['reported', 409, 'already-reported'],
  ] as const)('is refused for a request that is %s, and nothing is read', async (state, status, reason) => {
    const { call, id, soFar } = await ended(state);
    const { statusCode, json } = await call(`GET requests/${id}/activity`, { as: 'ben' });
    expect([statusCode, json.reason, soFar.asked]).toEqual([status, reason, []]);
  });
});
