import { browserCaller } from '../support/browser-caller.ts';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

describe('a company without Slack', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({}, { withSlack: false });
  });
  afterAll(() => driver.stop());

  it('gets access asked for, approved, used and reported on, and calls Slack for none of it', async () => {
    const [ben, cleo] = [await browserCaller(driver, 'user-ben'), await browserCaller(driver, 'user-cleo')];
    const asked = {
      accountId: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      duration: 'PT30M',
      reason: 'invoices are stuck',
    };
    const made = await ben('POST', '/people/user-ben/requests', asked);
    expect(made).toMatchObject({ status: 201, json: { state: 'pending' } });
    const { id } = made.json;
    await driver.advance('PT1M');
    expect((await cleo('GET', '/people/user-cleo/pending')).json.requests).toMatchObject([{ id }]);
    const voted = await cleo('POST', `/people/user-cleo/requests/${id}/votes`, { vote: 'approve' });
    expect(voted).toMatchObject({ status: 200, json: { state: 'approved' } });
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toMatchObject([{ principalId: 'user-ben', accountId: PRODUCTION }]);
    await driver.advance('PT31M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT2H');
    const state = await driver.state();
    await expectAllOver(driver, { wait: 'PT0S' });
    expect(state.requests).toMatchObject([{ id, state: 'reported', messages: [] }]);
    expect(state.emails.filter(({ to }) => to.includes('security@example.com')).length).toBeGreaterThan(0);
    expect(Object.keys(state.calls).filter((call) => call.startsWith('slack:'))).toEqual([]);
    expect(state.messages).toEqual([]);
    expect(await driver.logs()).not.toContain('"level":"ERROR"');
  });

  it('has no address that Slack could call', async () => {
    for (const route of ['interactivity', 'commands', 'options', 'events'])
      expect((await driver.slack(route, '{}')).status).toBe(404);
  });
});
