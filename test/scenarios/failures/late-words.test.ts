import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

const ASK = { account: PRODUCTION, permissionSet: BREAK_GLASS };

describe('messages to people when sending them fails', () => {
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

  it('the warning about five minutes of access comes when a third of them is left', async () => {
    await driver.ask('U0ANA', { ...ASK, duration: '5m' });
    await driver.advance('PT3M15S');
    const warned = async () => (await driver.request()).events.filter(({ type }) => type === 'warned').length;
    expect(await warned()).toBe(0);
    await driver.advance('PT15S');
    expect(await warned()).toBe(1);
    await expectAllOver(driver);
  });

  it('the status message says at last how access ended, although none could be sent between end and report', async () => {
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

  it('the status message says why, when access ended early because its workflow stopped', async () => {
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
