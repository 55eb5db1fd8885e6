import { Driver, POWER, PRODUCTION, STAGING } from '../support/driver.ts';
import { ALL_GUARDED } from '../support/guarded-sets.ts';
import {
  approvalFor,
  asks,
  clicks,
  dropRecord,
  inDirectory,
  now,
  putPolicies,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';

/** Time from one check of what justifies access to the next, and for the workflow to remove the access. */
const NEXT_LOOK = 'PT5M30S';

describe('access ends early with what justified it', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({ permissionSets: ALL_GUARDED });
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  /** Whether credentials fetched before the end are refused, whatever ended the access. */
  async function isCut({ id }: { id: string }): Promise<boolean> {
    const access = (await driver.state()).accesses.find((one) => one.id === id);
    return typeof access?.sessionsCutAt === 'string';
  }
  const held = async () => (await driver.state()).assignments.length;
  /** Why the access ended early: the note in the request's history, and the message that the requester reads. */
  async function why(request: { id: string }): Promise<[string | undefined, string]> {
    const { events } = await now(driver, request);
    return [events.find(({ state }) => state === 'ending')?.note, wordsOf(await statusMessageOf(driver, request))];
  }
  const developers = (fields: object) =>
    putPolicies(driver, {
      name: 'developers-here',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['ReadOnlyAccess'],
      maxDuration: '4h',
      ...fields,
    });
  const READ = { account: STAGING, permissionSet: 'ReadOnlyAccess', duration: '4h', reason: 'to look' };

  it('when its policy is deleted, if the policy says so, and only then', async () => {
    await developers({ endsWith: ['policy'] });
    const ends = await asks(driver, 'U0BEN', READ);
    const stays = await asks(driver, 'U0BEN', {
      account: STAGING,
      permissionSet: POWER,
      duration: '2h',
      reason: 'to work',
    });
    expect(await held()).toBe(2);
    await driver.advance(NEXT_LOOK);
    expect(await held()).toBe(2);

    await dropRecord(driver, 'policy#developers-here');
    await dropRecord(driver, 'policy#developers-staging');
    await driver.advance(NEXT_LOOK);
    expect((await now(driver, ends)).state).toBe('ended');
    expect([await isCut(ends), await isCut(stays)]).toEqual([true, false]);
    expect((await now(driver, stays)).state).toBe('active');
    const [note, told] = await why(ends);
    expect(note).toBe('policy "developers-here" no longer allows this');
    expect(told).toContain('no longer allows this');
    await expectAllOver(driver, { wait: 'PT8H' });
  });

  it('when the requester leaves the group that the policy is for, or a deny is added', async () => {
    await developers({ endsWith: ['membership', 'policy'] });
    const first = await asks(driver, 'U0BEN', READ);
    inDirectory(driver).leave('user-ben', 'group-developers');
    await driver.advance(NEXT_LOOK);
    expect((await why(first))[0]).toContain('is not for ben@example.com any more');
    expect([await held(), await isCut(first)]).toEqual([0, true]);

    inDirectory(driver).join('user-ben', 'group-developers');
    await driver.advance('PT2H');
    const second = await asks(driver, 'U0BEN', READ);
    await putPolicies(driver, { name: 'closed', effect: 'deny', who: ['everyone'], accounts: [STAGING] });
    await driver.advance(NEXT_LOOK);
    expect((await why(second))[0]).toBe('policy "closed" forbids this now');
    await expectAllOver(driver, { wait: 'PT8H' });
  });

  it('when a membership that Glasshammer gave ends, whatever the policy says', async () => {
    await putPolicies(driver, {
      name: 'oncall-production',
      effect: 'allow',
      who: ['group:On-call'],
      accounts: [PRODUCTION],
      permissionSets: ['PowerUserAccess'],
      leased: true,
      maxDuration: '8h',
    });
    const member = await asks(driver, 'U0ANA', { group: 'group-oncall', duration: '1h', reason: 'my turn' });
    await clicks(driver, 'U0DAN', await approvalFor(driver, member), 'Approve');
    await driver.advance('PT10S');
    const access = await asks(driver, 'U0ANA', {
      account: PRODUCTION,
      permissionSet: POWER,
      duration: '8h',
      reason: 'x',
    });
    expect((await now(driver, access)).state).toBe('active');
    await driver.advance('PT1H6M');
    expect((await now(driver, member)).state).not.toBe('active');
    expect((await why(access))[0]).toContain('is not for ana@example.com any more');
    expect(await held()).toBe(0);
    await expectAllOver(driver, { wait: 'PT8H' });
  });

  it('when the requester is disabled, whatever the policy says, but not while the directory cannot be read', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    await driver.fault({ operation: 'identitystore:DescribeUser', error: 'InternalServerException', times: 'forever' });
    inDirectory(driver).disable('user-ana');
    await driver.advance(NEXT_LOOK);
    expect(await held()).toBe(1);
    await driver.clearFaults();
    await driver.advance(NEXT_LOOK);
    expect(await held()).toBe(0);
    const request = await driver.request();
    expect((await why(request))[0]).toBe('user ana@example.com is disabled in Identity Center');
    expect(await isCut(request)).toBe(true);
    await expectAllOver(driver, { wait: 'PT3H' });
  });
});
