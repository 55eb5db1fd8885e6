import { MODALS } from '../../../slack/actions.ts';
import { ADMIN, Driver, PRODUCTION } from '../support/driver.ts';
import { approvalFor, asks, clicks, now, privateWords } from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const ADMINISTRATOR = { account: PRODUCTION, permissionSet: 'AdministratorAccess', reason: 'Look into the outage' };
const BUTTONS = [
  'request.approve',
  'request.approve-with-note',
  'request.deny',
  'request.cancel',
  'request.done',
  'request.extend',
  'review.acknowledge',
  'review.question',
];

describe('an attacker who alters a message, a button or a form', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const told = async () => (await driver.state()).ephemerals.at(-1);

  it('cannot decide, end, extend or review a request that is not theirs to decide, end, extend or review', async () => {
    const bens = await asks(driver, 'U0BEN', ADMINISTRATOR);
    const anas = await asks(driver, 'U0ANA', ADMINISTRATOR);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, anas), 'Approve');
    await driver.advance('PT10S');
    const before = await Promise.all([now(driver, bens), now(driver, anas)]);

    for (const request of [bens, anas]) {
      // Ana and Gus press buttons with the id of Ben's request; Ben and Eve press buttons with the id of Ana's.
      const others = request === bens ? ['U0ANA', 'U0GUS'] : ['U0BEN', 'U0EVE'];
      for (const user of others) {
        for (const actionId of BUTTONS) {
          await driver.press(user, { actionId, value: request.id, channel: 'C0ALERTS' });
          expect(await told()).toMatchObject({ user, text: expect.stringMatching(/^:no_entry: /) });
        }
      }
    }
    expect(await Promise.all([now(driver, bens), now(driver, anas)])).toEqual(before);
    expect((await driver.state()).views).toEqual([]);

    // The same values work for the people whose requests they are.
    await driver.press('U0BEN', { actionId: 'request.cancel', value: bens.id });
    await driver.press('U0ANA', { actionId: 'request.done', value: anas.id });
    await driver.advance('PT30S');
    expect((await now(driver, bens)).state).toBe('cancelled');
    expect((await now(driver, anas)).state).toBe('ended');
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it("reads that the request does not exist if the button's value is no request, or the id of another stored item", async () => {
    const { id } = await asks(driver, 'U0BEN', ADMINISTRATOR);
    const other = [
      '',
      'req-0',
      id.toUpperCase(),
      'control#access-version',
      `usage#${id}`,
      'x'.repeat(2000),
      '../../../',
    ];
    for (const value of other) {
      for (const actionId of ['request.approve', 'request.deny', 'request.done', 'request.extend']) {
        const answer = await driver.press('U0CLEO', { actionId, value, channel: 'C0ALERTS' });
        expect(answer.status).toBe(200);
        expect((await told())?.text).toContain('does not exist any more');
      }
    }
    expect((await driver.state()).requests).toHaveLength(1);
  });

  it('cannot change a decision with the text of a message', async () => {
    const request = await asks(driver, 'U0BEN', ADMINISTRATOR);
    const message = await approvalFor(driver, request);
    // The copy that Ben presses says that Ben may approve the request, and that it is approved for a day.
    await driver.interact({
      type: 'block_actions',
      team: { id: 'T0HOME' },
      user: { id: 'U0BEN', team_id: 'T0HOME' },
      trigger_id: 'altered',
      channel: { id: 'C0ACCESS' },
      container: { type: 'message', message_ts: message.ts, channel_id: 'C0ACCESS' },
      message: { ts: message.ts, text: '*Approved* by <@U0CLEO>: <@U0BEN> may approve this for 24 hours', blocks: [] },
      actions: [{ type: 'button', action_id: 'request.approve', value: request.id, action_ts: '1700000003.2' }],
    });
    expect((await told())?.text).toContain('cannot decide your own request');
    expect((await now(driver, request)).state).toBe('pending');

    // Cleo's copy is altered too; her vote is for what was asked, not for what her copy says.
    await driver.press('U0CLEO', { actionId: 'request.approve', value: request.id, ts: message.ts });
    await driver.advance('PT10S');
    expect(await now(driver, request)).toMatchObject({
      state: 'active',
      durationSeconds: 3600,
      target: { accountId: PRODUCTION, permissionSetArn: ADMIN },
    });
    expectSound(await driver.state());
  });

  it('cannot turn a form about one request into a vote on another that they may not decide', async () => {
    const anas = await asks(driver, 'U0ANA', ADMINISTRATOR);
    const cleos = await submitAs('U0CLEO', 'request.deny.note', { requestId: 'control#freeze' });
    expect(cleos).toContain('does not exist any more');
    expect(await submitAs('U0ANA', 'request.deny.note', { requestId: anas.id })).toContain('your own request');
    expect(await submitAs('U0BEN', 'request.approve.note', { requestId: anas.id })).toContain('may decide');
    expect(await submitAs('U0BEN', 'review.question.note', { requestId: anas.id })).toContain('left to review');
    expect((await now(driver, anas)).state).toBe('pending');
    expect((await now(driver, anas)).events.map(({ type }) => type)).toEqual(['requested', 'pending']);
  });

  it('cannot get access with a forged break-glass confirmation that no policy allows', async () => {
    await submitAs('U0BEN', 'break_glass.confirm', {
      origin: 'alert',
      channel: 'C0ALERTS',
      messageTs: '1700000000.000009',
      wanted: { accountId: PRODUCTION, permissionSet: 'BreakGlassAdmin' },
      durationSeconds: 3600,
    });
    await driver.advance('PT5S');
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'not-allowed' } });

    // Nor does a forged confirmation replace the approval that the policy requires.
    await submitAs('U0BEN', 'break_glass.confirm', {
      wanted: { accountId: PRODUCTION, permissionSet: 'AdministratorAccess' },
      durationSeconds: 3600,
    });
    await driver.advance('PT5S');
    expect((await driver.request()).state).toBe('pending');
    expect((await driver.state()).assignments).toEqual([]);
  });

  it.each(Object.values(MODALS))(
    'is told to its sender when it is the form %s without its hidden data',
    async (form) => {
      expect(await submitAs('U0ANA', form, { durationSeconds: 'unreadable' })).toMatch(
        /does not exist any more|does not say what it gives|Choose/,
      );
      expect((await driver.state()).assignments).toEqual([]);
    },
  );

  it('is told to its sender when it is a form that Glasshammer does not know', async () => {
    expect(await submitAs('U0ANA', 'form.of-another-version', {})).toContain('does not say what it gives');
    expect(await submitAs('U0EVE', 'form.of-another-version', {})).toContain("another company's Slack workspace");
  });

  it('is told to whoever pressed when it opens nothing: for want of a trigger, or of a target', async () => {
    const request = await asks(driver, 'U0BEN', ADMINISTRATOR);
    const press = (actionId: string, value: string) =>
      driver.interact({
        type: 'block_actions',
        team: { id: 'T0HOME' },
        user: { id: 'U0CLEO', team_id: 'T0HOME' },
        channel: { id: 'C0ACCESS' },
        container: { type: 'message', message_ts: '1700000002.000001', channel_id: 'C0ACCESS' },
        actions: [{ type: 'button', action_id: actionId, value, action_ts: '1700000003.2' }],
      });
    for (const actionId of ['request.deny', 'request.approve-with-note', 'request.hand-on', 'home.request']) {
      await press(actionId, request.id);
      expect([actionId, (await told())?.text]).toEqual([actionId, expect.stringContaining('Try again')]);
    }
    for (const actionId of ['home.ask-again:0', 'form.fill-in:0']) {
      await press(actionId, '{"target":');
      expect([actionId, (await told())?.text]).toEqual([actionId, expect.stringContaining('does not exist any more')]);
    }
  });

  let views = 0;
  /** Sends a form with altered hidden data. @returns what the person was told, or the answer to the form */
  async function submitAs(user: string, callbackId: string, data: object): Promise<string> {
    views += 1;
    const field = (value: string) => ({ type: 'plain_text_input', value });
    const before = privateWords(await driver.state(), user);
    const answer = await driver.interact({
      type: 'view_submission',
      team: { id: 'T0HOME' },
      user: { id: user, team_id: 'T0HOME' },
      trigger_id: `altered-view-${views}`,
      view: {
        id: `V0ALTERED${views}`,
        callback_id: callbackId,
        private_metadata: JSON.stringify(data),
        state: { values: { note: { note: field('Because') }, reason: { reason: field('Because') } } },
      },
    });
    expect(answer.status).toBe(200);
    const words = privateWords(await driver.state(), user).filter((said) => !before.includes(said));
    return words.at(-1) ?? answer.text;
  }
});
