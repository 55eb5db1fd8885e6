import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const ANAS = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
const HELD = [{ principalType: 'USER', ...ANAS }];
const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('access that a person had before their request', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('is announced at once, is still there after the end, and is reported', async () => {
    await driver.must('POST', '/sandbox/assignments', ANAS);
    expect(said(await driver.breakGlass('U0ANA'))).toContain('Glass broken');
    await driver.advance('PT1S');
    let state = await driver.state();
    expect(state.requests).toEqual([
      expect.objectContaining({ state: 'active', grant: expect.objectContaining({ standing: true }) }),
    ]);
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBeUndefined();
    state = await expectAllOver(driver, { standing: [ANAS] });
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBeUndefined();
    expect(state.requests[0]?.events.at(-1)).toMatchObject({
      type: 'ended',
      note: expect.stringContaining('there before us'),
    });
    await driver.advance('PT2H');
    state = await driver.state();
    expect([statesOf(state), finalReports(state).length]).toEqual([['reported'], 1]);
  });

  it('stays through two overlapping requests for it', async () => {
    await driver.must('POST', '/sandbox/assignments', ANAS);
    await driver.breakGlass('U0ANA');
    await driver.advance('PT30M');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT31M');
    expect(statesOf(await driver.state())).toEqual(['active', 'active']);
    const state = await expectAllOver(driver, { standing: [ANAS], wait: 'PT35M' });
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBeUndefined();
  });

  it('leaves nothing behind if its administrator removes it during the request', async () => {
    await driver.must('POST', '/sandbox/assignments', ANAS);
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10M');
    await driver.must('DELETE', '/sandbox/assignments', ANAS);
    await expectAllOver(driver);
  });

  it('does not make the next access of the same person standing', async () => {
    await driver.must('POST', '/sandbox/assignments', ANAS);
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT6M');
    await driver.must('DELETE', '/sandbox/assignments', ANAS);
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT10S');
    expect((await driver.request()).grant).toMatchObject({ standing: false });
    await expectAllOver(driver, { wait: 'PT6M' });
  });
});

describe('one person with two requests for the same access', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());
  const ask = (duration: string) => driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration });

  it('is granted the second when they ask while the first is being removed', async () => {
    const operation = 'sso-admin:DescribeAccountAssignmentDeletionStatus';
    await ask('15m');
    await driver.advance('PT10S');
    await driver.fault({ operation, error: 'AccessDeniedException', times: 'forever' });
    await driver.advance('PT15M');
    expect(statesOf(await driver.state())).toEqual(['ending']);
    await ask('15m');
    await driver.advance('PT2S');
    expect(statesOf(await driver.state())).toEqual(['ending', 'approved']);
    await driver.clearFaults();
    await driver.advance('PT3M');
    const state = await driver.state();
    expect(statesOf(state)).toEqual(['ended', 'active']);
    expect(state.assignments).toEqual(HELD);
    await expectAllOver(driver);
  });

  it('is told that the second failed when the first cannot be removed in time, and the first still ends', async () => {
    await ask('15m');
    await driver.advance('PT10S');
    await driver.fault({
      operation: 'sso-admin:DeleteAccountAssignment',
      error: 'AccessDeniedException',
      times: 'forever',
    });
    await driver.advance('PT15M');
    await ask('15m');
    await driver.advance('PT5M');
    expect(statesOf(await driver.state())).toEqual(['ending', expect.stringMatching(/approved|ending|failed/)]);
    await driver.clearFaults();
    const state = await expectAllOver(driver, { wait: 'PT20M' });
    expect(statesOf(state)).toEqual(['ended', 'failed']);
  });
});
