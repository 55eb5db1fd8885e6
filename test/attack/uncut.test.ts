import { BREAK_GLASS, Driver, PRODUCTION } from '../scenarios/support/driver.ts';
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

  it('an alarm is raised when it says that its break-glass access was reviewed', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    await edited({ review: { status: 'acknowledged', approvers: ['user-cleo'], by: 'user-cleo' } });
    await driver.advance('PT15S');
    expect(edits()).toEqual([expect.stringContaining('review was')]);
    expect((await driver.state()).alarms.map(({ id }) => id)).toContain('records-tampered');
  });
});
