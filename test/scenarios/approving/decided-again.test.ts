import { Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  clicks,
  copiesFor,
  does,
  dropRecord,
  inDirectory,
  now,
  putPolicies,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';

const READ = { account: PRODUCTION, permissionSet: 'ReadOnlyAccess', reason: 'Look into the outage' };

describe('access that was allowed when it was requested', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  it('is refused when the policy is deleted between the approval and the grant, and everybody reads why', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    // The workflow is not told of the approval, and looks again only when the next reminder is due.
    await driver.fault({ operation: 'sfn:SendTaskSuccess', error: 'InternalServerError', times: 20 });
    await driver.press('U0CLEO', { actionId: 'request.approve', value: request.id });
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('approved');
    await dropRecord(driver, 'policy#developers-production');
    await driver.advance('PT16M');
    const refused = await now(driver, request);
    expect(refused).toMatchObject({ state: 'refused', refusal: { reason: 'no-longer-allowed' } });
    for (const shown of [await approvalFor(driver, request), await statusMessageOf(driver, request)]) {
      expect(wordsOf(shown)).toContain('*Refused:*');
      expect(wordsOf(shown)).toContain('not allowed any more');
    }
    const state = await expectAllOver(driver, { wait: 'PT1M' });
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBeUndefined();
  });

  it('is still granted, late, when an approver asked by escalation has approved', async () => {
    await putPolicies(driver, {
      name: 'escalating',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['ReadOnlyAccess'],
      approval: {
        approvers: ['user:cleo@example.com'],
        remind: '10m',
        escalate: { after: '5m', to: ['group:Directors'] },
      },
    });
    const request = await asks(driver, 'U0BEN', { ...READ, account: STAGING });
    await driver.advance('PT6M');
    await driver.fault({ operation: 'sfn:SendTaskSuccess', error: 'InternalServerError', times: 20 });
    await driver.press('U0DAN', { actionId: 'request.approve', value: request.id });
    await driver.advance('PT6M');
    expect((await now(driver, request)).state).toBe('active');
    await expectAllOver(driver);
  });

  describe('scheduled for later', () => {
    async function schedules(user: string): Promise<Awaited<ReturnType<typeof now>>> {
      await does(driver, user, 'command', { command: '/access', channel: 'C0ALERTS' });
      const start = Math.floor(Date.parse((await driver.state()).now) / 1000) + 2 * 3600;
      await sends(driver, user, {
        account: STAGING,
        'permission-set': 'arn:aws:sso:::permissionSet/ssoins-12345/ps-power',
        duration: '3600',
        start: String(start),
        reason: 'The planned migration',
      });
      await driver.advance('PT10S');
      return driver.request();
    }

    it('is granted at its start, not before, and ends an hour after it', async () => {
      const request = await schedules('U0BEN');
      expect(request.state).toBe('scheduled');
      expect(wordsOf(await statusMessageOf(driver, request))).toContain('*Scheduled:*');
      await driver.advance('PT1H58M');
      expect((await driver.state()).assignments).toEqual([]);
      await driver.advance('PT3M');
      expect((await now(driver, request)).state).toBe('active');
      expect((await driver.state()).assignments).toHaveLength(1);
      await expectAllOver(driver);
    });

    it('is refused at its start to a person who left the group or was disabled meanwhile', async () => {
      const request = await schedules('U0BEN');
      inDirectory(driver).leave('user-ben', 'group-developers');
      await driver.advance('PT2H5M');
      expect(await now(driver, request)).toMatchObject({ state: 'refused', refusal: { reason: 'no-longer-allowed' } });
      expect(wordsOf(await statusMessageOf(driver, request))).toContain('not allowed any more');

      inDirectory(driver).join('user-ben', 'group-developers');
      const second = await schedules('U0BEN');
      inDirectory(driver).disable('user-ben');
      await driver.advance('PT2H5M');
      expect((await now(driver, second)).refusal?.detail).toContain('disabled');
      await expectAllOver(driver, { wait: 'PT1M' });
    });

    it('can be cancelled before its start', async () => {
      const request = await schedules('U0BEN');
      await clicks(driver, 'U0BEN', await statusMessageOf(driver, request), 'Cancel request');
      // A workflow of its own tells about it, because that of the request sleeps until its start.
      await driver.advance('PT10S');
      expect(wordsOf(await statusMessageOf(driver, request))).toContain('Cancelled');
      await driver.advance('PT2H5M');
      expect((await now(driver, request)).state).toBe('cancelled');
      const state = await expectAllOver(driver, { wait: 'PT1M' });
      expect(state.executions.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    });
  });

  it('ends on time although every policy, record and group was deleted and the person disabled meanwhile', async () => {
    const approved = await asks(driver, 'U0BEN', READ);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, approved), 'Approve');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    expect((await driver.state()).assignments).toHaveLength(2);

    const names = ['developers-staging', 'developers-production', 'oncall-group', 'no-management'];
    for (const name of names) await dropRecord(driver, `policy#${name}`);
    for (const user of ['U0ANA', 'U0BEN', 'U0CLEO', 'U0DAN']) await dropRecord(driver, `principal#${user}`);
    await driver.putRecords({ id: { S: 'policy#broken' }, effect: { S: 'dney' } });
    inDirectory(driver).disable('user-ben');
    const { world } = driver.running.current();
    world.groups.splice(0);
    const state = await expectAllOver(driver);
    expect(state.requests.map(({ state: now }) => now)).toEqual(['ended', 'ended']);
    expect(copiesFor(state, approved)).not.toEqual([]);
  });
});
