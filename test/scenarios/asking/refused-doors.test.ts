import { ACCESS_COMMAND, ACCESS_SHORTCUT, FIELDS, MESSAGE_SHORTCUT } from '../../../slack/actions.ts';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { asks, does, sends } from '../support/people.ts';

/** The fields of an archived audit event that these tests read. */
interface Refused {
  readonly type: string;
  readonly by: string;
  readonly note: string;
  readonly subjects?: readonly string[];
}

describe('a person who is refused before they have made a request', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    // Refusals of strangers are recorded once an hour.
    await driver.alignToHour();
  });

  /** The audit events about actions that were refused to a person. */
  async function refusedTo(user: string): Promise<readonly Refused[]> {
    await driver.advance('PT5S');
    const { archive } = (await driver.must('GET', '/sandbox/state')) as { archive: Refused[] };
    return archive.filter(({ type, by }) => type === 'action-refused' && by === user);
  }

  const command = (user: string, text: string) =>
    does(driver, user, 'command', { command: ACCESS_COMMAND, channel: 'C0ALERTS', text });
  const DOORS: readonly (readonly [door: string, note: string, comes: (user: string) => Promise<unknown>])[] = [
    ['the command', '/access', (user) => command(user, 'Look into the outage')],
    ['the command that lists access', '/access status', (user) => command(user, 'status')],
    ['the command that ends access', '/access end', (user) => command(user, 'end')],
    ['the global shortcut', ACCESS_SHORTCUT, (user) => does(driver, user, 'shortcut', { callbackId: ACCESS_SHORTCUT })],
    ['the message shortcut', MESSAGE_SHORTCUT, (user) => fromMessage(user)],
    ['the App Home', 'home', (user) => does(driver, user, 'home')],
    [
      'the button of the App Home',
      'home.request',
      (user) => driver.press(user, { actionId: 'home.request', value: '' }),
    ],
  ];

  let messages = 0;
  function fromMessage(user: string) {
    messages += 1;
    return driver.interact({
      type: 'message_action',
      callback_id: MESSAGE_SHORTCUT,
      team: { id: 'T0HOME' },
      user: { id: user, team_id: 'T0HOME' },
      channel: { id: 'C0ALERTS' },
      message: { ts: '1700000002.000001', text: 'Disk full' },
      message_ts: '1700000002.000001',
      trigger_id: `message-${messages}`,
    });
  }

  it.each(DOORS)(
    'is recorded in the audit with the reason, a stranger once an hour: %s',
    async (_door, note, comes) => {
      for (const user of ['U0GUS', 'U0EVE', 'U0EVE', 'U0FAY']) await comes(user);
      expect((await refusedTo('U0GUS')).map((fact) => fact.note)).toEqual([`${note}: unknown-user`]);
      expect((await refusedTo('U0EVE')).map((fact) => fact.note)).toEqual([`${note}: slack-connect-user`]);
      expect((await refusedTo('U0FAY')).map((fact) => fact.note)).toEqual([`${note}: guest`]);
      expect((await driver.state()).requests).toEqual([]);
    },
  );

  it('is recorded in the audit when they lose their access with the form open and go on using the form', async () => {
    await command('U0BEN', '');
    await driver.putRecords({ id: { S: 'principal#U0BEN' }, ssoPrincipal: { S: 'user-zoe' } });
    const { view } = (await driver.state()).views.find(({ user }) => user === 'U0BEN') ?? {};
    await does(driver, 'U0BEN', 'options', { actionId: FIELDS.account, query: 'st' });
    await does(driver, 'U0BEN', 'options', { actionId: FIELDS.account, query: 'sta' });
    await does(driver, 'U0BEN', 'press', { viewId: view?.id, actionId: FIELDS.duration, value: '3600' });
    expect((await refusedTo('U0BEN')).map(({ note }) => note)).toEqual([
      expect.stringMatching(/^menu account: principal-not-found/),
      expect.stringMatching(/^duration: principal-not-found/),
    ]);
  });

  it('is recorded in the audit when they end access and have none', async () => {
    await command('U0ANA', 'end');
    expect(await refusedTo('U0ANA')).toEqual([expect.objectContaining({ note: '/access end: nothing-held' })]);
  });

  it('leaves a refused request, and no other audit event, when they ask for access', async () => {
    await driver.ask('U0FAY', { account: PRODUCTION, permissionSet: 'AdministratorAccess', reason: 'Look' });
    expect((await driver.state()).requests).toEqual([expect.objectContaining({ refusal: { reason: 'guest' } })]);
    expect(await refusedTo('U0FAY')).toEqual([]);
  });

  it('is recorded in the audit with the request when they send a form about it too late', async () => {
    const request = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'AdministratorAccess',
      reason: 'Look',
    });
    await driver.press('U0CLEO', { actionId: 'request.hand-on', value: request.id });
    await driver.press('U0DAN', { actionId: 'request.approve', value: request.id });
    await sends(driver, 'U0CLEO', { person: 'user-dan' });
    expect(await refusedTo('U0CLEO')).toEqual([
      expect.objectContaining({
        note: expect.stringMatching(/^request\.hand-on\.to: already-decided/),
        subjects: [request.id],
      }),
    ]);
  });
});
