import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import { runGuardCommand } from '../support/guard-commands.ts';
import { GUARDED_SETS } from '../support/guarded-sets.ts';
import { asks } from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports } from '../support/state.ts';

interface Use {
  credentials: { accessKeyId: string } | null;
  allowed: boolean;
  why: string;
}

describe('credentials that were fetched before the end', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({ permissionSets: GUARDED_SETS, attachedGuards: ['PowerUserAccess'] });
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

  it('work until the end and not after it, and the final report does not wait for them to expire', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT5M');
    const before = await portal(role);
    expect(before.allowed).toBe(true);
    expect((await portal({ credentials: before.credentials })).allowed).toBe(true);
    const permanent = { principalId: 'user-dan', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
    await driver.must('POST', '/sandbox/assignments', permanent);
    const another = await portal(permanent);
    const management = { ...role, accountId: '999999999999' };
    await driver.must('POST', '/sandbox/assignments', management);
    const elsewhere = await portal(management);
    await end();
    await driver.advance('PT15S');

    const cut = await access();
    expect(cut).toMatchObject({ state: 'ended', sessionsCutAt: expect.stringMatching(/^2/) });
    const after = await portal({ credentials: before.credentials });
    expect(after).toMatchObject({
      allowed: false,
      why: expect.stringContaining('explicit deny in a permissions boundary'),
    });
    for (const { credentials } of [another, elsewhere]) expect((await portal({ credentials })).allowed).toBe(true);
    expect(await portal(role)).toMatchObject({ credentials: null, allowed: false });
    const told = (await driver.state()).messages.find(({ threadTs }) => threadTs === ts);
    expect(JSON.stringify(told?.blocks)).toMatch(/Sessions cut .*\(verified\)/);

    await driver.advance('PT20M');
    const state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    expect(finalReports(state)[0]?.text).toMatch(/Sessions cut at .* \(verified\)/);
    expect(finalReports(state)[0]?.text).not.toMatch(/may work until/);
    await driver.must('DELETE', '/sandbox/assignments', permanent);
    await driver.must('DELETE', '/sandbox/assignments', management);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('do not make a new grant fail: it becomes active only when new credentials work', async () => {
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

  it('are cut as soon as IAM allows it; the removal does not wait for that, and people and operators are told', async () => {
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
    // The first edition does not wait for the cut: it says within minutes, and once, what was done by then.
    await driver.advance('PT14M');
    const subjects = async () =>
      (await driver.state()).emails.map(({ subject }) => /\((\w+) edition\)/.exec(subject)?.[1]);
    expect(await subjects()).toEqual(['first']);
    await driver.must('DELETE', '/sandbox/faults');
    await driver.advance('PT5M');
    state = await driver.state();
    expect(state.accesses[0]?.sessionsCutAt).not.toBeNull();
    expect((await portal({ credentials: old.credentials })).allowed).toBe(false);
    await driver.advance('PT15M');
    expect((await driver.request()).state).toBe('reported');
    expect(await subjects()).toEqual(['first', 'final']);
  });

  it('are cut after a failed grant even if its workflow died, and the cut is told and audited', async () => {
    const plan = (operation: string, error: string) =>
      driver.must('POST', '/sandbox/faults', { operation, error, times: 'forever' });
    const killAll = async () => {
      for (const { name, status } of (await driver.state()).executions)
        if (status === 'RUNNING') await driver.kill(name);
    };
    await plan('lambda:check-assignment', 'Crash');
    await plan('iam:CreatePolicyVersion', 'ServiceFailure');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT5S');
    const old = await portal(role);
    expect(old.allowed).toBe(true);
    await killAll();
    await driver.must('DELETE', '/sandbox/faults');
    await plan('iam:CreatePolicyVersion', 'ServiceFailure');
    await driver.advance('PT1M');
    expect(await driver.request()).toMatchObject({ state: 'failed' });
    await killAll();
    await driver.must('DELETE', '/sandbox/faults');
    expect((await portal({ credentials: old.credentials })).allowed).toBe(true);
    await driver.advance('PT20M');
    expect((await portal({ credentials: old.credentials })).allowed).toBe(false);
    const state = await driver.must('GET', '/sandbox/state');
    expect(JSON.stringify(state.messages)).toMatch(/Sessions cut .*\(verified\)/);
    expect(state.archive).toContainEqual(expect.objectContaining({ type: 'sessions-cut' }));
  });

  it('are cut if the request item is deleted, by the workflow or, if that was killed too, by the sweep', async () => {
    const client = new DynamoDBClient({
      endpoint: driver.running.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'none' },
    });
    const loses = async (killed: boolean) => {
      await driver.breakGlass('U0ANA');
      await driver.advance('PT1M');
      const { credentials } = await portal(role);
      const { id } = await driver.request();
      await client.send(new DeleteItemCommand({ TableName: 'glasshammer-requests', Key: { id: { S: id } } }));
      if (killed) await driver.kill(id);
      await driver.advance(killed ? 'PT17M' : 'PT1H2M');
      return [(await driver.state()).assignments, (await portal({ credentials })).allowed];
    };
    // Sessions of twelve hours do not expire during the test, so a refusal means that they were cut.
    const { world } = driver.running.current();
    for (const set of world.permissionSets) set.sessionDuration = 'PT12H';
    expect(await loses(false)).toEqual([[], false]);
    await driver.advance('PT1M');
    expect(await loses(true)).toEqual([[], false]);
    client.destroy();
  });

  it('can be cut for every permission set to which an operator attaches the guard, unless it has another boundary', async () => {
    const ben = { principalId: 'user-ben', accountId: PRODUCTION, permissionSetArn: READ_ONLY };
    await driver.must('POST', '/sandbox/assignments', ben);
    const status = async () => (await runGuardCommand(driver, ['guard', 'status'])).out;
    expect(await status()).toMatch(/^ReadOnlyAccess\t123456789012\tno guard/);
    const { world } = driver.running.current();
    const policy = Object.keys(world.policies).find((arn) => arn.includes(PRODUCTION)) ?? '';
    const { [policy]: deployed } = world.policies;
    delete world.policies[policy];
    const attach = ['guard', 'attach', '--permission-set', 'ReadOnlyAccess'];
    expect(await runGuardCommand(driver, attach)).toMatchObject({
      code: 1,
      out: expect.stringContaining('no policy SessionGuard'),
    });
    expect(await status()).toMatch(/no guard/);
    if (deployed !== undefined) world.policies[policy] = deployed;
    expect(await runGuardCommand(driver, attach)).toMatchObject({
      code: 0,
      out: expect.stringContaining('provisioned in 123456789012'),
    });
    expect(await status()).toMatch(/attached/);
    const power = world.permissionSets.find(({ arn }) => arn === POWER);
    if (power !== undefined)
      power.permissionsBoundary = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
    expect((await runGuardCommand(driver, ['guard', 'attach', '--permission-set', 'PowerUserAccess'])).out).toMatch(
      /left alone: it has a boundary of its own, arn:aws:iam::aws:policy\/PowerUserAccess/,
    );
    expect((await runGuardCommand(driver, ['guard', 'detach', '--permission-set', 'ReadOnlyAccess'])).out).toMatch(
      /has no boundary any more.*\n.*provisioned in/,
    );
    expect(await status()).toMatch(/no guard/);
  });

  it('can be cut beside another boundary once its owner accepts the risk, and an edited guard raises alarms', async () => {
    const { world } = driver.running.current();
    const power = world.permissionSets.find(({ arn }) => arn === POWER);
    if (power !== undefined)
      power.permissionsBoundary = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
    const cleo = { principalId: 'user-cleo', accountId: STAGING, permissionSetArn: POWER };
    await driver.must('POST', '/sandbox/assignments', cleo);
    const attach = ['guard', 'attach', '--permission-set', 'PowerUserAccess', '--attached'];
    expect(await runGuardCommand(driver, attach)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/an attacker who steals the right to write it.*nothing was changed/s),
    });
    const status = async () => (await runGuardCommand(driver, ['guard', 'status'])).out;
    expect(await status()).toMatch(/other boundary/);
    expect(await runGuardCommand(driver, [...attach, '--accept-risk'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('the guard is attached to it now, beside its own boundary'),
    });
    expect(await status()).toMatch(/attached form/);

    await asks(driver, 'U0BEN', { account: STAGING, permissionSet: POWER, duration: '1h', reason: 'to work' });
    const ben = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER };
    const [given, another] = [await portal(ben), await portal(cleo)];
    expect([given.allowed, another.allowed]).toEqual([true, true]);
    const { id } = await driver.request();
    await driver.press('U0BEN', { actionId: 'request.done', value: id });
    await driver.advance('PT15S');
    expect((await access())?.sessionsCutAt).toMatch(/^2/);
    const after = await portal({ credentials: given.credentials });
    expect(after).toMatchObject({ allowed: false, why: expect.stringContaining('deny in an identity-based policy') });
    expect((await portal({ credentials: another.credentials })).allowed).toBe(true);
    expect(JSON.stringify((await driver.state()).messages)).toMatch(/Sessions cut .*\(verified\)/);

    const arn = `arn:aws:iam::${STAGING}:policy/glasshammer/SessionGuardAttached`;
    const rung = async () => (await driver.state()).alarms.map(({ id: alarm }) => alarm);
    const blind = { operation: 'sso-admin:ListAccountsForProvisionedPermissionSet', error: 'ThrottlingException' };
    await driver.fault({ ...blind, times: 'forever' });
    await driver.advance('PT16M');
    expect(await rung()).not.toContain('guard-unseen');
    await driver.advance('PT1H');
    expect(await rung()).toContain('guard-unseen');
    await driver.clearFaults();

    const [version] = world.policies[arn]?.versions.slice(-1) ?? [];
    const cut = version?.document ?? '';
    if (version !== undefined) version.document = cut.replace('DeniesNobody', 'DeniesSomebody');
    await driver.advance('PT16M');
    expect(await rung()).toContain('guard-edited');
    if (version !== undefined) version.document = cut;
    if (version !== undefined) version.document = version.document.replace('"Deny"', '"Allow"');
    await driver.advance('PT16M');
    expect(await rung()).toContain('guard-grants');
    expect(await status()).toMatch(/GRANTS/);
    // The boundary denies Cleo, but this permission set has the other guard: the lock must not be reported as complete.
    const locked = await runGuardCommand(driver, ['lock', '--user', 'user-cleo', '--reason', 'laptop stolen']);
    expect(locked).toMatchObject({ code: 1, out: expect.stringMatching(new RegExp(`${STAGING}\\tFAILED: .*grants`)) });
    expect(locked.out).toMatch(new RegExp(`OPEN\\tPowerUserAccess\\t.*SessionGuardAttached.*${STAGING}`));
    expect((await portal(cleo)).allowed).toBe(true);
    await runGuardCommand(driver, ['unlock', '--user', 'user-cleo', '--reason', 'found']);
    const detached = await runGuardCommand(driver, ['guard', 'detach', '--permission-set', 'PowerUserAccess']);
    expect(detached.out).toMatch(/no longer attached.*\n.*provisioned/);
    expect(await status()).toMatch(/other boundary/);
  });

  it('are denied by a lock even if their cut failed and the permission set is gone from the account', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const { credentials } = await portal(role);
    const outage = { operation: 'iam:CreatePolicyVersion', error: 'ServiceFailure', times: 'forever' };
    await driver.must('POST', '/sandbox/faults', outage);
    await end();
    await driver.advance('PT3M');
    await driver.must('DELETE', '/sandbox/faults');
    await driver.must('POST', '/sandbox/faults', {
      operation: 'lambda:revoke-access',
      error: 'Crash',
      times: 'forever',
    });
    expect((await portal({ credentials })).allowed).toBe(true);
    const locked = await runGuardCommand(driver, ['lock', '--user', 'user-ana', '--reason', 'laptop stolen']);
    expect(locked).toMatchObject({ code: 0, out: expect.stringContaining('123456789012\tevery session is denied') });
    expect((await portal({ credentials })).allowed).toBe(false);
    await driver.must('DELETE', '/sandbox/faults');
    // Hours later nothing else refers to the account, and the unlock must still remove the entry there.
    await driver.advance('PT3H');
    const { out } = await runGuardCommand(driver, ['unlock', '--user', 'user-ana', '--reason', 'found again']);
    expect(out).toContain('123456789012\tsessions are no longer denied');
  });

  it('are denied at once when an operator locks the person, standing access included, and no request is taken', async () => {
    const permanent = { ...role, permissionSetArn: ADMIN };
    await driver.must('POST', '/sandbox/assignments', permanent);
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    const [given, standing] = [await portal(role), await portal(permanent)];
    for (const method of ['chat.postMessage', 'chat.update', 'users.info'])
      await driver.fault({ operation: `slack:${method}`, error: 'internal_error', times: 'forever' });
    const locked = await runGuardCommand(driver, ['lock', '--user', 'ana@example.com', '--reason', 'laptop stolen']);
    expect(locked).toMatchObject({ code: 0, out: expect.stringContaining('123456789012\tevery session is denied') });
    await driver.advance('PT1M');
    for (const { credentials } of [given, standing]) expect((await portal({ credentials })).allowed).toBe(false);
    expect((await portal(permanent)).allowed).toBe(false);
    expect((await driver.state()).requests[0]?.state).toBe('ended');
    await driver.clearFaults();
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    expect((await driver.request()).refusal).toMatchObject({ reason: 'locked', detail: 'laptop stolen' });
    await driver.fault({ operation: 'iam:CreatePolicyVersion', error: 'AccessDenied', times: 'forever' });
    const failed = await runGuardCommand(driver, ['unlock', '--user', 'user-ana', '--reason', 'new laptop']);
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('user-ana stays locked') });
    await driver.clearFaults();
    const unlocked = await runGuardCommand(driver, ['unlock', '--user', 'user-ana', '--reason', 'new laptop']);
    expect(unlocked).toMatchObject({ code: 0, out: expect.stringContaining('user-ana is unlocked') });
    expect((await portal(permanent)).allowed).toBe(true);
    // Sessions of access that the operator ended stay cut after the unlock.
    expect((await portal({ credentials: given.credentials })).allowed).toBe(false);
    await driver.advance('PT1M');
    const archive = (await driver.must('GET', '/sandbox/state')).archive as { type: string; note?: string }[];
    expect(archive).toContainEqual(expect.objectContaining({ type: 'locked', note: 'laptop stolen' }));
    expect(archive).toContainEqual(expect.objectContaining({ type: 'unlocked', note: 'new laptop' }));
  });
});
