import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.start();
  driver.mayBeRefused = true;
});
afterAll(() => driver.stop());
beforeEach(() => driver.fresh());

const ana = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };

function becomes(status: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE'): void {
  for (const account of driver.running.current().world.accounts) if (account.id === PRODUCTION) account.status = status;
}

async function anaHasAccess(): Promise<void> {
  await driver.breakGlass('U0ANA');
  await driver.advance('PT10S');
  expect((await driver.request()).state).toBe('active');
}

const deletions = async () => (await driver.state()).calls['sso-admin:DeleteAccountAssignment'] ?? 0;

describe('access in an account that is closed meanwhile', () => {
  it.each(['SUSPENDED', 'PENDING_CLOSURE'] as const)(
    'is over at its end though Identity Center cannot remove it (%s), which the message says, and is not tried again',
    async (status) => {
      await anaHasAccess();
      becomes(status);
      await driver.advance('PT1H30M');
      const state = await driver.state();
      expect(state.requests.map((request) => request.state)).toEqual([expect.stringMatching(/^(ended|reported)$/)]);
      const ended = state.requests[0]?.events.find(({ type }) => type === 'ended');
      expect(ended?.note).toMatch(/^out of use: the account is closed/);
      expect(JSON.stringify(state.messages)).toContain('The account is closed');
      // Nothing was removed, so no session was cut, and the message says nothing about credentials that may still work.
      expect(state.requests[0]?.events.map(({ type }) => type)).not.toContainEqual(expect.stringMatching(/^sessions-/));
      expect(JSON.stringify(state.messages)).not.toMatch(/[Cc]redentials fetched|Sessions cut/);

      const tried = await deletions();
      await driver.advance('PT2H');
      expect(await deletions()).toBe(tried);
      expect((await driver.state()).assignments).toMatchObject([ana]);
    },
  );

  it('is removed when the account is reopened', async () => {
    await anaHasAccess();
    becomes('SUSPENDED');
    await driver.advance('PT1H30M');
    becomes('ACTIVE');
    await driver.advance('PT30M');
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
  });

  it('is over at its end if the account has left the organization', async () => {
    await anaHasAccess();
    const { world } = driver.running.current();
    world.accounts = world.accounts.filter(({ id }) => id !== PRODUCTION);
    await driver.advance('PT1H30M');
    const state = await driver.state();
    expect(state.requests[0]?.state).toMatch(/^(ended|reported)$/);
    expect(JSON.stringify(state.messages)).toContain('The account is no longer in the organization');
  });
});
