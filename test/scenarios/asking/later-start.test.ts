import { browserCaller } from '../support/browser-caller.ts';
import { Driver, STAGING } from '../support/driver.ts';
import { expectSound } from '../support/sound.ts';

describe('access that is requested for a later start', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());

  it('is granted at its start with few reads, even if the start is not a whole second', async () => {
    const call = await browserCaller(driver, 'user-ben');
    const startsAt = new Date(Math.ceil(Date.parse((await driver.state()).now) / 1000) * 1000 + 600_900).toISOString();
    const wish = { accountId: STAGING, permissionSet: 'PowerUserAccess', duration: 'PT30M', reason: 'a look' };
    const { status, json } = await call('POST', '/people/user-ben/requests', { ...wish, startsAt });
    expect([status, json.state, json.startsAt]).toEqual([201, expect.any(String), startsAt]);
    await driver.advance('PT1M');
    expect(await driver.request()).toMatchObject({ state: 'scheduled' });
    const reads = async () => (await driver.state()).calls['dynamodb:BatchGetItem'] ?? 0;
    const before = await reads();
    await driver.advance('PT10M');
    const given = await driver.request();
    expect(given).toMatchObject({ state: 'active' });
    expect(given.startsAt >= startsAt).toBe(true);
    expect((await reads()) - before).toBeLessThan(10);
    expectSound(await driver.state());
  });
});
