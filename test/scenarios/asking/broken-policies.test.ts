import { ADMIN, Driver, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import { asks, does, dropRecord, now, privateWords, putPolicies, sends } from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const READ = { account: STAGING, permissionSet: 'ReadOnlyAccess' };
const STAGING_READ = {
  name: 'staging-read',
  effect: 'allow',
  who: ['group:Developers'],
  accounts: [STAGING],
  permissionSets: ['ReadOnlyAccess'],
};

describe('policies with requirements, and policies that cannot be read', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const told = async (user: string) => privateWords(await driver.state(), user).at(-1) ?? '';
  const malformedAlarm = async () => (await driver.state()).alarms.some(({ id }) => id === 'malformed-record');

  it('a broken allow policy gives nobody access and raises an alarm', async () => {
    expect(await malformedAlarm()).toBe(false);
    await putPolicies(
      driver,
      { ...STAGING_READ, name: 'misspelt', permissionSet: ['ReadOnlyAccess'] },
      { ...STAGING_READ, name: 'no-unit', maxDuration: '4' },
      { ...STAGING_READ, name: 'nobody', who: [] },
      { ...STAGING_READ, name: 'impossible', approval: { approvers: ['user:cleo@example.com'], count: 3 } },
    );
    await driver.putRecords({ id: { S: `access#${STAGING}#${READ_ONLY} #user-ben` } });
    expect(await malformedAlarm()).toBe(true);
    const request = await asks(driver, 'U0BEN', READ);
    expect(request).toMatchObject({ state: 'refused', refusal: { reason: 'malformed-record' } });
    expect(await told('U0BEN')).toContain('cannot be read');

    // A target that the broken policies are not about can still be had.
    const other = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess' });
    expect((await now(driver, other)).state).toBe('active');
    await expectAllOver(driver);
  });

  it('an unreadable policy blocks what it might forbid, and nothing that it is clearly not about', async () => {
    await putPolicies(driver, STAGING_READ, {
      name: 'unreadable-deny',
      effect: 'deny',
      who: ['everyone'],
      accounts: [STAGING],
      permissionSets: ['*'],
      untl: 'tomorrow',
    });
    const covered = await asks(driver, 'U0BEN', READ);
    expect(covered).toMatchObject({ state: 'refused', refusal: { reason: 'policy-unreadable' } });
    expect(await told('U0BEN')).toContain('unreadable-deny');
    const elsewhere = await driver.breakGlass('U0ANA');
    expect(elsewhere.status).toBe(200);
    await driver.advance('PT10S');
    expect((await driver.request()).state).toBe('active');

    await dropRecord(driver, 'policy#unreadable-deny');
    await putPolicies(driver, { name: 'unreadable-effect', effect: 'requires', who: ['group:Developers'] });
    expect(await asks(driver, 'U0BEN', READ)).toMatchObject({ refusal: { reason: 'policy-unreadable' } });
    await dropRecord(driver, 'policy#unreadable-effect');
    expect((await now(driver, await asks(driver, 'U0BEN', READ))).state).toBe('active');
    expectSound(await driver.state());
  });

  it('a deny policy with a mistyped id still denies, and raises an alarm', async () => {
    const deny = {
      effect: { S: 'deny' },
      who: { SS: ['everyone'] },
      accounts: { SS: ['*'] },
      permissionSets: { SS: ['*'] },
    };
    for (const id of ['Policy#no', ' policy #no', 'hello#world']) {
      await driver.putRecords({ id: { S: id }, ...deny });
      expect(await asks(driver, 'U0ANA', { account: PRODUCTION, permissionSet: 'BreakGlassAdmin' })).toMatchObject({
        state: 'refused',
        refusal: { reason: 'policy-unreadable', detail: id },
      });
      await dropRecord(driver, id);
    }
    expect(await malformedAlarm()).toBe(true);
    expect(await driver.logs()).toContain('"record":"Policy#no"');
    const freed = await asks(driver, 'U0ANA', { account: PRODUCTION, permissionSet: 'BreakGlassAdmin' });
    expect((await now(driver, freed)).state).toBe('active');
  });

  it('a refusal says which reason and ticket a policy requires, and a request with both is granted', async () => {
    await putPolicies(driver, STAGING_READ, {
      name: 'explained',
      effect: 'require',
      who: ['everyone'],
      accounts: ['ou:ou-nonprod'],
      reason: { minLength: 20 },
      ticket: { pattern: '^(INC|CHG)-[0-9]+$' },
    });
    const silent = await asks(driver, 'U0BEN', { ...READ, ticket: 'INC-7' });
    expect(silent).toMatchObject({ state: 'refused', refusal: { reason: 'reason-required', detail: '20' } });
    expect(await told('U0BEN')).toContain('This needs a reason of at least 20 letters and digits');
    const untracked = await asks(driver, 'U0BEN', { ...READ, reason: 'The cache is full on staging', ticket: 'X-1' });
    expect(untracked).toMatchObject({ state: 'refused', refusal: { reason: 'ticket-required' } });
    expect(await told('U0BEN')).toContain('This needs a ticket such as `INC-123`');

    // The form has a field for each.
    await does(driver, 'U0BEN', 'command', { command: '/access', channel: 'C0ALERTS' });
    const form = { account: STAGING, 'permission-set': READ_ONLY, duration: '1800' };
    await sends(driver, 'U0BEN', { ...form, reason: 'The cache is full on staging', ticket: 'CHG-12' });
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({ state: 'active', ticket: 'CHG-12', durationSeconds: 1800 });
    expectSound(await driver.state());
  });

  it('a refusal says the longest duration allowed, and a request that names no duration is shortened to it', async () => {
    await putPolicies(
      driver,
      { ...STAGING_READ, maxDuration: '6h' },
      { name: 'half-an-hour', effect: 'require', who: ['user:BEN@example.com'], maxDuration: '30m' },
    );
    await driver.ask('U0BEN', { ...READ, duration: '1h' });
    const { ephemerals } = await driver.state();
    expect(ephemerals.at(-1)?.text).toContain('The longest you can have is 30 minutes');
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
    const screen = (await driver.must('GET', '/sandbox/state')) as { slack: { screen: { ephemerals: object[] } } };
    expect(JSON.stringify(screen.slack.screen.ephemerals.at(-1))).toContain('up to 30m, by policy staging-read');

    const request = await asks(driver, 'U0BEN', READ);
    expect(request).toMatchObject({ durationSeconds: 1800 });
    await expectAllOver(driver, { wait: 'PT35M' });
  });

  it('a policy with hours gives access only within them', async () => {
    const hourOf = (date: Date) => `${String(date.getUTCHours()).padStart(2, '0')}:${date.toISOString().slice(14, 16)}`;
    const at = Date.parse((await driver.state()).now);
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const hours = (from: number, to: number) => ({
      days,
      from: hourOf(new Date(at + from * 60_000)),
      to: hourOf(new Date(at + to * 60_000)),
      timeZone: 'Etc/UTC',
    });
    await putPolicies(driver, { ...STAGING_READ, hours: hours(60, 180) });
    const early = await asks(driver, 'U0BEN', READ);
    expect(early).toMatchObject({ state: 'refused', refusal: { reason: 'outside-hours' } });
    expect(await told('U0BEN')).toContain('not given at this time');
    await driver.advance('PT62M');
    expect((await now(driver, await asks(driver, 'U0BEN', READ))).state).toBe('active');
    expectSound(await driver.state());
  });

  it('a policy that names a deleted unit, group or user does not stop the other policies', async () => {
    await putPolicies(
      driver,
      { ...STAGING_READ, name: 'stale', who: ['group:Gone', 'user:gone@example.com'], accounts: ['ou:ou-gone'] },
      { name: 'stale-deny', effect: 'deny', who: ['group:Gone'], accounts: ['ou-direct:ou-gone', 'tag:no=tag'] },
      { ...STAGING_READ, who: ['user:Ben@Example.COM'] },
    );
    expect((await now(driver, await asks(driver, 'U0BEN', READ))).state).toBe('active');
    expectSound(await driver.state());
  });

  it('a policy does not give access by a name that fits two people', async () => {
    const { world } = driver.running.current();
    const names: Record<string, string> = { 'user-ben': 'ben', 'user-hal': 'ben@example.com' };
    for (const user of world.users) user.userName = names[user.id] ?? user.userName;
    await putPolicies(driver, { ...STAGING_READ, who: ['user:ben@example.com'] });
    const request = await asks(driver, 'U0BEN', READ);
    expect(request.state).toBe('refused');
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('a required approval without approvers makes an access record unusable', async () => {
    await driver.putRecords({ id: { S: `access#${PRODUCTION}#${ADMIN}#user-ben` } });
    const free = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: ADMIN, duration: '15m' });
    expect((await now(driver, free)).state).toBe('active');
    await putPolicies(driver, { name: 'two-always', effect: 'require', who: ['everyone'], approval: { count: 2 } });
    const bound = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: ADMIN, duration: '15m' });
    expect(await now(driver, bound)).toMatchObject({ state: 'pending', path: 'developers-production' });
    await driver.advance('PT20M');
    expect((await driver.state()).assignments).toEqual([]);
  });
});
