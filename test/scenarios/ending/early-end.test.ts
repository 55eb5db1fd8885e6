import { Driver } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

describe('ending access before its time', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  const story = (state: State, ts: string) =>
    state.messages.find(({ threadTs, blocks }) => threadTs === ts && blocks.length > 2);
  const done = (user: string, value: string) =>
    driver.press(user, { actionId: 'request.done', value, channel: 'C0ALERTS' });

  it('removes it within seconds of "I\'m done", updates the thread, and still reports', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    const button = story(await driver.state(), ts)?.blocks.flatMap(({ elements = [] }) => elements);
    const value = button?.find((element) => element.action_id === 'request.done')?.value ?? '';
    expect((await done('U0ANA', value)).status).toBe(200);
    let state = await driver.state();
    expect(state.ephemerals.at(-1)).toMatchObject({ user: 'U0ANA', text: expect.stringContaining('Ending') });
    await driver.advance('PT10S');
    state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect(state.requests[0]?.state).toBe('ended');
    expect(state.requests[0]?.events).toContainEqual(expect.objectContaining({ state: 'ending', by: 'user-ana' }));
    expect(story(state, ts)?.text).toContain('Ended');
    expect(JSON.stringify(story(state, ts)?.blocks)).not.toContain('request.done');
    state = await expectAllOver(driver, { wait: 'PT2H' });
    const [report, ...more] = finalReports(state);
    expect([state.requests[0]?.state, more]).toEqual(['reported', []]);
    expect(report?.text.replace(/\s+/g, ' ')).toMatch(/ended early by ana\S* at [\d-]+ [\d:]+ UTC \(done early\)/);
    expect(state.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  it('says so when the button is pressed a second time, while access ends and afterwards', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    await done('U0ANA', id);
    await done('U0ANA', id);
    expect((await driver.state()).ephemerals.at(-1)?.text).toMatch(/already ended/);
    await driver.advance('PT1M');
    await done('U0ANA', id);
    const state = await driver.state();
    expect(state.ephemerals.at(-1)?.text).toMatch(/already ended/);
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBe(1);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('is refused to everybody else, including guests and strangers', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    for (const [user, sentence] of [
      ['U0BEN', /Only the person who asked/],
      ['U0GUS', /not linked/],
      ['U0EVE', /another company/],
    ] as const) {
      await done(user, id);
      expect((await driver.state()).ephemerals.at(-1)).toMatchObject({ user, text: expect.stringMatching(sentence) });
    }
    const state = await driver.state();
    expect([state.requests.map((request) => request.state), state.assignments.length]).toEqual([['active'], 1]);
    await expectAllOver(driver);
  });

  it('is refused for a request that does not exist', async () => {
    for (const value of ['req-none', '', '../x', 'assignment#user-ana#123456789012#x', 'control#freeze']) {
      expect((await done('U0ANA', value)).status).toBe(200);
      expect((await driver.state()).ephemerals.at(-1)?.text).toMatch(/does not exist any more/);
    }
    expect((await driver.state()).requests).toEqual([]);
  });

  it('works even if no workflow waits for it, because the workflow is not there yet or has died', async () => {
    await driver.fault({ operation: 'lambda:hold-access', error: 'Crash', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT20S');
    await done('U0ANA', (await driver.request()).id);
    await driver.advance('PT30S');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    await driver.clearFaults();
    const after = await expectAllOver(driver, { wait: 'PT3H' });
    expect([after.requests[0]?.state, finalReports(after).length]).toEqual(['reported', 1]);
  });
});

describe('the warning before the end', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('comes once, ten minutes before the end, in the thread', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT49M');
    const inThread = (state: State) => state.messages.filter(({ threadTs }) => threadTs === ts);
    expect(inThread(await driver.state())).toHaveLength(1);
    await driver.advance('PT2M');
    const state = await driver.state();
    expect(inThread(state)).toHaveLength(2);
    expect(inThread(state)[1]?.text).toMatch(/ends/i);
    expect(state.requests[0]?.events.filter(({ type }) => type === 'warned')).toHaveLength(1);
    await expectAllOver(driver, { wait: 'PT10M' });
  });

  it('is left out if the access is too short for it', async () => {
    await driver.ask('U0ANA', { account: '123456789012', permissionSet: 'BreakGlassAdmin', duration: '2m' });
    const state = await expectAllOver(driver, { wait: 'PT3M' });
    expect(state.requests[0]?.events.some(({ type }) => type === 'warned')).toBe(false);
  });

  it('does not keep access from ending on time when it cannot be sent', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT49M');
    await driver.fault({ operation: 'lambda:announce-access', error: 'Crash', times: 1 });
    await driver.advance('PT11M10S');
    expect((await driver.state()).assignments).toEqual([]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
