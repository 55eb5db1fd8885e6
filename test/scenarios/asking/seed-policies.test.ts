import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import { approvalFor, asks, clicks, now } from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';

const PRODUCTION_EU = '210987654321';
const MANAGEMENT = '999999999999';
const ONCALL = 'group-oncall';

describe('the policies of the default seed', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  it('let a developer into staging at once, and end the access after two hours', async () => {
    const request = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', duration: '2h' });
    expect(await now(driver, request)).toMatchObject({ state: 'active', path: 'developers-staging' });
    expect((await driver.state()).assignments).toEqual([
      { principalType: 'USER', principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER },
    ]);
    expect((await driver.state()).messages.some(({ channel }) => channel === 'C0ACCESS')).toBe(false);
    await driver.advance('PT1H55M');
    expect((await now(driver, request)).state).toBe('active');
    await expectAllOver(driver, { wait: 'PT10M' });
  });

  it('refuse three hours in staging and name the two hours that are allowed', async () => {
    const request = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: POWER, duration: '3h' });
    expect(request).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
    const told = (await driver.state()).ephemerals.at(-1);
    expect(told).toMatchObject({ user: 'U0BEN' });
    expect(told?.text).toContain('The longest you can have is 2 hours');
    await expectAllOver(driver);
  });

  it('give access in production, in nested units too, only after a lead has approved', async () => {
    const wanted = [
      { accountId: PRODUCTION, permissionSetArn: ADMIN, permissionSet: 'AdministratorAccess' },
      { accountId: PRODUCTION_EU, permissionSetArn: READ_ONLY, permissionSet: 'ReadOnlyAccess' },
    ];
    const requests = [];
    for (const { accountId: account, permissionSet } of wanted)
      requests.push(await asks(driver, 'U0BEN', { account, permissionSet, reason: 'Look into the outage' }));
    expect(requests.map(({ state, path }) => [state, path])).toEqual(
      wanted.map(() => ['pending', 'developers-production']),
    );
    expect((await driver.state()).assignments).toEqual([]);

    for (const request of requests) await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT10S');
    const { assignments } = await driver.state();
    expect(assignments.map(({ accountId, permissionSetArn }) => [accountId, permissionSetArn])).toEqual(
      wanted.map(({ accountId, permissionSetArn }) => [accountId, permissionSetArn]),
    );
    await expectAllOver(driver);
  });

  it("do not give a developer in production what no policy names, nor what another person's record gives", async () => {
    for (const permissionSet of ['PowerUserAccess', BREAK_GLASS]) {
      const request = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet });
      expect(request).toMatchObject({ state: 'refused', refusal: { reason: 'not-allowed' } });
    }
    await expectAllOver(driver, { wait: 'PT10S' });
  });

  it('let nobody into the management account, even with an access record for it', async () => {
    await driver.putRecords({ id: { S: `access#${MANAGEMENT}#${ADMIN}#user-ana` } });
    const request = await asks(driver, 'U0ANA', { account: MANAGEMENT, permissionSet: 'AdministratorAccess' });
    expect(request).toMatchObject({
      state: 'refused',
      refusal: { reason: 'denied-by-policy', detail: 'no-management' },
    });
    await expectAllOver(driver);
  });

  describe('membership in a group', () => {
    const members = async () => (await driver.state()).memberships.filter(({ groupId }) => groupId === ONCALL);

    it('is requested with the button of an alert, given after approval, removed on time and reported', async () => {
      const request = await asks(driver, 'U0ANA', { group: ONCALL, duration: '1h', reason: 'On call today' });
      expect(request).toMatchObject({ state: 'pending', target: { groupId: ONCALL }, names: { groupName: 'On-call' } });
      expect(await members()).toEqual([]);

      await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
      await driver.advance('PT10S');
      expect((await now(driver, request)).state).toBe('active');
      expect(await members()).toEqual([{ groupId: ONCALL, principalId: 'user-ana' }]);
      await expectAllOver(driver);
      expect(await members()).toEqual([]);

      // Sessions of a group's access may last twelve hours, and CloudTrail delivers late. The sweep has nothing to do
      // here.
      await driver.fault({ operation: 'lambda:sweep-access', error: 'Crash', times: 'forever' });
      await driver.advance('PT13H');
      expect((await now(driver, request)).state).toBe('reported');
      const [mail] = (await driver.state()).emails;
      expect(mail?.subject).toContain('On-call');
      expect(mail?.text).toContain('ana@example.com');
    });

    it('is refused to a person whom no policy allows, and for groups that do not exist', async () => {
      expect(await asks(driver, 'U0BEN', { group: ONCALL })).toMatchObject({ refusal: { reason: 'not-allowed' } });
      expect(await asks(driver, 'U0ANA', { group: 'No such group' })).toMatchObject({
        refusal: { reason: 'unknown-group' },
      });
      expect(await members()).toEqual([]);
    });

    it('stays with a person who was in the group before', async () => {
      const { world } = driver.running.current();
      world.memberships.push({ id: 'membership-before', groupId: ONCALL, userId: 'user-ana' });
      const request = await asks(driver, 'U0ANA', { group: 'On-call', duration: '1h' });
      await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
      await driver.advance('PT10S');
      expect((await now(driver, request)).state).toBe('active');
      await expectAllOver(driver);
      expect(await members()).toEqual([{ groupId: ONCALL, principalId: 'user-ana' }]);
    });
  });
});
