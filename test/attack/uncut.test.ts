import { BREAK_GLASS, Driver, PRODUCTION, STAGING } from '../scenarios/support/driver.ts';
import { GUARDED_SETS } from '../scenarios/support/guarded-sets.ts';
import { deployedRole, Intruder } from './intruder.ts';

interface Use {
  credentials: { accessKeyId: string } | null;
  allowed: boolean;
}

/*
 * A role that may write requests can set fields that claim something happened: sessions were cut, or a review was done.
 */
describe('a request that an attacker edited to say what never happened', () => {
  let driver: Driver;
  beforeAll(async () => {
    deployedRole('hold-access');
    driver = await Driver.start({ permissionSets: GUARDED_SETS, attachedGuards: ['PowerUserAccess'] });
    driver.mayBeRefused = true;
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const use = (body: object) => driver.must('POST', '/sandbox/portal/use', body) as unknown as Promise<Use>;
  const role = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };

  async function edited(fields: Record<string, unknown>): Promise<void> {
    const intruder = new Intruder('hold-access', driver.running.url);
    expect(await intruder.edit((await driver.request()).id, fields)).toBe(true);
    intruder.close();
  }
  const edits = () =>
    driver.running
      .current()
      .world.events.flatMap(({ detail: { type, note } }) => (type === 'silent-edit' ? [note] : []));

  it.each<[string, Record<string, unknown>]>([
    ['the access is kept', { sessionsLeft: 'kept' }],
    ['nobody can cut its sessions', { sessionsLeft: 'unguarded' }],
    ['its sessions are cut', { sessionsCutAt: '2026-01-05T09:00:00.000Z' }],
  ])('though it says that %s, its sessions are cut and an alarm is raised', async (_what, fields) => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    const { credentials, allowed } = await use(role);
    expect(allowed).toBe(true);
    await edited(fields);
    await driver.press('U0ANA', { actionId: 'request.done', value: (await driver.request()).id, channel: 'C0ALERTS' });
    await driver.advance('PT15S');
    expect((await driver.request()).events.map(({ type }) => type)).toContain('sessions-cut');
    expect(await use({ credentials })).toMatchObject({ allowed: false });
    expect(edits()).toEqual([expect.stringContaining(`${Object.keys(fields)[0]} was not there`)]);
    expect((await driver.state()).alarms.map(({ id }) => id)).toContain('records-tampered');
  });

  it.each<[string, Record<string, unknown>]>([
    ['another permission set was used', { names: { accountName: 'production', permissionSetName: 'Other' } }],
    ['its sessions last something else than seconds', { sessionSeconds: 'x' }],
    ['the person had the access before', { grant: { askedAt: '2026-01-05T09:00:00.000Z', standing: true } }],
    ['nothing is known of the grant', { grant: {} }],
    ['its sessions were cut at no instant', { sessionsCutAt: 'x' }],
  ])('though it says that %s, its sessions are cut at once', async (_what, fields) => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    const { credentials } = await use(role);
    await edited(fields);
    await driver.press('U0ANA', { actionId: 'request.done', value: (await driver.request()).id, channel: 'C0ALERTS' });
    await driver.advance('PT15S');
    expect(await use({ credentials })).toMatchObject({ allowed: false });
    expect((await driver.state()).alarms.map(({ id }) => id)).toContain('records-tampered');
  });

  it.each<[string, Record<string, unknown>]>([
    ['another account', { target: { accountId: STAGING, permissionSetArn: BREAK_GLASS } }],
    ['another person', { requester: { principalId: 'user-zoe', email: 'zoe@example.com', name: 'Zoe' } }],
    ['an account that is no text', { target: { accountId: 1, permissionSetArn: 1 } }],
  ])(
    'though it names %s, what was given is removed and its sessions are cut soon after its end',
    async (_what, fields) => {
      await driver.breakGlass('U0ANA');
      await driver.advance('PT5M');
      const { credentials } = await use(role);
      await edited(fields);
      await driver.advance('PT56M');
      expect((await driver.state()).assignments).toEqual([]);
      expect(await use({ credentials })).toMatchObject({ allowed: false });
    },
  );

  it.each(['sessions-cut', 'sessions-left'])(
    'though a forged %s event is in its history, its sessions are cut',
    async (type) => {
      await driver.breakGlass('U0ANA');
      await driver.advance('PT5M');
      const { credentials } = await use(role);
      const { events } = await driver.request();
      await edited({ events: [...events, { type, at: (await driver.state()).now, by: 'glasshammer' }] });
      await driver.press('U0ANA', {
        actionId: 'request.done',
        value: (await driver.request()).id,
        channel: 'C0ALERTS',
      });
      await driver.advance('PT15S');
      expect(await use({ credentials })).toMatchObject({ allowed: false });
    },
  );

  it('an alarm is raised when it says that its break-glass access was reviewed', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    await edited({ review: { status: 'acknowledged', approvers: ['user-cleo'], by: 'user-cleo' } });
    await driver.advance('PT15S');
    expect(edits()).toEqual([expect.stringContaining('review was')]);
    expect((await driver.state()).alarms.map(({ id }) => id)).toContain('records-tampered');
  });
});
