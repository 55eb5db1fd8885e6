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

describe('a record that forbids something', () => {
  it.each([
    ['a group misspelt by a letter', 'group:Developer'],
    ['a group in other case', 'group:developers'],
    ['a user whom nobody is', 'user:bem@example.com'],
    ['a user id of nobody', 'user:user-bne'],
  ])('to %s is told to the operators within minutes', async (_what, who) => {
    await deny(['group:Leads', who]);
    await driver.advance('PT1M');
    expect(await alarms()).toEqual(['forbids-nobody']);
    await driver.advance('PT10M');
    expect(await alarms()).toEqual([]);
  });

  it('to people whom the directory knows, by name, e-mail or id, is told to nobody', async () => {
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

  it('is told as well where the directory cannot be asked', async () => {
    await driver.fault({ operation: 'identitystore:GetGroupId', error: 'ThrottlingException', times: 4 });
    await deny(['group:Developers']);
    await driver.advance('PT1M');
    expect(await alarms()).toEqual(['forbids-nobody']);
  });
});
