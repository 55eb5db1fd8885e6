import { ADMIN, Driver } from '../support/driver.ts';
import { does, dropRecord, putPolicies } from '../support/people.ts';
import { expectSound } from '../support/sound.ts';

const OWN = '456789012345';
const MANAGEMENT = '999999999999';

describe('an account that the configuration excludes, when a policy allows everything', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    await dropRecord(driver, 'policy#no-management');
    await putPolicies(driver, {
      name: 'everything',
      effect: 'allow',
      who: ['everyone'],
      accounts: ['*'],
      permissionSets: ['*'],
    });
  });

  it.each([
    ['the account Glasshammer runs in', OWN, 'Identity'],
    ['the management account', MANAGEMENT, 'Management'],
  ])('is refused at once, with the reason and without an alarm: %s', async (_what, account, name) => {
    await driver.ask('U0ANA', { account, permissionSet: ADMIN, duration: '1h', reason: 'to look' });
    await driver.advance('PT10M');
    const detail = `account ${name} ${account}`;
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'left-out', detail } });
    const state = await driver.state();
    expect(state.ephemerals.at(-1)?.text).toContain(`Nobody is given access to this here, whatever a policy says`);
    expect(state).toMatchObject({ assignments: [], executions: [], alarms: [] });
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBeUndefined();
    expectSound(state);
  });

  it('is not offered in the form either', async () => {
    await does(driver, 'U0ANA', 'command', { command: '/access', channel: 'C0ALERTS' });
    const { options = [] } = await does(driver, 'U0ANA', 'options', { actionId: 'account', query: '' });
    const offered = options.map(({ value }) => value);
    expect(offered).toContain('123456789012');
    expect(offered).not.toContain(OWN);
    expect(offered).not.toContain(MANAGEMENT);
  });
});
