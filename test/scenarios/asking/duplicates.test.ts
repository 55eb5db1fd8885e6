import { BREAK_GLASS, Driver, legacyPress, PRODUCTION, READ_ONLY } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

describe('pressing the button of an alert again', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  async function expectOne(calls: { CreateAccountAssignment: number }): Promise<void> {
    const state = await driver.state();
    expect(state.requests).toHaveLength(1);
    expect(state.executions).toHaveLength(1);
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBe(calls.CreateAccountAssignment);
    expect(state.messages.filter(({ text }) => text.includes('BreakGlassAdmin'))).toHaveLength(1);
  }

  it('starts nothing new while the first request is being granted or its access lasts', async () => {
    const first = await driver.breakGlass('U0ANA');
    expect(said(first)).toContain('Glass broken');
    expect(said(await driver.breakGlass('U0ANA', { ts: first.ts }))).toContain('nothing new was started');
    await driver.advance('PT10S');
    expect(said(await driver.breakGlass('U0ANA', { ts: first.ts }))).toMatch(
      /You already have .* nothing new was started/,
    );
    await driver.advance('PT1M');
    await expectOne({ CreateAccountAssignment: 1 });
    await expectAllOver(driver);
  });

  it('starts one request when Slack delivers the same press three times at once', async () => {
    const body = legacyPress({
      user: 'U0ANA',
      ts: '1700000000.900001',
      account: PRODUCTION,
      value: BREAK_GLASS,
      actionTs: '1700000001.900001',
    });
    const answers = await Promise.all([driver.interact(body), driver.interact(body), driver.interact(body)]);
    const opening = answers.filter((answer) => said(answer).includes('Glass broken'));
    expect(opening).toHaveLength(1);
    for (const answer of answers) expect(answer.status).toBe(200);
    await driver.advance('PT10S');
    await expectOne({ CreateAccountAssignment: 1 });
    await expectAllOver(driver);
  });

  it('starts one request when the button is pressed five times at once', async () => {
    const ts = '1700000000.900002';
    const answers = await Promise.all(Array.from({ length: 5 }, () => driver.breakGlass('U0ANA', { ts })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await driver.advance('PT10S');
    await expectOne({ CreateAccountAssignment: 1 });
    await expectAllOver(driver);
  });

  it('starts nothing when Slack delivers the first press again after the access is over', async () => {
    const actionTs = '1700000001.900003';
    const { ts } = await driver.breakGlass('U0ANA', { actionTs });
    await driver.advance('PT16M');
    expect(said(await driver.breakGlass('U0ANA', { ts, actionTs }))).toContain('nothing new was started');
    const state = await expectAllOver(driver, { wait: 'PT1M' });
    expect(state.requests).toHaveLength(1);
  });

  it('starts a new request once the first access is over, because the alert may still be on', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT16M');
    expect((await driver.requestFrom(ts)).state).toBe('ended');
    expect(said(await driver.breakGlass('U0ANA', { ts }))).toContain('Glass broken');
    await driver.advance('PT10S');
    const state = await driver.state();
    expect(state.requests.map((request) => request.state)).toEqual(['ended', 'active']);
    expect(state.assignments).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('starts a new request after a refusal, so that a corrected record takes effect at once', async () => {
    const { ts } = await driver.breakGlass('U0BEN');
    expect((await driver.requestFrom(ts)).state).toBe('refused');
    await driver.putRecords({ id: { S: `access#${PRODUCTION}#${BREAK_GLASS}#user-ben` } });
    expect(said(await driver.breakGlass('U0BEN', { ts }))).toContain('Glass broken');
    await expectAllOver(driver);
  });

  it('starts a separate request for another person who presses the same button', async () => {
    await driver.putRecords({ id: { S: `access#${PRODUCTION}#${BREAK_GLASS}#user-ben` } });
    const { ts } = await driver.breakGlass('U0ANA');
    expect(said(await driver.breakGlass('U0BEN', { ts }))).toContain('Glass broken');
    await driver.advance('PT10S');
    const state = await driver.state();
    expect(new Set(state.assignments.map(({ principalId }) => principalId))).toEqual(new Set(['user-ana', 'user-ben']));
    expectSound(state);
    await expectAllOver(driver);
  });
});

describe('several buttons in one message', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
    await driver.putRecords({ id: { S: `access#${PRODUCTION}#${READ_ONLY}#user-ana` } });
  });
  afterAll(() => driver.stop());

  it('give the access that each of them names', async () => {
    const { ts } = await driver.breakGlass('U0ANA', { permissionSet: READ_ONLY });
    await driver.advance('PT10S');
    expect((await driver.state()).assignments.map((held) => held.permissionSetArn)).toEqual([READ_ONLY]);
    expect(said(await driver.breakGlass('U0ANA', { ts, permissionSet: BREAK_GLASS }))).toContain('Glass broken');
    await driver.advance('PT10S');
    const held = (await driver.state()).assignments.map(({ permissionSetArn }) => permissionSetArn);
    expect(new Set(held)).toEqual(new Set([READ_ONLY, BREAK_GLASS]));
    await expectAllOver(driver);
  });

  it('are ignored if they belong to another app: the press is answered and starts nothing', async () => {
    const before = await driver.state();
    const retry = await driver.breakGlass('U0ANA', {
      overrides: { actions: [{ name: 'retry', type: 'button', value: 'retry' }] },
    });
    expect([retry.status, retry.text]).toEqual([200, '']);
    const block = await driver.press('U0ANA', { actionId: 'retry', value: 'x', channel: 'C0ALERTS' });
    expect([block.status, block.text]).toEqual([200, '']);
    const after = await driver.state();
    expect(after.requests).toEqual(before.requests);
    expect(after.ephemerals).toEqual(before.ephemerals);
    expect(after.messages).toEqual(before.messages);
  });
});
