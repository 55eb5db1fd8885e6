import { Driver } from '../support/driver.ts';
import { putPolicies } from '../support/people.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.start();
});
afterAll(() => driver.stop());
beforeEach(() => driver.reset());

const everywhere = { accounts: ['*'], permissionSets: ['*'] };
const deny = (who: string[]) => putPolicies(driver, { name: 'forbidden', effect: 'deny', who, ...everywhere });
const alarms = async () => (await driver.state()).alarms.filter(({ state }) => state === 'ALARM').map(({ id }) => id);

describe('a deny policy', () => {
  it.each([
    ['a group misspelt by a letter', 'group:Developer'],
    ['a group in another case', 'group:developers'],
    ['a user name that nobody has', 'user:bem@example.com'],
    ['a user id that nobody has', 'user:user-bne'],
  ])('for %s raises an alarm within minutes', async (_what, who) => {
    await deny(['group:Leads', who]);
    await driver.advance('PT1M');
    expect(await alarms()).toEqual(['forbids-nobody']);
    await driver.advance('PT10M');
    expect(await alarms()).toEqual([]);
  });

  it('for people and groups in the directory, by name, e-mail address or id, raises no alarm', async () => {
    await deny(['group:Developers', 'group:group-sre', 'user:ben@example.com', 'user:user-ana', 'everyone']);
    await putPolicies(driver, {
      name: 'gives',
      effect: 'allow',
      who: ['group:Nobodies'],
      maxDuration: '1h',
      ...everywhere,
    });
    await driver.advance('PT1M');
    expect(await alarms()).toEqual([]);
  });

  it('raises the alarm as well if the directory cannot be read', async () => {
    await driver.fault({ operation: 'identitystore:GetGroupId', error: 'ThrottlingException', times: 4 });
    await deny(['group:Developers']);
    await driver.advance('PT1M');
    expect(await alarms()).toEqual(['forbids-nobody']);
  });
});
