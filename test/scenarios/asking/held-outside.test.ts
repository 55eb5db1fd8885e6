import { Driver, POWER, STAGING } from '../support/driver.ts';
import { does, wordsOf } from '../support/people.ts';

const ben = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER };

describe('the request form, about access that the person has already', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** What the form says once account and permission set are chosen. */
  async function saysTo(user: string) {
    await does(driver, user, 'command', { command: '/access', channel: 'C0ALERTS' });
    const form = async () => (await driver.state()).views.find((view) => view.user === user && view.type === 'modal');
    // Staging has one permission set for Ben, so it is chosen for him.
    await does(driver, user, 'press', { viewId: (await form())?.view.id, actionId: 'account', value: STAGING });
    return wordsOf((await form())?.view);
  }

  it('says that an administrator has assigned it, directly or through a group', async () => {
    await driver.must('POST', '/sandbox/assignments', ben);
    expect(await saysTo('U0BEN')).toContain('You have this already, assigned to you outside of Glasshammer');

    await driver.fresh();
    const developers = { principalId: 'group-developers', principalType: 'GROUP' };
    await driver.must('POST', '/sandbox/assignments', { ...ben, ...developers });
    expect(await saysTo('U0BEN')).toContain('through the group *Developers* outside of Glasshammer');
  });

  it('says nothing of it where nobody has assigned it', async () => {
    const told = await saysTo('U0BEN');
    expect(told).toContain('Granted without approval');
    expect(told).not.toContain('You have this already');
  });

  it('says nothing of it while Glasshammer itself has given it, but when that ends', async () => {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '30m', reason: 'for work' });
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toMatchObject([ben]);
    const told = await saysTo('U0BEN');
    expect(told).toContain('You have this already, since');
    expect(told).not.toContain('outside of Glasshammer');
  });

  it('still opens while Identity Center throttles the lookup, which is not tried again', async () => {
    await driver.must('POST', '/sandbox/assignments', ben);
    await driver.must('POST', '/sandbox/faults', {
      operation: 'sso-admin:ListAccountAssignments',
      error: 'ThrottlingException',
      times: 50,
    });
    const before = (await driver.state()).calls['sso-admin:ListAccountAssignments'] ?? 0;
    const told = await saysTo('U0BEN');
    expect(told).toContain('Granted without approval');
    expect(told).not.toContain('You have this already');
    expect(((await driver.state()).calls['sso-admin:ListAccountAssignments'] ?? 0) - before).toBeLessThanOrEqual(1);
  });
});
