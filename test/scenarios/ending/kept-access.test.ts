import { runDriftCommand } from '../support/drift-commands.ts';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';

const ANAS = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.start();
});
afterAll(() => driver.stop());
beforeEach(() => driver.reset());

const ask = (duration: string) => driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration });
const hasIt = async () => (await driver.state()).assignments.some(({ principalId }) => principalId === 'user-ana');
/** The texts of the warnings that access ends soon, as they are now. */
const warnings = async () =>
  (await driver.state()).messages.map(({ text }) => text).filter((text) => /^:(lock|warning): <@U0ANA>/.test(text));

describe('a person who keeps access when a request for it ends is not told that it has ended', () => {
  it('because another request holds it', async () => {
    await ask('30m');
    await driver.advance('PT20M');
    await ask('1h');
    await driver.advance('PT15M');
    // The second request joined the same access, which now ends later: nothing has ended, and no message says so.
    expect(await hasIt()).toBe(true);
    expect(await warnings()).toEqual([]);
    await driver.advance('PT1H');
    expect(await hasIt()).toBe(false);
    expect((await warnings()).at(-1)).toMatch(/this access to .* has ended\.$/);
  });

  it('because they had it before', async () => {
    await driver.must('POST', '/sandbox/assignments', ANAS);
    await ask('30m');
    await driver.advance('PT35M');
    expect(await hasIt()).toBe(true);
    expect(await warnings()).toEqual([expect.stringMatching(/you keep the access to .* You had the same before/)]);
  });

  it('because an administrator gave it meanwhile, and they and the operators read that a drift rule removes it later', async () => {
    await runDriftCommand(driver, 'drift confirm');
    await ask('50m');
    await driver.advance('PT30M');
    await driver.must('POST', '/sandbox/assignments', ANAS);
    await driver.advance('PT1M');
    const words = JSON.stringify((await driver.state()).messages.map(({ blocks }) => blocks));
    expect(words).toContain('It is removed then, but not before');
    expect(words).toContain('Glasshammer does not take it away with this request.');
    expect(words).not.toMatch(/stays after the end|stays when that ends/);
    await driver.advance('PT23M');
    expect(await hasIt()).toBe(true);
    expect(await warnings()).toEqual([
      expect.stringMatching(/you keep the access to .* Somebody else gave you the same/),
    ]);
    await driver.advance('PT25M');
    expect(await hasIt()).toBe(false);
  });
});
