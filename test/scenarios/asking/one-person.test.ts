import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { browserCaller } from '../support/browser-caller.ts';
import { Driver, STAGING } from '../support/driver.ts';
import { putPolicies } from '../support/people.ts';

const user = (name: string, email = `${name}@example.com`) => ({
  id: `user-${name}`,
  userName: `${name}@example.com`,
  displayName: name,
  email,
});

const SANDBOX = '345678901234';
const AT_WORK = { effect: 'allow', accounts: [STAGING, SANDBOX] };

/** Ana has three users more: Zana, one that is not used any more, and Eva's, who is an operator. */
describe('a person with several users', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({
      users: [...(DEFAULT_SEED.users ?? []), user('zana'), user('ana-old', 'Ana-Admin@example.com'), user('ana-admin')],
    });
    await putPolicies(
      driver,
      {
        name: 'short-and-seldom',
        ...AT_WORK,
        who: ['user:user-ana', 'user:user-zana', 'user:user-ben'],
        permissionSets: ['ReadOnlyAccess'],
        ...{ maxDuration: '30m', perDay: '30m', cooldown: '4h' },
      },
      {
        name: 'no-longer-without-a-break',
        ...AT_WORK,
        who: ['user:user-ana', 'user:user-zana'],
        permissionSets: ['PowerUserAccess'],
        maxDuration: '1h',
      },
      {
        name: 'staging-emergency',
        ...AT_WORK,
        who: ['user:user-ana'],
        permissionSets: ['AdministratorAccess'],
        breakGlass: true,
        approval: { approvers: ['user:user-zana', 'user:user-cleo'] },
      },
      {
        name: 'by-an-admin',
        ...AT_WORK,
        who: ['user:user-ana'],
        permissionSets: ['BreakGlassAdmin'],
        approval: { approvers: ['user:user-ana-admin', 'user:user-cleo'] },
      },
    );
  });
  afterAll(() => driver.stop());

  const isOnePerson = (...users: string[]) =>
    driver.putRecords({ id: { S: 'person#ana' }, principals: { SS: users.map((name) => `user-${name}`) } });
  const as = async (name: string, method: string, path: string, body?: object) =>
    (await browserCaller(driver, `user-${name}`))(method, `/people/user-${name}${path}`, body);
  /** @returns the request, as it is soon after */
  async function asks(name: string, permissionSet: string, more: object = {}) {
    const wish = { accountId: STAGING, permissionSet, duration: 'PT30M', reason: 'a look', ...more };
    const { status, json } = await as(name, 'POST', '/requests', wish);
    if (status !== 201) return json;
    await driver.advance('PT10S');
    return (await as(name, 'GET', `/requests/${json.id}`)).json;
  }

  it('does not review its own broken glass, neither passed over nor as an operator', async () => {
    await isOnePerson('hal', 'zana');
    const { id } = await asks('ana', 'AdministratorAccess', { confirmBreakGlass: true });
    await driver.advance('PT3H');
    const acknowledged = { status: 'acknowledged' };
    await isOnePerson('ana', 'zana', 'eva');
    for (const name of ['zana', 'eva'])
      expect(await as(name, 'POST', `/requests/${id}/review`, acknowledged)).toMatchObject({
        status: 403,
        json: { reason: 'own-request' },
      });
    expect(await as('cleo', 'POST', `/requests/${id}/review`, acknowledged)).toMatchObject({ status: 200 });
  });

  it('does not lift its own lock', async () => {
    await isOnePerson('ben', 'eva');
    await as('eva', 'POST', '/operate/lock', { user: 'user-ben', reason: 'lost a phone' });
    const unlock = { user: 'user-ben', reason: 'found it' };
    expect(await as('eva', 'POST', '/operate/unlock', unlock)).toMatchObject({ json: { reason: 'own-lock' } });
    expect(await as('ana', 'POST', '/operate/unlock', unlock)).toMatchObject({ status: 200 });
  });

  it('has no vote on its own request where one user is known by a record, and another by the e-mail of that', async () => {
    await isOnePerson('ana', 'ana-old');
    const { id } = await asks('ana', 'BreakGlassAdmin');
    expect((await as('ana-admin', 'GET', '/pending')).json.requests).toEqual([]);
    expect((await as('ana-admin', 'POST', `/requests/${id}/votes`, { vote: 'approve' })).status).toBe(404);
    expect(await as('cleo', 'POST', `/requests/${id}/votes`, { vote: 'approve' })).toMatchObject({ status: 200 });
  });
});
