import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';
import { finalReports } from '../support/state.ts';

const ASK = { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' };
const REMOVAL = ['sso-admin:DeleteAccountAssignment', 'sso-admin:DescribeAccountAssignmentDeletionStatus'];

const REPEATED_BY_SDK = 3;

describe('when access cannot be removed', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  const alarm = async (id: string) =>
    (await driver.state()).alarms.filter((raised) => raised.id === id).map(({ state }) => state);

  /** Advances to just before the end of five minutes of access. */
  async function untilTheEnd(): Promise<void> {
    await driver.ask('U0ANA', ASK);
    await driver.advance('PT4M55S');
    expect((await driver.request()).state).toBe('active');
  }

  it('the removal is retried for the ten minutes of an outage, with an alarm until it has worked', async () => {
    await untilTheEnd();
    await driver.outage([...REMOVAL, 'sso-admin:ListAccountAssignments'], 'InternalServerException', 600);
    await driver.advance('PT9M');
    let state = await driver.state();
    expect([state.requests[0]?.state, state.assignments.length]).toEqual(['ending', 1]);
    expect(await alarm('revoke-failed')).toEqual(['ALARM']);
    expect(state.messages.some(({ text }) => /Ended/.test(text))).toBe(false);
    expectSound(state);
    await driver.advance('PT6M');
    state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    await driver.advance('PT6M');
    expect(await alarm('revoke-failed')).toEqual(['OK']);
    expect(await alarm('lease-past-end')).not.toContain('ALARM');
    state = await expectAllOver(driver, { wait: 'PT2H' });
    expect([state.requests[0]?.state, finalReports(state).length]).toEqual(['reported', 1]);
  });

  it.each([
    ['ConflictException', 3],
    ['ThrottlingException', 4],
    ['ConnectionReset', 4],
  ])('access is removed a little later after %s', async (error, times) => {
    await untilTheEnd();
    await driver.fault({ operation: REMOVAL[0], error, times });
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toEqual([]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('a removal that AWS finishes as FAILED is retried, with an alarm and an event for each retry', async () => {
    await untilTheEnd();
    await driver.fault({ operation: REMOVAL[0], asyncFailure: 'Internal failure', times: 2 });
    await driver.advance('PT20S');
    expect(await alarm('revoke-failed')).toEqual(['ALARM']);
    await driver.advance('PT2M');
    const state = await expectAllOver(driver, { wait: 'PT1M' });
    const retries = state.requests[0]?.events.filter(({ type }) => type === 'removal-retried');
    expect(retries).toEqual([
      expect.objectContaining({ note: 'Internal failure' }),
      expect.objectContaining({ note: 'Internal failure' }),
    ]);
  });

  it.each([
    [{ error: 'InternalServerException' }, 'InternalServerException'],
    [{ asyncFailure: `Received a 500 status error: ${'x'.repeat(950)}` }, 'Received a 500'],
  ])('the status message says so for hours, with one workflow and a small history (%#)', async (fault, reason) => {
    await untilTheEnd();
    await driver.fault({ operation: REMOVAL[0], ...fault, times: 'forever' });
    await driver.advance('PT2M');
    const story = async () => {
      const found = (await driver.state()).messages.find(
        ({ text }) => text.includes('BreakGlassAdmin') && !text.includes('your access'),
      );
      return { text: JSON.stringify(found), edits: found?.edits ?? 0 };
    };
    const early = await story();
    expect(early.text).toMatch(/Ending.*is being retried since/);
    expect(early.text).toContain(reason);
    expect(early.text).not.toMatch(/Active|I'm done|Extend/);
    const { calls } = await driver.state();
    await driver.advance('PT2H');
    const state = await driver.state();
    expect(state.requests[0]?.state).toBe('ending');
    const late = await story();
    expect(late.text).toMatch(/Ending.*is being retried since/);
    expect(late.text).toContain(reason);
    expect(late.edits).toBeLessThanOrEqual(early.edits + 2);
    expect(state.executions.filter(({ status }) => status === 'RUNNING')).toHaveLength(1);
    expect(JSON.stringify(state.requests[0]).length).toBeLessThan(10_000);
    expect(await alarm('revoke-failed')).toEqual(['ALARM']);
    const removals = 'sso-admin:DeleteAccountAssignment';
    // An hour of tries: some fifteen by the workflow, three calls each, twelve by the sweep, and the SDK's own retries.
    expect(((state.calls[removals] ?? 0) - (calls[removals] ?? 0)) / 2).toBeLessThan(REPEATED_BY_SDK * 70);
    await driver.clearFaults();
    await driver.advance('PT6M');
    expect((await driver.state()).assignments).toEqual([]);
    expect((await story()).text).toMatch(/Ended/);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it.each(['DeleteAccountAssignment', 'DescribeAccountAssignmentDeletionStatus'])(
    'the history says ended, as it is in AWS, when answers to %s are lost',
    async (operation) => {
      await untilTheEnd();
      await driver.fault({
        operation: `sso-admin:${operation}`,
        error: 'InternalServerException',
        when: 'after',
        times: 5,
      });
      await driver.advance('PT3M');
      const state = await expectAllOver(driver, { wait: 'PT1M' });
      expect(state.requests[0]?.state).toBe('ended');
    },
  );

  it('an assignment that is already gone counts as removed', async () => {
    await untilTheEnd();
    await driver.must('DELETE', '/sandbox/assignments', {
      principalId: 'user-ana',
      accountId: PRODUCTION,
      permissionSetArn: BREAK_GLASS,
    });
    await driver.advance('PT30S');
    const state = await expectAllOver(driver, { wait: 'PT1M' });
    expect(state.requests[0]?.state).toBe('ended');
    expect(await alarm('revoke-failed')).toEqual([]);
  });

  it('access is removed although Slack, SES and the directory are down too', async () => {
    await untilTheEnd();
    const others = [
      'identitystore:DescribeUser',
      'organizations:DescribeAccount',
      'secrets-manager:GetSecretValue',
      'sesv2:SendEmail',
    ];
    for (const operation of [...others, 'slack:chat.update', 'slack:chat.postMessage', 'lambda:announce-access'])
      await driver.fault({ operation, error: 'AccessDeniedException', times: 'forever' });
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
