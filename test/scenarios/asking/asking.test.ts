import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { ADMIN, Driver, POWER, PRODUCTION, STAGING } from '../support/driver.ts';
import { does, findButton, now, privateWords, putPolicies, sends, wordsOf } from '../support/people.ts';
import { expectSound } from '../support/sound.ts';

describe('asking for access in Slack', () => {
  let driver: Driver;
  beforeAll(async () => {
    // A channel that the app was never invited to.
    const chat = { id: 'C0CHAT', name: 'chat', members: ['U0ANA', 'U0BEN'] };
    driver = await Driver.start({ slack: { channels: [...(DEFAULT_SEED.slack?.channels ?? []), chat] } });
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  const command = (user: string, text = '') =>
    does(driver, user, 'command', { command: '/access', channel: 'C0ALERTS', text });
  const formOf = async (user: string) =>
    (await driver.state()).views.filter((view) => view.user === user && view.type === 'modal').at(-1)?.view;
  const chooses = async (user: string, actionId: string, value: string, values?: Record<string, string>) => {
    const form = await formOf(user);
    return does(driver, user, 'press', {
      viewId: form?.id,
      actionId,
      value,
      ...(values === undefined ? {} : { values }),
    });
  };
  const said = async (user: string) => wordsOf(await formOf(user));
  const lengths = async (user: string) => {
    const blocks = ((await formOf(user))?.blocks ?? []) as {
      block_id?: string;
      element?: { options?: { value: string }[] };
    }[];
    const { element } = blocks.find(({ block_id }) => block_id?.startsWith('duration')) ?? {};
    return element?.options?.map(({ value }) => Number(value));
  };

  it('says in the form, before it is sent, what will come of it, and offers no longer than the policy allows', async () => {
    await command('U0BEN');
    expect(await said('U0BEN')).toContain('this says what will come of it');
    // Staging has one permission set for Ben, so it is chosen for him; he may have it for two hours at most.
    await chooses('U0BEN', 'account', STAGING, { reason: 'Half a' });
    expect(await said('U0BEN')).toContain('*Granted without approval*');
    expect(await said('U0BEN')).toContain('2 hours at most');
    expect((await lengths('U0BEN'))?.at(-1)).toBe(7200);

    await chooses('U0BEN', 'account', PRODUCTION);
    expect(await said('U0BEN')).not.toContain('*Granted');
    await chooses('U0BEN', 'permission-set', ADMIN);
    expect(await said('U0BEN')).toMatch(/\*Needs 1 approval\* by Cleo.* or Dan/);
    expect(await lengths('U0BEN')).toEqual([900, 1800, 3600]);

    await putPolicies(
      driver,
      {
        name: 'change-freeze',
        effect: 'deny',
        who: ['everyone'],
        accounts: [PRODUCTION],
        permissionSets: ['AdministratorAccess'],
      },
      {
        name: 'why',
        effect: 'require',
        who: ['everyone'],
        accounts: [STAGING],
        reason: { minLength: 10 },
        ticket: { pattern: '^INC-[0-9]+$' },
      },
    );
    await chooses('U0BEN', 'duration', '900');
    expect(await said('U0BEN')).toContain('*Not possible like this:*');
    expect(await said('U0BEN')).toContain('change-freeze');

    await chooses('U0BEN', 'account', STAGING);
    expect(await said('U0BEN')).toContain('a reason of at least 10 letters and digits and a ticket such as `INC-123`');
    expect(await said('U0BEN')).toContain('Needed here, such as INC-123');
    // Nothing that was typed is lost, and every mistake is shown at once, at its field.
    const start = String(Math.floor(Date.parse((await driver.state()).now) / 1000) - 7200);
    const wrong = await sends(driver, 'U0BEN', { reason: '... ten? ..', ticket: 'later', start });
    expect(new Set(Object.keys(wrong.errors ?? {}))).toEqual(new Set(['reason', 'start', 'ticket']));
    const short = await sends(driver, 'U0BEN', { start: '' });
    expect(short.errors).toEqual({
      reason: 'Write a reason of at least 10 letters and digits.',
      ticket: 'A ticket is needed, such as INC-123.',
    });
    expect((await sends(driver, 'U0BEN', { reason: 'Half a migration is left', ticket: 'INC-7' })).told).toContain(
      'Granting',
    );
    await driver.advance('PT10S');
    const granted = await driver.request();
    expect([granted.state, granted.refusal ?? undefined]).toEqual(['active', undefined]);
    expect(granted.target).toMatchObject({ permissionSetArn: POWER });

    // An earlier request is one press away, and of access that Ben holds only the remaining time can be asked for.
    await command('U0BEN');
    const recent = findButton((await formOf('U0BEN'))?.blocks ?? [], 'PowerUserAccess in Staging');
    await chooses('U0BEN', recent.actionId, recent.value);
    expect(await said('U0BEN')).toContain('You have this already, since');
    expect((await lengths('U0BEN'))?.at(-1)).toBeLessThanOrEqual(7200);
    expect((await lengths('U0BEN'))?.at(-1)).toBeGreaterThan(7000);
    expectSound(await driver.state());
  });

  it('looks a person up in Slack only once, however long they type in the form', async () => {
    await command('U0BEN');
    const before = (await driver.state()).calls['slack:users.info'] ?? 0;
    for (const query of ['s', 'st', 'sta', 'stag'])
      await does(driver, 'U0BEN', 'options', { actionId: 'account', query });
    await chooses('U0BEN', 'account', STAGING);
    await chooses('U0BEN', 'duration', '900');
    expect(((await driver.state()).calls['slack:users.info'] ?? 0) - before).toBeLessThanOrEqual(1);
  });

  it('understands the words behind the command, and makes the request at once only if they are unambiguous', async () => {
    // Two accounts are called Production, so the form opens, filled in, and says so.
    expect((await command('U0BEN', 'prod admin 1h "why not"')).told).toBe('');
    const form = await said('U0BEN');
    for (const word of [PRODUCTION, ADMIN, 'why not', 'could also be Production EU', '*Needs 1 approval*'])
      expect(form).toContain(word);
    expect((await driver.state()).requests).toEqual([]);
    await does(driver, 'U0BEN', 'close');

    expect((await command('U0BEN', 'staging power 30m "Try the migration"')).told).toContain('Granting');
    await driver.advance('PT10S');
    const sent = await driver.request();
    expect(sent).toMatchObject({ state: 'active', durationSeconds: 1800, reason: 'Try the migration' });

    expect((await command('U0BEN', 'status')).told).toContain('Your AWS access');
    await command('U0BEN', 'extend 1h');
    expect(await formOf('U0BEN')).toMatchObject({ callback_id: 'access.extend' });
    expect(await said('U0BEN')).toContain('What is left is');
    await does(driver, 'U0BEN', 'close');
    expect((await command('U0BEN', 'end staging')).told).toContain('Ending');
    await driver.advance('PT30S');
    expect((await now(driver, sent)).state).toBe('ended');
    expect((await command('U0BEN', 'end')).told).toContain('You have no access');
    // Text that only begins like a verb is taken as the reason.
    await command('U0BEN', 'end of the month closing');
    expect(await said('U0BEN')).toContain('"initial_value":"end of the month closing"');
  });

  it('opens the form when a button of an alert lacks something that a policy requires', async () => {
    await putPolicies(driver, {
      name: 'why',
      effect: 'require',
      who: ['everyone'],
      accounts: [STAGING],
      ticket: { pattern: '^INC-[0-9]+$' },
    });
    const alert = await driver.must('POST', '/sandbox/slack/alert', {
      kind: 'blocks',
      accountId: STAGING,
      permissionSetArn: POWER,
    });
    await does(driver, 'U0BEN', 'press', { channel: 'C0ALERTS', ts: alert.ts, actionId: 'break_glass' });
    expect(await formOf('U0BEN')).toMatchObject({ callback_id: 'request.new' });
    expect(await said('U0BEN')).toContain('Orders are failing');
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'ticket-required' } });
    expect((await sends(driver, 'U0BEN', { ticket: 'INC-1' })).told).toContain('granting');
    expect(await driver.request()).toMatchObject({
      reason: 'Checkout error rate',
      origin: { kind: 'alert', messageTs: alert.ts },
      about: { link: expect.stringContaining('/archives/C0ALERTS/p') },
    });
    // Where the form can no longer be opened, the request is refused with the reason.
    const press = { account: STAGING, permissionSet: POWER, overrides: { trigger_id: undefined } };
    expect((await driver.breakGlass('U0BEN', press)).text).toContain('This needs a ticket such as');
    expect((await driver.request()).refusal).toMatchObject({ reason: 'ticket-required' });
  });

  it.each([
    ['C0ALERTS', 'C0ALERTS'],
    // The app is no member here, so approvers and everybody else read the status message in the approval channel.
    ['C0CHAT', 'C0ACCESS'],
  ])(
    'asks for access about any message in %s, quotes and links it, and posts the status message where it may',
    async (channel, where) => {
      const text = `<@U0BEN> orders fail in arn:aws:sqs:eu-central-1:${STAGING}:orders, please look`;
      const { ts } = await driver.must('POST', '/sandbox/slack/say', { user: 'U0ANA', channel, text });
      const shortcut = { callbackId: 'request.about-message', channel, ts };
      await does(driver, 'U0BEN', 'shortcut', shortcut);
      const form = await said('U0BEN');
      for (const word of ['orders fail', STAGING, 'PowerUserAccess', '*Granted without approval*'])
        expect(form).toContain(word);
      expect((await sends(driver, 'U0BEN', { reason: 'Look at the queue' })).told).toContain('Granting');
      await driver.advance('PT10S');
      expect(await driver.request()).toMatchObject({
        state: 'active',
        origin: { kind: 'shortcut', channel, messageTs: ts },
      });
      const story = (await driver.state()).messages.find((message) => wordsOf(message).includes('*Active:*'));
      expect(story).toMatchObject({ channel: where, threadTs: where === channel ? ts : null });
      expect(wordsOf(story)).toContain(`/archives/${channel}/p${String(ts).replace('.', '')}|this message>`);
      expect(wordsOf(story)).toContain('&lt;@U0BEN&gt; orders fail');
      await does(driver, 'U0GUS', 'shortcut', shortcut);
      expect(await said('U0GUS')).toContain('Your Slack id is `U0GUS`');
      await does(driver, 'U0GUS', 'close');
      await command('U0BEN', 'end');
      await driver.advance('PT1M');
      const replies = (await driver.state()).messages.filter(
        (message) => message.channel === where && message.threadTs !== null,
      );
      for (const reply of replies) expect([ts, story?.ts]).toContain(reply.threadTs);
      expectSound(await driver.state());
    },
  );

  it('tells a person whom it cannot identify why, with the Slack id that an operator needs', async () => {
    await does(driver, 'U0GUS', 'shortcut', { callbackId: 'request.shortcut' });
    expect(await said('U0GUS')).toContain('not linked to an AWS Identity Center user');
    expect(await said('U0GUS')).toContain('U0GUS');
    await does(driver, 'U0GUS', 'close');
    await command('U0GUS');
    expect(JSON.stringify(driver.running.current().slack.snapshot().screen.ephemerals.at(-1))).toContain(
      'Your Slack id is `U0GUS`',
    );
    expect(privateWords(await driver.state(), 'U0GUS').at(-1)).toContain('not linked');
  });
});
