import { Driver } from '../support/driver.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

describe('when Identity Center does not make the assignment', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());
  const alarmIds = async () => (await driver.state()).alarms.map(({ id }) => id);

  it.each([
    ['a conflict', 'ConflictException', 3],
    ['throttling', 'ThrottlingException', 4],
    ['an internal error', 'InternalServerException', 4],
    ['a broken connection', 'ConnectionReset', 4],
  ])('access is granted all the same, a moment later, after %s', async (_what, error, times) => {
    await driver.fault({ operation: 'sso-admin:CreateAccountAssignment', error, times });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments.length]).toEqual(['active', 1]);
    await expectAllOver(driver);
  });

  it('a creation that AWS finishes as FAILED is shown as failed, with the reason, and no report is sent', async () => {
    const asyncFailure = 'The role cannot be created in this account';
    await driver.fault({ operation: 'sso-admin:CreateAccountAssignment', asyncFailure });
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT30S');
    const state = await driver.state();
    expect(state.requests[0]).toMatchObject({
      state: 'failed',
      failure: asyncFailure,
      refusal: { reason: 'grant-failed' },
    });
    expect(state.requests[0]?.events.map(({ type }) => type)).toEqual([
      'requested',
      'approved',
      'granting',
      'ending',
      'failed',
      // Sessions that the grant may have allowed cannot be cut: the permission set has no guard.
      'sessions-left',
    ]);
    const told = state.messages.find(({ threadTs }) => threadTs === ts);
    expect(JSON.stringify(told)).toContain(asyncFailure);
    expect(told?.text).toMatch(/Failed/);
    expect(await alarmIds()).toContain('grant-failed');
    const after = await expectAllOver(driver, { wait: 'PT1H30M' });
    expect([after.emails, after.executions.map(({ status }) => status)]).toEqual([[], ['SUCCEEDED']]);
  });

  it('a creation that AWS refuses is cleaned up and shown as failed, with what helps', async () => {
    await driver.fault({
      operation: 'sso-admin:CreateAccountAssignment',
      error: 'AccessDeniedException',
      times: 'forever',
    });
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const state = await driver.state();
    expect(state.requests[0]).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/^AccessDeniedException: /),
    });
    const told = state.messages.find(({ threadTs }) => threadTs === ts);
    expect(told?.text).toMatch(/Failed/);
    // The message says why and what helps: trying again does not.
    expect(JSON.stringify(told)).toMatch(/AccessDeniedException.*glasshammer doctor/);
    expect(await alarmIds()).toContain('grant-failed');
    await expectAllOver(driver);
  });

  it('the grant gives up when conflicts do not cease, and the person can ask again', async () => {
    await driver.fault({
      operation: 'sso-admin:CreateAccountAssignment',
      error: 'ConflictException',
      times: 'forever',
    });
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT10M');
    expect((await driver.requestFrom(ts)).state).toBe('failed');
    await driver.clearFaults();
    await driver.breakGlass('U0ANA', { ts });
    await driver.advance('PT10S');
    expect((await driver.requestFrom(ts)).state).toBe('active');
    await expectAllOver(driver);
  });

  it.each([
    ['the check for an existing assignment', 'sso-admin:ListAccountAssignments'],
    ['the creation', 'sso-admin:CreateAccountAssignment'],
    ['the check of the creation status', 'sso-admin:DescribeAccountAssignmentCreationStatus'],
  ])('nobody is left with access when %s is refused for good', async (_what, operation) => {
    await driver.fault({ operation, error: 'AccessDeniedException', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT2M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['failed', []]);
    await expectAllOver(driver, { wait: 'PT10M' });
  });

  it('a creation whose answer was lost counts as made, and its access ends', async () => {
    const operation = 'sso-admin:CreateAccountAssignment';
    await driver.fault({ operation, error: 'InternalServerException', when: 'after', times: 3 });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments.length]).toEqual(['active', 1]);
    await expectAllOver(driver);
  });

  it('access ends that was made although every answer was lost and the grant gave up', async () => {
    const operation = 'sso-admin:CreateAccountAssignment';
    await driver.fault({ operation, error: 'AccessDeniedException', when: 'after', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['failed', []]);
    await expectAllOver(driver, { wait: 'PT10M' });
  });
});

describe('when Identity Center is slow', () => {
  it('access is not called active before AWS says SUCCEEDED, nor ended before it is removed', async () => {
    const driver = await Driver.start({ ...SHORT_ACCESS, identityCenter: { provisioningSeconds: 45 } });
    try {
      const { ts } = await driver.breakGlass('U0ANA');
      await driver.advance('PT42S');
      let state = await driver.state();
      expect([state.requests[0]?.state, state.assignments]).toEqual(['granting', []]);
      expect(state.messages.filter(({ threadTs }) => threadTs === ts)).toEqual([]);
      await driver.advance('PT20S');
      state = await driver.state();
      expect([state.requests[0]?.state, state.assignments.length]).toEqual(['active', 1]);
      expect(state.messages.filter(({ threadTs }) => threadTs === ts)).toHaveLength(1);
      const { id } = await driver.request();
      await driver.press('U0ANA', { actionId: 'request.done', value: id, channel: 'C0ALERTS' });
      await driver.advance('PT40S');
      state = await driver.state();
      expect([state.requests[0]?.state, state.assignments.length]).toEqual(['ending', 1]);
      expect(state.messages.find(({ threadTs }) => threadTs === ts)?.text).not.toMatch(/Ended/);
      await expectAllOver(driver, { wait: 'PT1M' });
    } finally {
      await driver.stop();
    }
  });

  it('the request fails if somebody removes the assignment before it was confirmed, and people read who did it', async () => {
    const driver = await Driver.start({ ...SHORT_ACCESS, identityCenter: { provisioningSeconds: 45 } });
    try {
      await driver.breakGlass('U0ANA');
      await driver.advance('PT40S');
      for (let second = 0; second < 30 && (await driver.state()).assignments.length === 0; second += 1)
        await driver.advance('PT1S');
      const [made] = (await driver.state()).assignments;
      expect((await driver.request()).state).toBe('granting');
      await driver.must('DELETE', '/sandbox/assignments', made ?? {});
      await driver.advance('PT1M');
      const { requests, messages } = await driver.state();
      expect(requests[0]?.state).toBe('failed');
      expect(requests[0]?.events.find(({ type }) => type === 'removed-by-others')?.by).toContain('AWSReservedSSO');
      const told = messages.map(({ channel, blocks }) => [channel, JSON.stringify(blocks)] as const);
      expect(told.find(([channel]) => channel === 'C0ALERTS')?.[1]).toMatch(
        /did not get .*somebody else removed it before it was confirmed: by administrator/,
      );
      expect(told.find(([channel]) => channel === 'C0ACCESS')?.[1]).toContain('*Removed outside of Glasshammer:*');
      await expectAllOver(driver);
    } finally {
      await driver.stop();
    }
  });

  it('the grant gives up after ten minutes, and removes what is made later', async () => {
    const driver = await Driver.start({ ...SHORT_ACCESS, identityCenter: { provisioningSeconds: 900 } });
    try {
      await driver.breakGlass('U0ANA');
      await driver.advance('PT11M');
      expectSound(await driver.state());
      expect((await driver.request()).failure).toContain('too long');
      const state = await expectAllOver(driver, { wait: 'PT45M' });
      expect(state.requests[0]?.state).toBe('failed');
    } finally {
      await driver.stop();
    }
  });
});
