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
    ['a target that no policy allows', 'U0ANA', STAGING, BREAK_GLASS, 'not-allowed', /No policy lets you have this/],
    [
      "a target that only another person's record gives",
      'U0BEN',
      PRODUCTION,
      BREAK_GLASS,
      'not-allowed',
      /No policy lets you have this/,
    ],
    [
      'a permission set that is allowed in another account',
      'U0BEN',
      PRODUCTION,
      POWER,
      'not-allowed',
      /No policy lets you have this/,
    ],
    ['a target that a policy denies', 'U0ANA', MANAGEMENT, ADMIN, 'denied-by-policy', /A policy forbids this/],
    [
      'a target that a policy denies even to leads',
      'U0DAN',
      MANAGEMENT,
      READ_ONLY,
      'denied-by-policy',
      /A policy forbids this/,
    ],
  ])('is refused, with the reason: %s', async (_what, user, account, permissionSet, reason, sentence) => {
    const answer = await driver.breakGlass(user, { account, permissionSet });
    expect(answer.status).toBe(200);
    expect(said(answer)).toMatch(sentence);
    expect(await driver.requestFrom(answer.ts)).toMatchObject({ state: 'refused', refusal: { reason } });
    const state = await driver.state();
    expect(state).toMatchObject({ assignments: [], executions: [], emails: [], messages: [] });
    expectSound(state);
    await expectQuietLogs(driver);
  });

  it('is refused for a longer time than allowed, and the refusal says the longest', async () => {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', duration: '3h' });
    const state = await driver.state();
    expect(state.ephemerals.at(-1)?.text).toMatch(/The longest you can have is 2 hours/);
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
    expect(state).toMatchObject({ assignments: [], executions: [] });
  });

  it('is refused for longer than the overall maximum, even if an access record gives it', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '13h' });
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
  });
});

describe('the message of a refusal', () => {
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

  it('shows no markup that the author of the button wrote', async () => {
    const evil = '<!channel> *x* <https://evil.example|click>';
    await driver.ask('U0ANA', { account: PRODUCTION, group: evil });
    await driver.ask('U0ANA', { group: evil });
    const told = (await driver.state()).ephemerals.slice(-2).map(({ text }) => text);
    expect(told.join()).toMatch(/unknown|no such group/i);
    expect(told.join()).not.toMatch(/<!channel>|<https/);
  });
});
