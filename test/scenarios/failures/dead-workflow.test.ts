import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('when the workflow is killed', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  async function kill(): Promise<void> {
    const running = (await driver.state()).executions.filter(({ status }) => status === 'RUNNING');
    expect(running).toHaveLength(1);
    for (const { name } of running) await driver.kill(name);
  }

  async function expectReported(wait = 'PT1H25M'): Promise<State> {
    const state = await expectAllOver(driver, { wait });
    expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
    return state;
  }

  it('while access lasts: access is removed at once, the thread is told, an alarm is raised, a report is sent', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    await kill();
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['ended'], []]);
    expect(state.messages.find(({ threadTs, edits }) => threadTs === ts && edits > 0)?.text).toMatch(/Ended/);
    expect(state.requests[0]?.events).toContainEqual(expect.objectContaining({ type: 'workflow-stopped' }));
    expect(state.alarms).toContainEqual(expect.objectContaining({ id: 'workflow-stopped', state: 'ALARM' }));
    await expectReported();
  });

  it('while the assignment is being made: the assignment is removed, and the request is shown as failed', async () => {
    await driver.fault({ operation: 'lambda:check-assignment', error: 'Crash', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT5S');
    expect(statesOf(await driver.state())).toEqual(['granting']);
    await driver.clearFaults();
    await kill();
    await driver.advance('PT2M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['failed'], []]);
    expect(state.messages.some(({ text }) => /Failed/.test(text))).toBe(true);
    await expectAllOver(driver);
  });

  it('before it did anything: nothing is granted, and the request is shown as failed', async () => {
    await driver.fault({ operation: 'lambda:grant-access', error: 'Crash', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await kill();
    await driver.clearFaults();
    await driver.advance('PT1M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['failed'], []]);
    expect(state.messages.some(({ text }) => /Failed/.test(text))).toBe(true);
    await expectAllOver(driver);
  });

  it('while access is being removed: the removal is completed', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT4M55S');
    await driver.fault({
      operation: 'sso-admin:DeleteAccountAssignment',
      error: 'AccessDeniedException',
      times: 'forever',
    });
    await driver.advance('PT20S');
    expect(statesOf(await driver.state())).toEqual(['ending']);
    await kill();
    await driver.clearFaults();
    await driver.advance('PT4M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['ended'], []]);
    await expectReported();
  });

  it('while it waits for the report: the report is sent once', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT10M');
    expect(statesOf(await driver.state())).toEqual(['ended']);
    await kill();
    await expectReported();
  });

  it('together with its clean-ups, four times: the sweep takes over, and access is removed all the same', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    for (let time = 0; time < 4; time += 1) {
      const running = (await driver.state()).executions.filter(({ status }) => status === 'RUNNING');
      for (const { name } of running) await driver.kill(name);
      await driver.advance('PT2S');
    }
    const state = await expectAllOver(driver, { wait: 'PT20M' });
    expect(state.executions.filter(({ status }) => status === 'RUNNING').length).toBeLessThan(2);
  });

  it('and the clean-up function keeps crashing: the sweep removes access, tells people and reports', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    await driver.fault({ operation: 'lambda:revoke-access', error: 'Crash', times: 3 });
    await kill();
    // Two minutes for the retries of the clean-up, then the next sweep; the fifteen minutes of access are not over yet.
    await driver.advance('PT7M30S');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['ended'], []]);
    expect(Date.parse(state.now)).toBeLessThan(Date.parse(state.requests[0]?.endsAt ?? ''));
    expect(state.requests[0]?.events).toContainEqual(
      expect.objectContaining({
        type: 'workflow-stopped',
        note: expect.stringContaining('ABORTED, seen by the sweep'),
      }),
    );
    expect(state.alarms).toContainEqual(expect.objectContaining({ id: 'workflow-stopped', state: 'ALARM' }));
    expect(state.messages.some(({ text }) => /Ended/.test(text))).toBe(true);
    expect(await driver.logs()).toContain('dead-letter');
    await expectReported();
  });

  it('and only the sweep still works: access is removed within minutes, and alarms are raised', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    for (const name of ['revoke-access', 'check-assignment', 'announce-access', 'hold-access', 'grant-access'])
      await driver.fault({ operation: `lambda:${name}`, error: 'Crash', times: 'forever' });
    await driver.fault({ operation: 'sfn:StartExecution', error: 'InternalServerException', times: 'forever' });
    await kill();
    await driver.advance('PT12M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['ended'], []]);
    expect(state.alarms.map(({ id }) => id)).toEqual(expect.arrayContaining(['workflow-stopped', 'sweep-failed']));
    await driver.clearFaults();
    await expectAllOver(driver, { wait: 'PT10M' });
  });
});
