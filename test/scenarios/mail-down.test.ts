import { BREAK_GLASS, Driver, PRODUCTION, type State } from './driver.ts';
import { expectAllOver } from './sound.ts';

const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('the report, when mail or CloudTrail fail', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** Access of five minutes, over and taken back; the report is due 75 minutes later. */
  async function fiveMinutes(): Promise<void> {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT6M');
    expect(statesOf(await driver.state())).toEqual(['ended']);
  }

  it.each(['InternalServiceErrorException', 'AccountSuspendedException'])(
    'comes later, and once, when mail is down for an hour (%s)',
    async (error) => {
      await fiveMinutes();
      await driver.fault({ operation: 'sesv2:SendEmail', error, times: 'forever' });
      await driver.advance('PT2H15M');
      let state = await driver.state();
      expect([statesOf(state), state.emails]).toEqual([['ended'], []]);
      await driver.clearFaults();
      state = await expectAllOver(driver, { wait: 'PT20M' });
      expect([statesOf(state), state.emails.length]).toEqual([['reported'], 1]);
    },
  );

  it('is sent, and says that it could not see anything, when CloudTrail cannot be read', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'sts:AssumeRole', error: 'AccessDenied', times: 'forever' });
    const state = await expectAllOver(driver, { wait: 'PT2H' });
    expect([statesOf(state), state.emails.length]).toEqual([['reported'], 1]);
    expect(state.emails[0]?.text).toMatch(/could not be read|could not read|not seen/i);
    expect(state.alarms.map(({ id }) => id)).toContain('report-failed');
  });

  it('is sent when CloudTrail throttles for a while', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'cloudtrail:LookupEvents', error: 'ThrottlingException', times: 3 });
    const state = await expectAllOver(driver, { wait: 'PT2H' });
    expect([statesOf(state), state.emails.length]).toEqual([['reported'], 1]);
  });

  it('says in the history that it could not be sent, when mail is down for days', async () => {
    await fiveMinutes();
    await driver.fault({ operation: 'lambda:sweep-access', error: 'Crash', times: 'forever' });
    await driver.fault({ operation: 'sesv2:SendEmail', error: 'AccountSuspendedException', times: 'forever' });
    await driver.advance('P3D');
    const state = await driver.state();
    expect([statesOf(state), state.emails]).toEqual([['ended'], []]);
    expect(state.requests[0]?.events.at(-1)).toMatchObject({
      type: 'activity-unreadable',
      note: expect.stringContaining('no report could be sent'),
    });
    expect(state.alarms.map(({ id }) => id)).toContain('report-failed');
    await driver.clearFaults();
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
