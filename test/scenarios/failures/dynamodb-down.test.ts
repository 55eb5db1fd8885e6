import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';
import type { State } from '../support/state.ts';

const THROTTLED = 'ProvisionedThroughputExceededException';
const ASK = { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' };
const statesOf = ({ requests }: State) => requests.map(({ state }) => state);

describe('when DynamoDB throttles or loses answers', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('asks the person to try again when the request cannot be written, and the second try works', async () => {
    await driver.fault({ operation: 'dynamodb:TransactWriteItems', error: THROTTLED, times: 3 });
    const first = await driver.breakGlass('U0ANA');
    expect([first.status, said(first)]).toEqual([200, expect.stringContaining('Try again')]);
    expect((await driver.state()).requests).toEqual([]);
    expect(said(await driver.breakGlass('U0ANA', { ts: first.ts }))).toContain('Glass broken');
    await expectAllOver(driver);
  });

  it('asks a person who pressed a Block Kit button to try again, too', async () => {
    await driver.fault({ operation: 'dynamodb:TransactWriteItems', error: THROTTLED, times: 3 });
    expect((await driver.ask('U0ANA', ASK)).status).toBe(200);
    expect((await driver.state()).ephemerals.at(-1)).toMatchObject({
      user: 'U0ANA',
      text: expect.stringContaining('Try again'),
    });
  });

  it.each([
    ['UpdateItem', 8],
    ['GetItem', 8],
  ])('grants and ends access a little later when %s is throttled at every step', async (name, times) => {
    await driver.ask('U0ANA', ASK);
    await driver.fault({ operation: `dynamodb:${name}`, error: THROTTLED, times });
    await driver.advance('PT2M');
    expect(statesOf(await driver.state())).toEqual(['active']);
    await driver.fault({ operation: `dynamodb:${name}`, error: THROTTLED, times });
    const state = await expectAllOver(driver, { wait: 'PT8M' });
    expect(statesOf(state)).toEqual(['ended']);
  });

  it('does everything once although every second answer to a write is lost', async () => {
    for (let time = 0; time < 12; time += 1) {
      await driver.fault({ operation: 'dynamodb:UpdateItem', error: 'InternalServerError', when: 'after' });
      // In between, one answer arrives: this fault only delays it.
      await driver.fault({ operation: 'dynamodb:UpdateItem', delayMs: 1 });
    }
    await driver.ask('U0ANA', ASK);
    await driver.advance('PT30S');
    expect(statesOf(await driver.state())).toEqual(['active']);
    const state = await expectAllOver(driver, { wait: 'PT6M' });
    expect(statesOf(state)).toEqual(['ended']);
    expect(state.messages.filter(({ text }) => text.includes('*Ended*'))).toHaveLength(1);
  });

  it('starts one request when the answer to its write is lost', async () => {
    await driver.fault({
      operation: 'dynamodb:TransactWriteItems',
      error: 'InternalServerError',
      when: 'after',
      times: 2,
    });
    expect((await driver.breakGlass('U0ANA')).status).toBe(200);
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([statesOf(state), state.executions.length, state.assignments.length]).toEqual([['active'], 1, 1]);
    await expectAllOver(driver);
  });

  it('removes access within minutes after an outage of the table that covered its end', async () => {
    await driver.ask('U0ANA', ASK);
    await driver.advance('PT4M55S');
    const operations = ['GetItem', 'UpdateItem', 'Query', 'DeleteItem'].map((name) => `dynamodb:${name}`);
    await driver.outage(operations, 'InternalServerError', 420);
    await driver.advance('PT6M');
    let state = await driver.state();
    expect(state.assignments).toHaveLength(1);
    expect(state.alarms).toContainEqual(expect.objectContaining({ id: 'revoke-failed', state: 'ALARM' }));
    await driver.advance('PT5M');
    state = await driver.state();
    expect([statesOf(state), state.assignments]).toEqual([['ended'], []]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
