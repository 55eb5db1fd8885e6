import { BREAK_GLASS, Driver, PRODUCTION } from './driver.ts';
import { expectAllOver } from './sound.ts';

interface Use {
  credentials: { accessKeyId: string } | null;
  allowed: boolean;
  why: string;
}

describe('credentials that were fetched before the end', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const portal = (body: object) => driver.must('POST', '/sandbox/portal/use', body) as unknown as Promise<Use>;
  const role = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
  const end = async () =>
    driver.press('U0ANA', {
      actionId: 'request.done',
      value: (await driver.request()).id,
      channel: 'C0ALERTS',
    });
  const access = async () => (await driver.state()).accesses.at(-1);

  it('work until the end and not after it, and the report comes without waiting for them', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    const before = await portal(role);
    expect(before.allowed).toBe(true);
    expect((await portal({ credentials: before.credentials })).allowed).toBe(true);
    const permanent = { principalId: 'user-dan', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
    await driver.must('POST', '/sandbox/assignments', permanent);
    const another = await portal(permanent);
    await end();
    await driver.advance('PT15S');

    const cut = await access();
    expect(cut).toMatchObject({ state: 'ended', sessionsCutAt: expect.stringMatching(/^2/) });
    const after = await portal({ credentials: before.credentials });
    expect(after).toMatchObject({
      allowed: false,
      why: expect.stringContaining('explicit deny in a permissions boundary'),
    });
    expect((await portal({ credentials: another.credentials })).allowed).toBe(true);
    expect(await portal(role)).toMatchObject({ credentials: null, allowed: false });
    const told = (await driver.state()).messages.find(({ threadTs }) => threadTs === ts);
    expect(JSON.stringify(told?.blocks)).toMatch(/Sessions cut .*\(verified\)/);

    await driver.advance('PT20M');
    const state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    expect(state.emails[0]?.text).toMatch(/Sessions cut at .* \(verified\)/);
    expect(state.emails[0]?.text).not.toMatch(/may work until/);
    await driver.must('DELETE', '/sandbox/assignments', permanent);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('are no reason for a new grant to fail: it waits until what it gives works', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const old = await portal(role);
    await end();
    await driver.advance('PT10S');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT5S');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT40S');
    expect((await driver.request()).state).toBe('active');
    expect((await portal(role)).allowed).toBe(true);
    expect((await portal({ credentials: old.credentials })).allowed).toBe(false);
  });

  it('are cut as soon as IAM lets it, without anybody waiting for the removal; people and operators are told', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const old = await portal(role);
    await driver.must('POST', '/sandbox/faults', {
      operation: 'iam:CreatePolicyVersion',
      error: 'ServiceFailure',
      times: 'forever',
    });
    await end();
    await driver.advance('PT1M');
    let state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect(state.requests[0]?.events.map(({ type }) => type)).toContain('sessions-cut-failed');
    expect(state.alarms.map(({ id }) => id)).toContain('sessions-uncut');
    expect(JSON.stringify(state.messages)).toMatch(/could not be cut/);
    expect((await portal({ credentials: old.credentials })).allowed).toBe(true);
    await driver.must('DELETE', '/sandbox/faults');
    await driver.advance('PT5M');
    state = await driver.state();
    expect(state.accesses[0]?.sessionsCutAt).not.toBeNull();
    expect((await portal({ credentials: old.credentials })).allowed).toBe(false);
  });
});
