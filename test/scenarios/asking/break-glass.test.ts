import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { finalReports } from '../support/state.ts';

describe('break-glass access, from the button to the report', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({}, { bundled: true });
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  it('is granted within seconds and ends on time, and a mail reports what was done', async () => {
    const pressed = await driver.breakGlass('U0ANA');
    expect(pressed.status).toBe(200);
    expect(JSON.parse(pressed.text)).toMatchObject({ response_type: 'ephemeral', replace_original: false });

    await driver.advance('PT10S');
    let state = await driver.state();
    expect(state.requests[0]?.state).toBe('active');
    expect(state.assignments).toEqual([
      { principalType: 'USER', principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
    const told = state.messages.find((message) => message.threadTs === pressed.ts);
    expect(told?.text).toContain('BreakGlassAdmin');

    await driver.advance('PT1H');
    state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect(state.requests[0]?.state).toBe('ended');

    await driver.advance('PT3H');
    state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    expect(finalReports(state)).toHaveLength(1);
    expect(state.executions).toEqual([expect.objectContaining({ status: 'SUCCEEDED' })]);
  });
});
