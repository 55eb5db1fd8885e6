import { BREAK_GLASS, Driver, PRODUCTION, READ_ONLY, STAGING } from '../scenarios/support/driver.ts';
import { finalReports, type State } from '../scenarios/support/state.ts';
import { deployedRole, Intruder } from './intruder.ts';

type Stored = State['requests'][number];
type Fields = Record<string, unknown>;

const later = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();
const ended = (at: string) => ({ type: 'ended', state: 'ended', at, by: 'glasshammer' });
const ZOE = { principalId: 'user-zoe', userName: 'zoe', displayName: 'Zoe', email: 'zoe@example.com', slackId: '' };

/** What an attacker writes: a name, the attributes that the report then names, and their values. */
type Forgery = readonly [string, readonly string[], (request: Stored) => Fields];

/** Written at any time. Each attribute alone is tried in `core/activity/report/as-granted`. */
const ALWAYS: readonly Forgery[] = [
  [
    'another person, account, time and reason',
    ['requester', 'target', 'names', 'startsAt', 'sessionSeconds', 'reason', 'votes', 'path', 'sessionsCutAt'],
    ({ startsAt: at }) => ({
      requester: ZOE,
      target: { accountId: STAGING, permissionSetArn: BREAK_GLASS },
      names: { accountName: 'Staging', permissionSetName: 'ReadOnlyAccess' },
      startsAt: later(at, 600),
      sessionSeconds: 0,
      reason: 'Zoe told me to',
      votes: [{ principalId: 'user-zoe', slackId: 'U0ZOE', vote: 'approve', at }],
      path: 'another-policy',
      sessionsCutAt: later(at, 30),
    }),
  ],
  [
    'another permission set, and values of other kinds',
    ['requester', 'target', 'names', 'startsAt'],
    ({ requester }) => ({
      requester: { ...requester, userName: '', displayName: 'Zoe' },
      target: { accountId: PRODUCTION, permissionSetArn: READ_ONLY },
      names: { accountName: 5, permissionSetName: 5 },
      startsAt: 'x',
    }),
  ],
  ['another account alone', ['target'], () => ({ target: { accountId: STAGING, permissionSetArn: BREAK_GLASS } })],
  ['that it was reported', ['state'], () => ({ state: 'reported' })],
  [
    'that it was reported, in its history as well',
    ['state'],
    ({ events, endsAt: at }) => ({
      state: 'reported',
      events: [...events, { type: 'reported', state: 'reported', at, by: 'glasshammer' }],
    }),
  ],
  ['that it never was', ['state'], () => ({ state: 'cancelled' })],
];

/** What an attacker writes after the end; before it, it ends access early, or the program writes over it. */
const AFTERWARDS: readonly Forgery[] = [
  ['membership in a group', ['target'], () => ({ target: { groupId: 'group-oncall' } })],
  [
    'an earlier end in the history',
    ['endedAt'],
    ({ events, startsAt }) => ({
      events: [...events, ended(later(startsAt, 300))],
    }),
  ],
  [
    'an end in the future in the history',
    ['endedAt'],
    ({ events }) => ({
      events: [...events, ended('2099-01-01T00:00:00.000Z')],
    }),
  ],
  ['no history', ['endedAt'], ({ startsAt }) => ({ events: [], endedAt: later(startsAt, 300) })],
  ['an earlier planned end', ['endsAt'], ({ startsAt }) => ({ endsAt: later(startsAt, 60) })],
  ['an earlier begin of the end', ['endingAt'], ({ startsAt }) => ({ endingAt: later(startsAt, 60) })],
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
    async (when, _what, names, fields) => {
      const { subject, text } = await reportAfter(when, fields);
      expect(subject).toBe(
        '[Glasshammer] Ana Alvarez in Production as BreakGlassAdmin: 2 writes, 1 to look at, the record was altered (final edition)',
      );
      const [, altered = ''] =
        /altered the stored request after the grant \((.*)\)\. This report uses/.exec(text) ?? [];
      expect(altered.split(', ')).toEqual(expect.arrayContaining([...names]));
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
