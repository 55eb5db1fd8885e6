import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { approvalFor, asks, clicks } from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports } from '../support/state.ts';

const SEED = parse(readFileSync(resolve(import.meta.dirname, '../../../examples/aws-shaped-seed.yaml'), 'utf8'));
const BREAK_GLASS = SEED.permissionSets[0].arn;
const idOf = (name: string): string =>
  SEED.users.find(({ userName }: { userName: string }) => userName.startsWith(name)).id;
const groupOf = (name: string): string =>
  SEED.groups.find(({ displayName }: { displayName: string }) => displayName === name).id;

/** The emulator refuses an id in any other shape, so a request that succeeds has sent only ids that AWS accepts. */
describe('with ids in the shapes that AWS gives them', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SEED);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  afterEach(async () => {
    // A call whose input AWS would refuse shows in the log, whatever came of the request.
    expect(await driver.logs()).not.toMatch(/ValidationException|SerializationException/);
  });

  it('break-glass access is granted, ends and is reported', async () => {
    await driver.breakGlass('U0ANA', { permissionSet: BREAK_GLASS });
    await driver.advance('PT10S');
    expect((await driver.state()).assignments).toEqual([
      { principalType: 'USER', principalId: idOf('ana'), accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
    const state = await expectAllOver(driver, { wait: 'PT3H' });
    expect(state.requests.map((request) => request.state)).toEqual(['reported']);
    expect(finalReports(state)).toHaveLength(1);
    expect(state.accesses[0]?.principalId).toBe(idOf('ana'));
  });

  it('asks the approver group about an account that a policy names by its unit, and grants on their vote', async () => {
    const request = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'AdministratorAccess',
      reason: 'x',
    });
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT10S');
    expect((await driver.state()).assignments.map(({ principalId }) => principalId)).toEqual([idOf('ben')]);
    await expectAllOver(driver, { wait: 'PT3H' });
  });

  it('adds a person to a group for a limited time, and removes nobody else', async () => {
    const before = (await driver.state()).memberships;
    const request = await asks(driver, 'U0ANA', { group: groupOf('On-call'), reason: 'x' });
    await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT10S');
    expect((await driver.state()).memberships).toContainEqual({
      groupId: groupOf('On-call'),
      principalId: idOf('ana'),
    });
    await expectAllOver(driver, { wait: 'PT12H' });
    expect((await driver.state()).memberships).toEqual(before);
  });
});
