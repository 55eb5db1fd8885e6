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

/** The tests say with a `person#` record which users are one person: Ana has several users, and Eva is an operator. */
describe('a person with several Identity Center users', () => {
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
  /** @returns the request as it is ten seconds later */
  async function asks(name: string, permissionSet: string, more: object = {}) {
    const wish = { accountId: STAGING, permissionSet, duration: 'PT30M', reason: 'a look', ...more };
    const { status, json } = await as(name, 'POST', '/requests', wish);
    if (status !== 201) return json;
    await driver.advance('PT10S');
    return (await as(name, 'GET', `/requests/${json.id}`)).json;
  }

  it('has one daily limit and one cooldown for all of them', async () => {
    await isOnePerson('ana', 'zana');
    expect(await asks('ana', 'ReadOnlyAccess')).toMatchObject({ state: 'active' });
    expect(await asks('zana', 'ReadOnlyAccess')).toMatchObject({ reason: 'per-day' });
    await driver.advance('PT1H');
    for (const name of ['ana', 'zana'])
      expect(await asks(name, 'ReadOnlyAccess')).toMatchObject({ reason: 'cooldown' });
    await driver.advance('PT4H');
    for (const name of ['ana', 'zana']) expect(await asks(name, 'ReadOnlyAccess')).toMatchObject({ reason: 'per-day' });
    const preview = { accountId: STAGING, permissionSet: 'ReadOnlyAccess', duration: 'PT30M' };
    expect((await as('zana', 'POST', '/evaluations', preview)).json).toMatchObject({ outcome: 'refused' });
    expect(await asks('ben', 'ReadOnlyAccess')).toMatchObject({ state: 'active' });
  });

  it('cannot hold access longer without a break by using them in turn', async () => {
    await isOnePerson('ana', 'zana');
    expect(await asks('ana', 'PowerUserAccess', { duration: 'PT50M' })).toMatchObject({ state: 'active' });
    await driver.advance('PT40M');
    expect(await asks('zana', 'PowerUserAccess')).toMatchObject({ reason: 'hold-limit' });
    expect(await asks('zana', 'PowerUserAccess', { duration: 'PT15M' })).toMatchObject({ state: 'active' });
    const held = (await as('ana', 'GET', '/requests')).json.requests[0];
    expect((await as('ana', 'POST', `/requests/${held.id}/extensions`, { duration: 'PT30M' })).json).toMatchObject({
      reason: 'hold-limit',
    });
    await driver.advance('PT1H');
  });

  it('is recognized by the person record as it is when scheduled access starts', async () => {
    await isOnePerson('hal', 'zana');
    const { json } = await as('zana', 'POST', '/requests', {
      ...{ accountId: SANDBOX, permissionSet: 'ReadOnlyAccess', duration: 'PT30M', reason: 'later' },
      startsAt: `${new Date(Date.parse((await driver.state()).now) + 3_600_000).toISOString().slice(0, 19)}Z`,
    });
    expect(await asks('ana', 'ReadOnlyAccess', { accountId: SANDBOX })).toMatchObject({ state: 'active' });
    expect((await as('zana', 'GET', `/requests/${json.id}`)).json).toMatchObject({ state: 'scheduled' });
    await isOnePerson('ana', 'zana');
    await driver.advance('PT1H10S');
    expect((await as('zana', 'GET', `/requests/${json.id}`)).json).toMatchObject({ state: 'refused' });
  });

  it('cannot review their own break-glass access with another of them, as an approver or as an operator', async () => {
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

  it('cannot lift a lock on one of them with another', async () => {
    await isOnePerson('ben', 'eva');
    await as('eva', 'POST', '/operate/lock', { user: 'user-ben', reason: 'lost a phone' });
    const unlock = { user: 'user-ben', reason: 'found it' };
    expect(await as('eva', 'POST', '/operate/unlock', unlock)).toMatchObject({ json: { reason: 'own-lock' } });
    expect(await as('ana', 'POST', '/operate/unlock', unlock)).toMatchObject({ status: 200 });
  });

  it('cannot vote on their own request with a user that is linked only by the e-mail address of another', async () => {
    await isOnePerson('ana', 'ana-old');
    const { id } = await asks('ana', 'BreakGlassAdmin');
    expect((await as('ana-admin', 'GET', '/pending')).json.requests).toEqual([]);
    expect((await as('ana-admin', 'POST', `/requests/${id}/votes`, { vote: 'approve' })).status).toBe(404);
    expect(await as('cleo', 'POST', `/requests/${id}/votes`, { vote: 'approve' })).toMatchObject({ status: 200 });
  });
});
