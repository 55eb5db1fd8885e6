import { BREAK_GLASS, Driver, PRODUCTION, READ_ONLY, STAGING } from '../scenarios/support/driver.ts';
import { finalReports, type State } from '../scenarios/support/state.ts';
import { deployedRole, Intruder } from './intruder.ts';

type Stored = State['requests'][number];
type Fields = Record<string, unknown>;

const later = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();
const ended = (at: string) => ({ type: 'ended', state: 'ended', at, by: 'glasshammer' });
const ZOE = { principalId: 'user-zoe', userName: 'zoe', displayName: 'Zoe', email: 'zoe@example.com', slackId: '' };

/** What an attacker writes into the request at any time, by the attribute that the report then names. */
const ALWAYS: readonly (readonly [string, string, (request: Stored) => Fields])[] = [
  ['another account', 'target', () => ({ target: { accountId: STAGING, permissionSetArn: BREAK_GLASS } })],
  ['another permission set', 'target', () => ({ target: { accountId: PRODUCTION, permissionSetArn: READ_ONLY } })],
  ['the name of another set', 'names', () => ({ names: { permissionSetName: 'ReadOnlyAccess' } })],
  ['names that are no text', 'names', () => ({ names: { accountName: 5, permissionSetName: 5 } })],
  ['another person', 'requester', () => ({ requester: ZOE })],
  ['the name of another person', 'requester', ({ requester }) => ({ requester: { ...requester, displayName: 'Zoe' } })],
  ['no user name', 'requester', ({ requester }) => ({ requester: { ...requester, userName: '' } })],
  ['a later start', 'startsAt', ({ startsAt }) => ({ startsAt: later(startsAt, 600) })],
  ['a start that is no instant', 'startsAt', () => ({ startsAt: 'x' })],
  ['no session duration', 'sessionSeconds', () => ({ sessionSeconds: 0 })],
  ['another reason', 'reason', () => ({ reason: 'Zoe told me to' })],
  [
    'a vote that nobody cast',
    'votes',
    ({ startsAt: at }) => ({
      votes: [{ principalId: 'user-zoe', slackId: 'U0ZOE', vote: 'approve', at }],
    }),
  ],
  ['another policy', 'path', () => ({ path: 'another-policy' })],
  ['a cut of the sessions', 'sessionsCutAt', ({ startsAt }) => ({ sessionsCutAt: later(startsAt, 30) })],
];

/** What an attacker writes after the end; before it, it ends access early, or the program writes over it. */
const AFTERWARDS: typeof ALWAYS = [
  ['membership in a group', 'target', () => ({ target: { groupId: 'group-oncall' } })],
  [
    'an earlier end in the history',
    'endedAt',
    ({ events, startsAt }) => ({
      events: [...events, ended(later(startsAt, 300))],
    }),
  ],
  [
    'an end in the future in the history',
    'endedAt',
    ({ events }) => ({
      events: [...events, ended('2099-01-01T00:00:00.000Z')],
    }),
  ],
  ['no history', 'endedAt', ({ startsAt }) => ({ events: [], endedAt: later(startsAt, 300) })],
  ['an earlier planned end', 'endsAt', ({ startsAt }) => ({ endsAt: later(startsAt, 60) })],
  ['an earlier begin of the end', 'endingAt', ({ startsAt }) => ({ endingAt: later(startsAt, 60) })],
  ['that it was reported', 'state', () => ({ state: 'reported' })],
  [
    'that it was reported, in its history as well',
    'state',
    ({ events, endsAt: at }) => ({
      state: 'reported',
      events: [...events, { type: 'reported', state: 'reported', at, by: 'glasshammer' }],
    }),
  ],
  ['that it never was', 'state', () => ({ state: 'cancelled' })],
];

/*
 * A role that may write requests can say in a request whose report is still due that another person had another access
 * at another time, or that the report is out. In each test Ana makes two calls, at both ends of her half hour.
 */
describe('a report whose request an attacker has altered', () => {
  let driver: Driver;
  beforeAll(async () => {
    deployedRole('hold-access');
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const ANAS = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
  const use = (action: string) => driver.must('POST', '/sandbox/portal/use', { ...ANAS, action });

  async function reportAfter(when: 'while it lasts' | 'afterwards', fields: (request: Stored) => Fields) {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '30m', reason: 'work' });
    await driver.advance('PT2M');
    await use('s3:CreateBucket');
    await driver.advance('PT26M');
    await use('iam:CreateUser');
    if (when === 'afterwards') await driver.advance('PT3M');
    const request = await driver.request();
    const intruder = new Intruder('hold-access', driver.running.url);
    expect(await intruder.edit(request.id, fields(request))).toBe(true);
    intruder.close();
    await driver.advance('PT2H');
    const [mail, ...more] = finalReports(await driver.state());
    expect(more).toEqual([]);
    return { subject: mail?.subject ?? 'no report', text: mail?.text ?? '' };
  }

  const cases = [
    ...ALWAYS.map((each) => ['while it lasts', ...each] as const),
    ...[...ALWAYS, ...AFTERWARDS].map((each) => ['afterwards', ...each] as const),
  ];

  it.each(cases)(
    'who writes into it, %s, %s: it says so and goes by what was granted',
    async (when, _what, field, fields) => {
      const { subject, text } = await reportAfter(when, fields);
      expect(subject).toBe(
        '[Glasshammer] Ana Alvarez in Production as BreakGlassAdmin: 2 writes, 1 to look at, the record was altered (final edition)',
      );
      expect(text).toMatch(new RegExp(`altered after the grant \\([^)]*\\b${field}\\b.*\\)\\. This report goes by`));
      expect(text).toMatch(/Why {13}work\n/);
      expect(text).toContain('Approved by     Nobody: none was needed.');
      expect(text).not.toMatch(/Zoe|Staging|ReadOnlyAccess {2}|another-policy|was used after/);
    },
  );

  it('is said to be altered only if it was', async () => {
    const { subject, text } = await reportAfter('afterwards', () => ({ told: 99 }));
    expect(subject).toBe(
      '[Glasshammer] Ana Alvarez in Production as BreakGlassAdmin: 2 writes, 1 to look at (final edition)',
    );
    expect(text).not.toContain('altered');
  });
});
