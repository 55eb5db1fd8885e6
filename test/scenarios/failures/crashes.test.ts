import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const WORKFLOW_FUNCTIONS = [
  'grant-access',
  'check-assignment',
  'announce-access',
  'hold-access',
  'revoke-access',
  'report-on-access',
  'sweep-access',
];
const ASK = { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '20m' };
const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('when functions crash', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** Plays one whole request: access is active in between and reported at the end. */
  async function expectWholeStatus(): Promise<State> {
    await driver.ask('U0ANA', ASK);
    await driver.advance('PT1M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments.length]).toEqual([['active'], 1]);
    await driver.advance('PT21M');
    expect((await driver.state()).assignments).toEqual([]);
    const over = await expectAllOver(driver, { wait: 'PT1H30M' });
    expect(statesOf(over)).toEqual(['reported']);
    return over;
  }

  it('access is granted, ends and is reported although each function crashes once before its work', async () => {
    for (const name of WORKFLOW_FUNCTIONS) await driver.fault({ operation: `lambda:${name}`, error: 'Crash' });
    const state = await expectWholeStatus();
    expect(finalReports(state)).toHaveLength(1);
    expect(state.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  it('access is granted, ends and is reported although each function crashes once after its work', async () => {
    for (const name of WORKFLOW_FUNCTIONS) {
      const times = name === 'report-on-access' ? 3 : 1;
      await driver.fault({ operation: `lambda:${name}`, error: 'Crash', when: 'after', times });
    }
    const state = await expectWholeStatus();
    expect(finalReports(state)).toHaveLength(1);
    expect(state.messages.filter(({ text, blocks }) => /Ended/.test(text) && blocks.length > 2)).toHaveLength(1);
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBe(1);
  });

  it('access is granted, ends and is reported although each function crashes three times in a row', async () => {
    for (const name of WORKFLOW_FUNCTIONS)
      await driver.fault({ operation: `lambda:${name}`, error: 'Crash', times: 3 });
    await expectWholeStatus();
  });

  it('access ends that was made by a grant which then kept crashing', async () => {
    await driver.fault({ operation: 'lambda:grant-access', error: 'Crash', when: 'after', times: 'forever' });
    await driver.ask('U0ANA', ASK);
    await driver.advance('PT5M');
    const state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['failed'], []]);
    expect(state.messages.some(({ text }) => /Failed/.test(text))).toBe(true);
    await expectAllOver(driver);
  });

  it('a press that was lost before anything was done can be repeated', async () => {
    await driver.fault({ operation: 'lambda:access-requested', error: 'Crash' });
    const { ts, status } = await driver.breakGlass('U0ANA');
    expect([status, (await driver.state()).requests]).toEqual([500, []]);
    expect(said(await driver.breakGlass('U0ANA', { ts }))).toContain('Glass broken');
    await expectAllOver(driver);
  });

  it('a press whose answer was lost has started one request, and the next press says so', async () => {
    await driver.fault({ operation: 'lambda:access-requested', error: 'Crash', when: 'after' });
    const { ts, status } = await driver.breakGlass('U0ANA');
    expect(status).toBe(500);
    expect(said(await driver.breakGlass('U0ANA', { ts }))).toContain('nothing new was started');
    await driver.advance('PT10S');
    expect(statesOf(await driver.state())).toEqual(['active']);
    await expectAllOver(driver);
  });

  it('a changed record counts at once although the function that is told of the change keeps crashing', async () => {
    await driver.fault({ operation: 'lambda:access-records-changed', error: 'Crash', times: 'forever' });
    await driver.putRecords({ id: { S: `access#${PRODUCTION}#${BREAK_GLASS}#user-ben` } });
    expect(said(await driver.breakGlass('U0BEN'))).toContain('Glass broken');
    await driver.dropRecord(`access#${PRODUCTION}#${BREAK_GLASS}#user-ben`);
    expect(said(await driver.breakGlass('U0BEN'))).toContain('No policy lets you have this');
    await expectAllOver(driver);
  });
});

describe('when the workflow cannot be started', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('the person is told to try again, and trying again starts the request', async () => {
    await driver.fault({ operation: 'sfn:StartExecution', error: 'InternalServerException', times: 3 });
    const first = await driver.breakGlass('U0ANA');
    expect([first.status, said(first)]).toEqual([200, expect.stringContaining('Try again')]);
    expect(said(await driver.breakGlass('U0ANA', { ts: first.ts }))).toContain('nothing new was started');
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([statesOf(state), state.executions.length]).toEqual([['active'], 1]);
    await expectAllOver(driver);
  });

  it('one workflow is started when the answers of Step Functions are lost', async () => {
    await driver.fault({ operation: 'sfn:StartExecution', error: 'InternalServerException', when: 'after', times: 2 });
    expect(said(await driver.breakGlass('U0ANA'))).toContain('Glass broken');
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([statesOf(state), state.executions.length]).toEqual([['active'], 1]);
    await expectAllOver(driver);
  });

  it('a request is started in the end even if nobody presses again', async () => {
    await driver.fault({ operation: 'sfn:StartExecution', error: 'InternalServerException', times: 3 });
    await driver.breakGlass('U0ANA');
    expect(statesOf(await driver.state())).toEqual(['approved']);
    await driver.advance('PT16M');
    expect(statesOf(await driver.state())).toEqual(['active']);
    await expectAllOver(driver);
  });
});
