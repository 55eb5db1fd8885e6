import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

const ASK = { account: PRODUCTION, permissionSet: BREAK_GLASS };

describe('what people are told when telling goes wrong', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it.each([
    ['the function crashes', { operation: 'lambda:announce-access', error: 'Crash', times: 2 }],
    ['Slack fails', { operation: 'slack:chat.postMessage', error: 'internal_error', times: 2 }],
    ['the table throttles', { operation: 'dynamodb:UpdateItem', error: 'ThrottlingException', times: 5 }],
    [
      'answers of the table are lost',
      { operation: 'dynamodb:UpdateItem', error: 'ConnectionReset', when: 'after', times: 8 },
    ],
  ])('the warning before the end still comes, once, when %s', async (_what, fault) => {
    await driver.ask('U0ANA', { ...ASK, duration: '9m' });
    await driver.advance('PT5M50S');
    await driver.fault(fault);
    await driver.advance('PT1M');
    const state = await driver.state();
    expect(state.messages.filter(({ text }) => /warning.* ends /.test(text))).toHaveLength(1);
    expect(state.requests[0]?.events.filter(({ type }) => type === 'warned')).toHaveLength(1);
    await driver.clearFaults();
    await expectAllOver(driver, { wait: 'PT4M' });
  });

  it('access of five minutes is warned of when a third of it is left', async () => {
    await driver.ask('U0ANA', { ...ASK, duration: '5m' });
    await driver.advance('PT3M15S');
    const warned = async () => (await driver.request()).events.filter(({ type }) => type === 'warned').length;
    expect(await warned()).toBe(0);
    await driver.advance('PT15S');
    expect(await warned()).toBe(1);
    await expectAllOver(driver);
  });

  it('the story says in the end how it ended, although nothing could be told from the end to the report', async () => {
    await driver.ask('U0ANA', { ...ASK, duration: '5m' });
    await driver.advance('PT4M');
    await driver.fault({ operation: 'lambda:announce-access', error: 'Crash', times: 30 });
    await driver.advance('PT2M');
    expect((await driver.request()).state).toBe('ended');
    const story = async () => (await driver.state()).messages.find(({ text }) => /Active|Ended/.test(text))?.text;
    expect(await story()).toContain('Active');
    await expectAllOver(driver, { wait: 'PT2H30M' });
    expect(await story()).toContain('Ended');
    expect((await driver.request()).state).toBe('reported');
  });

  it('access that a stopped workflow ended early says why', async () => {
    await driver.ask('U0ANA', { ...ASK, duration: '1h' });
    await driver.advance('PT5M');
    await driver.kill((await driver.request()).id);
    await driver.advance('PT30S');
    const { messages } = await driver.state();
    expect(JSON.stringify(messages)).toMatch(
      /Ended.*taken back before its time, because the workflow behind it stopped/,
    );
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
