import { GRANTED_FIELDS, type Granted } from '../../../../core/access/lease/ports.ts';
import { asGranted } from '../../../../core/activity/report/as-granted.ts';
import { startReport } from '../../../../core/activity/report/editions/start-report.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { fakeHolds, fakeLooks, fakeReports, fakeRequests, fakeSource, pagesOf } from '../fakes.ts';
import { endedRequest, PLAN_SETTINGS, READ_AT } from '../records.ts';

const REQUEST = endedRequest({
  events: [
    ...endedRequest().events.slice(0, 2),
    { type: 'ending', at: '2026-01-05T10:00:01.000Z', by: 'glasshammer', state: 'ending' },
    ...endedRequest().events.slice(2),
  ],
});
const GRANTED = Object.fromEntries(GRANTED_FIELDS.map((field) => [field, REQUEST[field]])) as unknown as Granted;
const HOLD = { accessId: REQUEST.id, startedAt: REQUEST.startsAt, endsAt: REQUEST.endsAt };

const read = (change: Partial<AccessRequest>, granted: Granted | undefined = GRANTED, holds = [HOLD]) =>
  asGranted({ ...REQUEST, ...change }, { holds: fakeHolds(holds, granted), now: () => READ_AT });

const happened = (type: 'ended' | 'sessions-cut' | 'sessions-left', at: string) =>
  ({ type, at, by: 'glasshammer', ...(type === 'ended' ? { state: type } : {}) }) as const;
const CUT_AT = '2026-01-05T10:00:20.000Z';

test('a request that nobody altered is read as it is', async () => {
  expect(await read({})).toEqual(REQUEST);
  expect(await read({ events: [...REQUEST.events, happened('sessions-cut', CUT_AT)], sessionsCutAt: CUT_AT })).toEqual(
    expect.not.objectContaining({ altered: expect.anything() }),
  );
});

test.each<[keyof Granted, Partial<AccessRequest>]>([
  ['requester', { requester: { ...REQUEST.requester, principalId: 'user-zoe' } }],
  ['target', { target: { groupId: 'group-oncall' } }],
  ['names', { names: {} }],
  ['reason', { reason: 'another' }],
  ['ticket', { ticket: '' }],
  ['requestedAt', { requestedAt: '2026-01-01T00:00:00.000Z' }],
  ['origin', { origin: { kind: 'cli' } }],
  ['votes', { votes: [] }],
  ['path', { path: 'another' }],
  ['sessionSeconds', { sessionSeconds: 0 }],
  ['startsAt', { startsAt: '2026-01-05T09:59:00.000Z' }],
  ['durationSeconds', { durationSeconds: 1 }],
])('%s is as it was granted, and named if it is altered', async (field, change) => {
  expect(await read(change)).toEqual({ ...REQUEST, altered: [field] });
});

test('access stays break glass, and becomes it when a break-glass request joins', async () => {
  expect(await read({ breakGlass: true })).toEqual({ ...REQUEST, breakGlass: true });
  const granted = { ...GRANTED, breakGlass: true };
  expect(await read({}, granted)).toEqual({ ...REQUEST, breakGlass: true, altered: ['breakGlass'] });
});

test.each<[string, Partial<AccessRequest>, string]>([
  ['planned end', { endsAt: '2026-01-05T09:10:00.000Z' }, 'endsAt'],
  ['begin of the end', { endingAt: '2026-01-05T09:10:00.000Z' }, 'endingAt'],
  ['end', { events: [...REQUEST.events, happened('ended', '2026-01-05T09:10:00.000Z')] }, 'endedAt'],
  ['end to come', { events: [...REQUEST.events, happened('ended', '2026-01-06T09:10:00.000Z')] }, 'endedAt'],
])('an altered %s counts for nothing', async (_what, change, field) => {
  const endedAt = change.events?.at(-1)?.at ?? REQUEST.endedAt;
  const { events: _, altered, ...found } = await read({ ...change, endedAt });
  const { events: __, ...expected } = REQUEST;
  expect(found).toEqual(expected);
  expect(altered).toEqual([field]);
});

test('without an end in the history, access ended when it was to end, or ends now', async () => {
  const forged = { events: [], endedAt: '2026-01-05T09:10:00.000Z' };
  expect(await read(forged)).toMatchObject({ endedAt: HOLD.endsAt, altered: ['endedAt'] });
  const longer = [{ ...HOLD, endsAt: '2026-01-06T00:00:00.000Z' }];
  expect(await read(forged, GRANTED, longer)).toMatchObject({ endedAt: READ_AT.toISOString() });
});

test.each([
  ['no event', []],
  ['an event that they were left', [happened('sessions-left', CUT_AT), happened('sessions-cut', CUT_AT)]],
])('sessions are not cut by a field with %s', async (_what, events) => {
  const change = { events: [...REQUEST.events, ...events], sessionsCutAt: CUT_AT };
  const { sessionsCutAt, altered } = await read(change);
  expect([sessionsCutAt, altered]).toEqual([undefined, ['sessionsCutAt']]);
});

test('a request of a version that stored nothing beside it is read as it is', async () => {
  const other = { target: { groupId: 'group-oncall' } };
  const services = { holds: fakeHolds([]), now: () => READ_AT };
  expect(await asGranted({ ...REQUEST, ...other }, services)).toEqual({ ...REQUEST, ...other });
});

test.each(['reported', 'cancelled', 'failed'] as const)(
  'the report of an access that is over is begun although its request says that it is %s',
  async (state) => {
    const services = {
      requests: fakeRequests({ ...REQUEST, state }),
      reports: fakeReports(),
      looks: fakeLooks(),
      holds: fakeHolds([HOLD], GRANTED),
      source: fakeSource(pagesOf({})),
      settings: PLAN_SETTINGS,
      now: () => READ_AT,
    };
    expect(await startReport(REQUEST.id, services)).not.toHaveProperty('edition');
  },
);
