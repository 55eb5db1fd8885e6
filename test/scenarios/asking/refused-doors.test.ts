import { ACCESS_COMMAND, ACCESS_SHORTCUT, FIELDS, MESSAGE_SHORTCUT } from '../../../slack/actions.ts';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { asks, does, sends } from '../support/people.ts';

/** A fact of the archive, as far as it is looked at here. */
interface Refused {
  readonly type: string;
  readonly by: string;
  readonly note: string;
  readonly subjects?: readonly string[];
}

describe('somebody who is refused before they have asked for anything', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    // What strangers do is written down once an hour.
    await driver.alignToHour();
  });

  /** What the audit has of the refused actions of somebody. */
  async function refusedTo(user: string): Promise<readonly Refused[]> {
    await driver.advance('PT5S');
    const { archive } = (await driver.must('GET', '/sandbox/state')) as { archive: Refused[] };
    return archive.filter(({ type, by }) => type === 'action-refused' && by === user);
  }

  const command = (user: string, text: string) =>
    does(driver, user, 'command', { command: ACCESS_COMMAND, channel: 'C0ALERTS', text });
  const DOORS: readonly (readonly [door: string, note: string, comes: (user: string) => Promise<unknown>])[] = [
    ['the command', '/access', (user) => command(user, 'Look into the outage')],
    ['the command for what they have', '/access status', (user) => command(user, 'status')],
    ['the command that ends', '/access end', (user) => command(user, 'end')],
    ['the shortcut', ACCESS_SHORTCUT, (user) => does(driver, user, 'shortcut', { callbackId: ACCESS_SHORTCUT })],
    ['the shortcut of a message', MESSAGE_SHORTCUT, (user) => fromMessage(user)],
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
    'is in the audit with person and reason, and once an hour if they are a stranger: %s',
    async (_door, note, comes) => {
      for (const user of ['U0GUS', 'U0EVE', 'U0EVE', 'U0FAY']) await comes(user);
      expect((await refusedTo('U0GUS')).map((fact) => fact.note)).toEqual([`${note}: unknown-user`]);
      expect((await refusedTo('U0EVE')).map((fact) => fact.note)).toEqual([`${note}: slack-connect-user`]);
      expect((await refusedTo('U0FAY')).map((fact) => fact.note)).toEqual([`${note}: guest`]);
      expect((await driver.state()).requests).toEqual([]);
    },
  );

  it('is in the audit when they lose their access with the form open, and choose or look for something in it', async () => {
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

  it('is in the audit when there is nothing to end', async () => {
    await command('U0ANA', 'end');
    expect(await refusedTo('U0ANA')).toEqual([expect.objectContaining({ note: '/access end: nothing-held' })]);
  });

  it('leaves a refused request, and nothing else, when they ask', async () => {
    await driver.ask('U0FAY', { account: PRODUCTION, permissionSet: 'AdministratorAccess', reason: 'Look' });
    expect((await driver.state()).requests).toEqual([expect.objectContaining({ refusal: { reason: 'guest' } })]);
    expect(await refusedTo('U0FAY')).toEqual([]);
  });

  it('is in the audit with the request when a form about it is sent too late', async () => {
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
