import { Driver, PRODUCTION } from '../support/driver.ts';
import { approvalFor, asks, clicks, now, type Request, statusMessageOf, wordsOf } from '../support/people.ts';
import { said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const READ = { account: PRODUCTION, permissionSet: 'ReadOnlyAccess', reason: 'Look into the outage' };

describe('when a call to the workflow is lost', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** Fails every call of this operation, including the SDK's own retries, until the faults are cleared. */
  const lose = (operation: string) => driver.fault({ operation, error: 'InternalServerException', times: 'forever' });
  const approve = async (request: Request) => clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');

  it('an approver is told to try again, and the same click then gives access at once', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    await lose('sfn:SendTaskSuccess');
    expect((await approve(request)).told).toContain('Try again');
    expect((await now(driver, request)).state).toBe('approved');
    await driver.clearFaults();
    expect((await approve(request)).told).toContain('Approved');
    await driver.advance('PT15S');
    expect((await now(driver, request)).state).toBe('active');
    expect((await driver.state()).executions).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('an approval that nobody clicks again is found by the sweep, and access comes within minutes', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    await lose('sfn:SendTaskSuccess');
    await approve(request);
    await driver.clearFaults();
    // The sweep runs every five minutes, and leaves the first minute to another click.
    await driver.advance('PT6M30S');
    expect((await now(driver, request)).state).toBe('active');
    expect((await driver.state()).executions).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('"I\'m done" says to try again, and the same click then ends access at once', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const request = await driver.request();
    await lose('sfn:SendTaskSuccess');
    const done = () => driver.press('U0ANA', { actionId: 'request.done', value: request.id, channel: 'C0ALERTS' });
    await done();
    expect((await driver.state()).ephemerals.at(-1)?.text).toContain('Try again');
    await driver.clearFaults();
    await done();
    expect((await driver.state()).ephemerals.at(-1)?.text).toContain('Ending');
    await driver.advance('PT15S');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    expect(state.executions).toHaveLength(1);
  });

  it('an early end that nobody clicks again is completed by the sweep and by the workflow that waited', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const { id } = await driver.request();
    await lose('sfn:SendTaskSuccess');
    await driver.press('U0ANA', { actionId: 'request.done', value: id, channel: 'C0ALERTS' });
    await driver.clearFaults();
    await driver.advance('PT8M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    expect(state.executions).toHaveLength(1);
    expect(state.messages.some(({ text }) => text.includes('Ended'))).toBe(true);
  });

  it('a person who breaks the glass is told that it is not certain, and a later press gives access', async () => {
    await lose('sfn:StartExecution');
    const first = await driver.breakGlass('U0ANA');
    expect(said(first)).toMatch(/not certain that your request was taken. Try again/);
    // The id that the sandbox's API gives every call.
    expect(first.text).toContain('tell an operator this id: `sandbox`');
    expect(await driver.logs()).toMatch(/"event":"slack.call-failed".*"callId":"sandbox"/);
    expect((await driver.request()).state).toBe('approved');
    expect(said(await driver.breakGlass('U0ANA', { ts: first.ts }))).toContain('Try again');
    await driver.clearFaults();
    const again = said(await driver.breakGlass('U0ANA', { ts: first.ts }));
    expect(again).toMatch(/You asked for this already.*\*Approved:\*/);
    await driver.advance('PT15S');
    const state = await driver.state();
    expect(state.requests.map((request) => request.state)).toEqual(['active']);
    expect(state.executions).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('a request whose workflow never started is started by the sweep if nobody presses again', async () => {
    await lose('sfn:StartExecution');
    await driver.breakGlass('U0ANA');
    await driver.clearFaults();
    await driver.advance('PT7M15S');
    const state = await driver.state();
    expect(state.requests.map((request) => request.state)).toEqual(['active']);
    expectSound(state);
    await expectAllOver(driver);
  });

  it('cancelling again tells the approvers at once', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    await lose('sfn:SendTaskSuccess');
    const cancel = () => driver.press('U0BEN', { actionId: 'request.cancel', value: request.id, channel: 'C0ALERTS' });
    await cancel();
    await driver.clearFaults();
    await cancel();
    expect((await driver.state()).ephemerals.at(-1)?.text).toContain('Cancelled');
    expect(wordsOf(await approvalFor(driver, request))).toContain('*Cancelled*');
    expect(wordsOf(await statusMessageOf(driver, request))).toContain('*Cancelled*');
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
