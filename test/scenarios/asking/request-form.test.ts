import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  clicks,
  clicksAtHome,
  does,
  now,
  privateWords,
  putPolicies,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const EUROPE = '210987654321';
const IN_STAGING = { account: STAGING, 'permission-set': POWER, duration: '3600', reason: 'Try the migration' };

/** Adds a channel that the app was never invited to. */
function withAnotherChannel() {
  const channels = [
    ...(DEFAULT_SEED.slack?.channels ?? []),
    { id: 'C0CHAT', name: 'chat', members: ['U0ANA', 'U0BEN'] },
  ];
  return { slack: { channels } };
}

describe('the request form', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(withAnotherChannel());
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const opens = (user: string, channel = 'C0ALERTS') => does(driver, user, 'command', { command: '/access', channel });
  const offered = async (user: string, actionId: string, query = '', values?: Record<string, string>) => {
    const { options = [] } = await does(driver, user, 'options', { actionId, query, ...(values ? { values } : {}) });
    return options.map(({ value }) => value);
  };
  const formOf = async (user: string) =>
    (await driver.state()).views.find((view) => view.user === user && view.type === 'modal')?.view;

  it('takes the text behind the command as the reason, and explains itself when asked for help', async () => {
    await does(driver, 'U0BEN', 'command', {
      command: '/access',
      channel: 'C0ALERTS',
      text: ' the <cache> & queue are full ',
    });
    const [form] = (await driver.state()).views.filter(({ type }) => type === 'modal');
    expect(JSON.stringify(form?.view)).toContain('"initial_value":"the <cache> & queue are full"');
    expect(form?.view).toMatchObject({ close: { text: 'Cancel' } });

    await driver.reset();
    await does(driver, 'U0BEN', 'command', { command: '/access', channel: 'C0ALERTS', text: 'Help' });
    const state = await driver.state();
    expect(state.views.filter(({ type }) => type === 'modal')).toEqual([]);
    expect(privateWords(state, 'U0BEN').at(-1)).toContain('whatever you type behind it is put in as the reason');
  });

  it('opens from the command, the shortcut and the App Home, and makes a request when it is sent', async () => {
    await opens('U0BEN');
    expect(await formOf('U0BEN')).toMatchObject({ callback_id: 'request.new' });
    expect((await sends(driver, 'U0BEN', IN_STAGING)).told).toContain('Granting');
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({ state: 'active', origin: { kind: 'command', channel: 'C0ALERTS' } });

    await does(driver, 'U0BEN', 'shortcut', { callbackId: 'request.shortcut' });
    expect((await sends(driver, 'U0BEN', IN_STAGING)).told).toContain('You have *PowerUserAccess*');
    await driver.advance('PT10S');
    const byShortcut = await driver.request();
    expect(byShortcut).toMatchObject({ state: 'active', origin: { kind: 'shortcut' } });

    await does(driver, 'U0BEN', 'home');
    await clicksAtHome(driver, 'U0BEN', 'Request access');
    await sends(driver, 'U0BEN', { ...IN_STAGING, account: PRODUCTION, 'permission-set': ADMIN });
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({ state: 'pending', origin: { kind: 'home' } });
    expectSound(await driver.state());
  });

  it('keeps what was filled in and says what is missing or wrong', async () => {
    await opens('U0ANA');
    const unchosen = await sends(driver, 'U0ANA', { account: PRODUCTION, reason: 'Look', duration: '900' });
    expect(unchosen.errors).toEqual({ 'permission-set': expect.any(String) });
    const late = String(Math.floor(Date.parse((await driver.state()).now) / 1000) + 400 * 24 * 3600);
    const farAway = await sends(driver, 'U0ANA', { 'permission-set': ADMIN, start: late });
    expect(farAway.errors).toEqual({ start: expect.stringContaining('30 days') });
    expect((await driver.state()).requests).toEqual([]);
    expect((await sends(driver, 'U0ANA', { start: '' })).told).toContain('Asked');
    expect(await driver.request()).toMatchObject({ state: 'pending', durationSeconds: 900 });
  });

  it('answers with a direct message where the app may not write in the channel', async () => {
    await opens('U0BEN', 'C0CHAT');
    const seen = await sends(driver, 'U0BEN', { ...IN_STAGING, duration: '14400' });
    expect(seen.errors).toEqual({ duration: 'At most 2 hours here.' });
    expect(seen.told).toContain('cannot have this for that long');
    expect((await sends(driver, 'U0BEN', { duration: '3600' })).told).toContain('Granting');
    await driver.advance('PT10S');
    expect(privateWords(await driver.state(), 'U0BEN').join()).toContain('*Active:*');
    expectSound(await driver.state());
  });

  it('offers what the person may ask for, and nothing else', async () => {
    await opens('U0BEN');
    expect(await offered('U0BEN', 'account')).toEqual([PRODUCTION, EUROPE, STAGING]);
    expect(await offered('U0BEN', 'account', 'stag')).toEqual([STAGING]);
    expect(await offered('U0BEN', 'account', 'manage')).toEqual([]);
    expect(await offered('U0BEN', 'permission-set', '', { account: STAGING })).toEqual([POWER]);
    expect(await offered('U0BEN', 'permission-set', 'read', { account: PRODUCTION })).toEqual([READ_ONLY]);

    await opens('U0ANA');
    expect(await offered('U0ANA', 'account')).toEqual([PRODUCTION, EUROPE, 'group:group-oncall']);
    expect(await offered('U0ANA', 'permission-set', '', { account: PRODUCTION })).toEqual([
      ADMIN,
      BREAK_GLASS,
      READ_ONLY,
    ]);
    expect(await offered('U0ANA', 'permission-set', '', { account: EUROPE })).toEqual([ADMIN, READ_ONLY]);

    // Cleo may approve but not ask for anything; a change of the access table changes the menus at once.
    await opens('U0CLEO');
    expect(await offered('U0CLEO', 'account')).toEqual([]);
    await driver.putRecords({ id: { S: `access#345678901234#${READ_ONLY}#group-leads` } });
    expect(await offered('U0CLEO', 'account')).toEqual(['345678901234']);
    await putPolicies(driver, { name: 'closed', effect: 'deny', who: ['group:Leads'], accounts: ['tag:env=sandbox'] });
    expect(await offered('U0CLEO', 'account')).toEqual([]);
  });

  it('offers the permission sets of the chosen account, although Slack does not send the account with the search', async () => {
    await opens('U0BEN');
    const form = await formOf('U0BEN');
    await does(driver, 'U0BEN', 'press', { viewId: form?.id, actionId: 'account', value: STAGING });
    const chosen = await formOf('U0BEN');
    expect(JSON.parse(chosen?.private_metadata ?? '{}')).toMatchObject({ account: STAGING });
    const answer = await driver.slack(
      'options',
      `payload=${encodeURIComponent(
        JSON.stringify({
          type: 'block_suggestion',
          team: { id: 'T0HOME' },
          user: { id: 'U0BEN', team_id: 'T0HOME' },
          action_id: 'permission-set',
          block_id: 'permission-set',
          value: '',
          view: { ...chosen, state: { values: {} } },
        }),
      )}`,
    );
    expect(JSON.parse(answer.text).options.map(({ value }: { value: string }) => value)).toEqual([POWER]);
  });

  it('does not open for a guest or a person who cannot be identified, and says why', async () => {
    expect((await opens('U0GUS')).told).toContain('not linked to an AWS Identity Center user');
    expect((await opens('U0FAY')).told).toContain('Guests of this workspace');
    expect(await formOf('U0GUS')).toBeUndefined();
    await does(driver, 'U0GUS', 'home');
    const home = (await driver.state()).views.find(({ user }) => user === 'U0GUS');
    expect(wordsOf(home?.view)).toContain('not linked to an AWS Identity Center user');
    expect(wordsOf(home?.view)).not.toContain('Request access');
  });

  it('extends access by the chosen time, only for the person who has it', async () => {
    const first = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', duration: '30m' });
    await driver.advance('PT20M');
    const story = await statusMessageOf(driver, first);
    expect((await clicks(driver, 'U0ANA', story, 'Extend')).told).toContain('Only the person who asked');
    await clicks(driver, 'U0BEN', story, 'Extend');
    await sends(driver, 'U0BEN', { duration: '3600', reason: 'Needs longer' });
    await driver.advance('PT15M');
    expect((await now(driver, first)).state).toBe('active');
    const second = await driver.request();
    expect(second).toMatchObject({
      state: 'active',
      accessId: first.id,
      target: { accountId: STAGING, permissionSetArn: POWER },
    });
    expect((await driver.state()).assignments).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('is not needed in the App Home to end, cancel and approve requests and to see what is open', async () => {
    const active = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess' });
    const pending = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    const other = await asks(driver, 'U0ANA', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    const homeOf = async (user: string) =>
      wordsOf((await driver.state()).views.find((view) => view.user === user && view.type === 'home')?.view);

    await does(driver, 'U0BEN', 'home');
    expect(await homeOf('U0BEN')).toContain('Your access now');
    expect(await homeOf('U0BEN')).toContain('Your open requests');
    expect(await homeOf('U0BEN')).not.toContain('<@U0ANA>');
    await clicksAtHome(driver, 'U0BEN', 'Cancel request');
    await clicksAtHome(driver, 'U0BEN', "I'm done");
    expect(await homeOf('U0BEN')).not.toContain('Your open requests');

    await does(driver, 'U0CLEO', 'home');
    expect(await homeOf('U0CLEO')).toContain('Waiting for your vote');
    expect((await clicksAtHome(driver, 'U0CLEO', 'Approve')).told).toContain('Approved');
    expect(await homeOf('U0CLEO')).not.toContain('Waiting for your vote');
    await driver.advance('PT10S');
    expect((await now(driver, pending)).state).toBe('cancelled');
    expect((await now(driver, active)).state).toBe('ended');
    expect((await now(driver, other)).state).toBe('active');
    expect(wordsOf(await approvalFor(driver, other))).toContain('Approved by <@U0CLEO>');

    // Access that is over can be requested again from the list of earlier requests.
    expect(await homeOf('U0BEN')).toContain('*PowerUserAccess* in *Staging*');
    await clicksAtHome(driver, 'U0BEN', 'Ask again');
    expect((await sends(driver, 'U0BEN', { reason: 'One thing more', duration: '900' })).errors).toBeUndefined();
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({
      state: 'active',
      origin: { kind: 'home' },
      target: { accountId: STAGING, permissionSetArn: POWER },
    });
    expectSound(await driver.state());
  });
});
