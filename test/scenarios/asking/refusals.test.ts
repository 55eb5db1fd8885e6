import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import { expectQuietLogs, said } from '../support/private-words.ts';
import { expectSound } from '../support/sound.ts';

const MANAGEMENT = '999999999999';
const NOWHERE = '000000000000';

describe('a target the person may not have', () => {
  let driver: Driver;
  beforeAll(async () => {
    const closed = { id: '567890123456', name: 'Closed', email: 'closed@example.com', ou: 'ou-nonprod' };
    driver = await Driver.start({ accounts: [...DEFAULT_SEED.accounts, { ...closed, status: 'SUSPENDED' }] });
  });
  afterAll(() => driver.stop());

  it.each([
    [
      'an account that does not exist',
      'U0ANA',
      NOWHERE,
      BREAK_GLASS,
      'unknown-account',
      /no such AWS account.*000000000000/,
    ],
    ['an account that is closed', 'U0ANA', '567890123456', BREAK_GLASS, 'account-not-active', /not active \(Closed\)/],
    [
      'a permission set that does not exist',
      'U0ANA',
      PRODUCTION,
      'arn:aws:sso:::permissionSet/ssoins-12345/ps-none',
      'unknown-permission-set',
      /no such permission set here/,
    ],
    [
      'the permission set of another instance',
      'U0ANA',
      PRODUCTION,
      'arn:aws:sso:::permissionSet/ssoins-99999/ps-12345',
      'unknown-permission-set',
      /no such permission set here/,
    ],
    ['what nothing allows', 'U0ANA', STAGING, BREAK_GLASS, 'not-allowed', /No policy lets you have this/],
    ["another person's record", 'U0BEN', PRODUCTION, BREAK_GLASS, 'not-allowed', /No policy lets you have this/],
    ['what is allowed in another account', 'U0BEN', PRODUCTION, POWER, 'not-allowed', /No policy lets you have this/],
    ['what a policy forbids', 'U0ANA', MANAGEMENT, ADMIN, 'denied-by-policy', /A policy forbids this/],
    ['what a policy forbids to leads too', 'U0DAN', MANAGEMENT, READ_ONLY, 'denied-by-policy', /A policy forbids this/],
  ])('is not given: %s', async (_what, user, account, permissionSet, reason, sentence) => {
    const answer = await driver.breakGlass(user, { account, permissionSet });
    expect(answer.status).toBe(200);
    expect(said(answer)).toMatch(sentence);
    expect(await driver.requestFrom(answer.ts)).toMatchObject({ state: 'refused', refusal: { reason } });
    const state = await driver.state();
    expect(state).toMatchObject({ assignments: [], executions: [], emails: [], messages: [] });
    expectSound(state);
    await expectQuietLogs(driver);
  });

  it('is refused for longer than it may be had, saying for how long it may', async () => {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', duration: '3h' });
    const state = await driver.state();
    expect(state.ephemerals.at(-1)?.text).toMatch(/The longest you can have is 2 hours/);
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
    expect(state).toMatchObject({ assignments: [], executions: [] });
  });

  it('is refused for longer than anybody gets anything, whatever the record says', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '13h' });
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
  });
});

describe('what the person reads when they are refused', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());

  it('names the request, so that an operator can look it up', async () => {
    const answer = await driver.breakGlass('U0ANA', { account: STAGING });
    const { id } = await driver.requestFrom(answer.ts);
    expect(answer.text).toContain(id);
  });

  it('is not markup of whoever wrote the button', async () => {
    const evil = '<!channel> *x* <https://evil.example|click>';
    await driver.ask('U0ANA', { account: PRODUCTION, group: evil });
    await driver.ask('U0ANA', { group: evil });
    const told = (await driver.state()).ephemerals.slice(-2).map(({ text }) => text);
    expect(told.join()).toMatch(/unknown|no such group/i);
    expect(told.join()).not.toMatch(/<!channel>|<https/);
  });
});
