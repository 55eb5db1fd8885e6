import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('the report while SES or CloudTrail fails', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** Five minutes of access that is over and removed; the report is due 75 minutes later. */
  async function fiveMinutes(): Promise<void> {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT6M');
    expect(statesOf(await driver.state())).toEqual(['ended']);
  }

  /** Stops scheduled functions that have nothing to do for days here and would only make the test slow. */
  async function silence(): Promise<void> {
    for (const name of ['sweep-access', 'ask-for-approval', 'watch-assignments'])
      await driver.fault({ operation: `schedule:${name}`, error: 'Missed', times: 'forever' });
  }

  it.each(['InternalServiceErrorException', 'AccountSuspendedException'])(
    'is sent later, and once, when SES is down for an hour (%s)',
    async (error) => {
      await fiveMinutes();
      await driver.fault({ operation: 'sesv2:SendEmail', error, times: 'forever' });
      await driver.advance('PT2H15M');
      let state = await driver.state();
      expect([statesOf(state), state.emails]).toEqual([['ended'], []]);
      await driver.clearFaults();
      state = await expectAllOver(driver, { wait: 'PT20M' });
      expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
    },
  );

  it('is sent, and says that nothing could be read, when CloudTrail cannot be read', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'sts:AssumeRole', error: 'AccessDenied', times: 'forever' });
    const state = await expectAllOver(driver, { wait: 'PT2H' });
    expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
    expect(finalReports(state)[0]?.text).toMatch(/could not be read|could not read|not seen/i);
    expect(state.alarms.map(({ id }) => id)).toContain('report-failed');
  });

  it('is sent when CloudTrail throttles for a while', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'cloudtrail:LookupEvents', error: 'ThrottlingException', times: 3 });
    const state = await expectAllOver(driver, { wait: 'PT2H' });
    expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
  });

  it('is announced in the thread at once, mailed in the end, and waited for by one workflow, if SES is down for days', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'sesv2:SendEmail', error: 'SendingPausedException', times: 'forever' });
    await silence();
    await driver.advance('P3D');
    await driver.clearFaults();
    await driver.fault({ operation: 'sesv2:SendEmail', error: 'SendingPausedException', times: 'forever' });
    await driver.advance('PT11M');
    let state = await driver.state();
    expect([statesOf(state), state.emails]).toEqual([['ended'], []]);
    expect(state.executions.filter(({ status }) => status === 'RUNNING')).toHaveLength(1);
    expect(state.requests[0]?.events.length).toBeLessThan(50);
    expect(state.alarms.map(({ id }) => id)).toContain('report-failed');
    const summaries = () => state.messages.filter(({ text }) => /Report:/.test(text));
    // The first edition is not retried, the final one is.
    expect(summaries().map(({ text }) => text)).toEqual([
      expect.stringMatching(/could not be sent \(.*the final edition follows at/),
      expect.stringContaining('could not be sent yet'),
    ]);
    const story = () => JSON.stringify(state.messages.find(({ text }) => /Ended/.test(text)));
    expect(story()).toContain('could not be sent yet, and is tried again: SendingPausedException');
    expect(story()).not.toContain('could not be read');
    await driver.clearFaults();
    state = await expectAllOver(driver, { wait: 'PT1H10M' });
    expect([statesOf(state), finalReports(state).length, summaries().length]).toEqual([['reported'], 1, 2]);
    expect(story()).not.toContain('could not be sent');
  });

  it('is given up after two weeks with a note in the history, and sent when the sweep has it tried again', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'sesv2:SendEmail', error: 'SendingPausedException', times: 'forever' });
    await silence();
    await driver.advance('P15D');
    let state = await driver.state();
    expect(state.requests[0]?.events.at(-1)?.note).toBe('given up: SendingPausedException');
    expect(state.requests[0]?.events.length).toBeLessThan(70);
    expect(state.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    await driver.clearFaults();
    state = await expectAllOver(driver, { wait: 'PT10M' });
    expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
  });
});
