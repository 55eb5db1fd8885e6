import { Driver } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const METHODS = [
  'users.info',
  'users.lookupByEmail',
  'chat.postMessage',
  'chat.update',
  'chat.postEphemeral',
  'conversations.open',
];

describe('when Slack is down', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  async function slackIsDown(error = 'internal_error'): Promise<void> {
    for (const method of METHODS) await driver.fault({ operation: `slack:${method}`, error, times: 'forever' });
  }
  const ofTheStory = ({ messages }: State) => messages.filter(({ text }) => text.includes('BreakGlassAdmin'));

  it.each(['internal_error', 'ratelimited', 'ConnectionReset', 'invalid_auth'])(
    'access that was requested before is still granted, ended and reported (%s)',
    async (error) => {
      expect(said(await driver.breakGlass('U0ANA'))).toContain('Glass broken');
      await slackIsDown(error);
      await driver.advance('PT5M');
      let state = await driver.state();
      expect([state.requests[0]?.state, state.assignments.length]).toEqual(['active', 1]);
      await driver.advance('PT11M');
      state = await driver.state();
      expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
      state = await expectAllOver(driver, { wait: 'PT1H20M' });
      expect([state.requests[0]?.state, finalReports(state).length, ofTheStory(state)]).toEqual(['reported', 1, []]);
      expect(state.requests[0]?.events.at(-1)?.note).toContain('the thread could not be told');
    },
  );

  it('the status message is posted once Slack is back, and only once', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await slackIsDown();
    await driver.advance('PT10M');
    await driver.clearFaults();
    const state = await expectAllOver(driver);
    // The status message, and the notice that pings the person.
    expect(ofTheStory(state).map(({ threadTs, text }) => [threadTs, text])).toEqual([
      [ts, expect.stringMatching(/<@U0ANA>, this access .* has ended/)],
      [ts, expect.stringContaining('*Ended*')],
    ]);
  });

  it('an alarm is raised because people are not told', async () => {
    await driver.breakGlass('U0ANA');
    await slackIsDown();
    await driver.advance('PT25M');
    expect((await driver.state()).alarms.map(({ id }) => id)).toContain('slack-failed');
    await driver.clearFaults();
    await expectAllOver(driver, { wait: 'PT10M' });
  });

  it('a press by a person whom Slack does not name is refused, and the person reads why', async () => {
    await slackIsDown();
    const answer = await driver.breakGlass('U0ANA');
    expect([answer.status, said(answer)]).toEqual([200, expect.stringContaining('did not tell us who you are')]);
    await driver.clearFaults();
    expect(said(await driver.breakGlass('U0ANA', { ts: answer.ts }))).toContain('Glass broken');
    await expectAllOver(driver);
  });

  it('a request from a Block Kit button is kept although its notice cannot be shown', async () => {
    await driver.fault({ operation: 'slack:chat.postEphemeral', error: 'internal_error', times: 'forever' });
    const answer = await driver.ask('U0ANA', {
      account: '123456789012',
      permissionSet: 'BreakGlassAdmin',
      duration: '15m',
    });
    expect(answer.status).toBe(200);
    await driver.advance('PT10S');
    expect((await driver.request()).state).toBe('active');
    await expectAllOver(driver, { wait: 'PT16M' });
  });

  it('a status message whose answer was lost is posted at most twice, and one of the two tells the end', async () => {
    await driver.fault({ operation: 'slack:chat.postMessage', error: 'ConnectionReset', when: 'after', times: 1 });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    expect(ofTheStory(await driver.state()).length).toBeLessThanOrEqual(2);
    await driver.advance('PT15M');
    // A copy whose answer was lost is not known and cannot be edited; the known copy shows the end.
    expect(ofTheStory(await driver.state()).filter(({ text }) => /Ended/.test(text))).toHaveLength(1);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('the person is told directly when the alert was deleted', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.fault({ operation: 'slack:chat.postMessage', error: 'thread_not_found' });
    await driver.advance('PT1M');
    const told = ofTheStory(await driver.state());
    expect(told).toHaveLength(1);
    expect(told[0]?.threadTs).not.toBe(ts);
    expect(told[0]?.channel).toMatch(/^D/);
    await expectAllOver(driver);
  });
});
