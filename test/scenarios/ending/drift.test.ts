import { runDriftCommand } from '../support/drift-commands.ts';
import { BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';
import type { State } from '../support/state.ts';

const OPERATORS = 'C0ACCESS';

let driver: Driver;

beforeAll(async () => {
  driver = await Driver.start();
});
afterAll(() => driver.stop());
beforeEach(() => driver.reset());

const ben = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: READ_ONLY };
const ana = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };

const give = (assignment: object) => driver.must('POST', '/sandbox/assignments', assignment);
const take = (assignment: object) => driver.must('DELETE', '/sandbox/assignments', assignment);

/** Messages to the operators, with their blocks, as one text each. */
function toldOperators({ messages }: State): string[] {
  return messages
    .filter(({ channel, threadTs, text }) => channel === OPERATORS && threadTs === null && /utside of/.test(text))
    .map(({ blocks }) => JSON.stringify(blocks));
}

function alarmOf({ alarms }: State, id: string): string | undefined {
  return alarms.findLast((alarm) => alarm.id === id)?.state;
}

/** Runs a command of the operator against this sandbox. */
const operator = (line: string): Promise<string> => runDriftCommand(driver, line);

/** Runs the full pass again without waiting hours for it: an operator's confirmation starts it. */
async function passAgain(): Promise<void> {
  await operator('drift confirm');
  await driver.advance('PT5M');
}

/** Grants Ana the published example and waits until she has it. */
async function grantAna(): Promise<void> {
  await driver.breakGlass('U0ANA');
  await driver.advance('PT10S');
  expect((await driver.request()).state).toBe('active');
}

describe('an assignment that an administrator makes in the console', () => {
  test('is reported to the operators within a minute, with who made what, and raises the alarm', async () => {
    await give(ben);
    await driver.advance('PT1M');
    const state = await driver.state();
    const [told, ...more] = toldOperators(state);
    expect(more).toEqual([]);
    for (const words of ['*Ben', 'user-ben', '*ReadOnlyAccess*', '*Staging*', STAGING, '*administrator (role'])
      expect(told).toContain(words);
    expect(told).toContain('arn:aws:sts::');
    expect(alarmOf(state, 'drift-found')).toBe('ALARM');
    expect(state.requests).toEqual([]);
    expect(state.assignments).toContainEqual(expect.objectContaining(ben));
  });

  test('is reported once, however often the event is delivered and the full pass finds it', async () => {
    await give(ben);
    await driver.advance('PT6M');
    await passAgain();
    expect(toldOperators(await driver.state())).toHaveLength(1);
  });

  test('is reported by the full pass if its event was lost', async () => {
    await driver.fault({ operation: 'lambda:watch-assignments', error: 'Crash', times: 3 });
    await give(ben);
    await driver.advance('PT10M');
    const [told, ...more] = toldOperators(await driver.state());
    expect(more).toEqual([]);
    expect(told).toContain('Found by the full pass');
    expect(told).toContain('user-ben');
  });

  test('is reported once Slack is back, and the alarm does not wait for Slack', async () => {
    await driver.outage(['slack:chat.postMessage'], 'service_unavailable', 600);
    await give(ben);
    await driver.advance('PT1M');
    expect(toldOperators(await driver.state())).toEqual([]);
    expect(alarmOf(await driver.state(), 'drift-found')).toBe('ALARM');
    await driver.advance('PT15M');
    expect(toldOperators(await driver.state())).toHaveLength(1);
  });
});

describe('an assignment that a drift rule says to remove', () => {
  test('stays until an operator confirms drift removal', async () => {
    await give({ ...ana, accountId: STAGING });
    await driver.advance('PT1H');
    const state = await driver.state();
    expect(toldOperators(state)).toHaveLength(1);
    expect(toldOperators(state)[0]).toContain('It would be removed after 30 minutes');
    expect(toldOperators(state)[0]).toContain('glasshammer drift confirm');
    expect(state.assignments).toContainEqual(expect.objectContaining({ ...ana, accountId: STAGING }));
    expect(await operator('drift status')).toMatch(/^report-only.*\n.*full pass.*\nAna.*would be removed\n$/);
  });

  test('is announced first, removed after its grace, and reported again when it is gone', async () => {
    await operator('drift confirm');
    await give({ ...ana, accountId: STAGING });
    await driver.advance('PT25M');
    const before = await driver.state();
    expect(toldOperators(before)).toHaveLength(1);
    expect(toldOperators(before)[0]).toContain('*It is removed <!date');
    expect(before.assignments).toContainEqual(expect.objectContaining({ ...ana, accountId: STAGING }));
    expect(await operator('drift status')).toMatch(
      /^enforcing.*by cli:arn:aws:sts::456789012345:assumed-role\/Operators\/olga/,
    );

    await driver.advance('PT20M');
    const after = await driver.state();
    expect(after.assignments).toEqual([]);
    expect(toldOperators(after)).toHaveLength(2);
    expect(toldOperators(after)[1]).toContain('*Removed:* 1 assignment');
    expect(await operator('drift status')).toContain('nothing is known that no request accounts for');
  });

  test('is announced again after the confirmation, before it is removed', async () => {
    await give({ ...ana, accountId: STAGING });
    await driver.advance('PT6M');
    await operator('drift confirm');
    await driver.advance('PT6M');
    const announced = toldOperators(await driver.state());
    expect(announced).toHaveLength(2);
    expect(announced[1]).toContain('*It is removed <!date');
    await driver.advance('PT45M');
    expect((await driver.state()).assignments).toEqual([]);
  });

  test('stays if nobody could be told because Slack was down', async () => {
    await operator('drift confirm');
    await driver.outage(['slack:chat.postMessage'], 'service_unavailable', 3600);
    await give({ ...ana, accountId: STAGING });
    await driver.advance('PT40M');
    expect((await driver.state()).assignments).toHaveLength(1);
  });

  test('stays while a request holds it, and is removed after that', async () => {
    await operator('drift confirm');
    await give(ana);
    await driver.advance('PT1M');
    await grantAna();
    await driver.advance('PT45M');
    expect((await driver.state()).assignments).toContainEqual(expect.objectContaining(ana));
    await driver.advance('PT35M');
    const state = await driver.state();
    expectSound(state);
    expect(state.assignments).toEqual([]);
  });

  test('is not removed again if an administrator removed it first', async () => {
    await operator('drift confirm');
    await give({ ...ana, accountId: STAGING });
    await driver.advance('PT5M');
    await take({ ...ana, accountId: STAGING });
    await driver.advance('PT45M');
    const { calls } = await driver.state();
    expect(calls['sso-admin:DeleteAccountAssignment']).toBeUndefined();
  });
});

describe('while a request holds access', () => {
  test('an assignment that an administrator makes as well stays at the end, as the status message and the audit say', async () => {
    await grantAna();
    await give(ana);
    await driver.advance('PT10S');
    const during = await driver.request();
    expect(during.events.map(({ type }) => type)).toContain('made-standing');
    const story = (await driver.state()).messages.find(({ channel }) => channel === 'C0ALERTS');
    expect(JSON.stringify(story?.blocks)).toContain('Somebody else gave the same access');

    const end = await expectAllOver(driver, { standing: [ana] });
    expect(end.calls['sso-admin:DeleteAccountAssignment']).toBeUndefined();
    const ended = end.requests[0]?.events.find(({ type }) => type === 'ended');
    expect(ended?.note).toMatch(/^kept: somebody else/);
  });

  test('the request ends at once when an administrator deletes its assignment, and everybody is told', async () => {
    await grantAna();
    await take(ana);
    await driver.advance('PT30S');
    const state = await driver.state();
    const [request] = state.requests;
    expect(request?.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['removed-by-others', 'ended']));
    expect(request?.events.find(({ type }) => type === 'removed-by-others')?.by).toContain(
      ':assumed-role/AWSReservedSSO',
    );
    expect(request?.state).toBe('ended');
    expect(toldOperators(state)[0]).toContain('*Removed outside of Glasshammer:*');
    const story = state.messages.find(({ channel }) => channel === 'C0ALERTS');
    expect(JSON.stringify(story?.blocks)).toContain('Somebody else removed this access');
    expectSound(state);
    await expectAllOver(driver);
  });

  test('a deleted assignment is noticed by the full pass if its event was lost', async () => {
    await grantAna();
    await driver.advance('PT6M');
    await driver.fault({ operation: 'lambda:watch-assignments', error: 'Crash', times: 3 });
    await take(ana);
    await driver.advance('PT4M');
    await passAgain();
    const request = await driver.request();
    expect(request.events.find(({ type }) => type === 'removed-by-others')?.note).toBe('found missing');
    expect(['ended', 'reported']).toContain(request.state);
  });

  test('an assignment that an administrator made and removed again leaves nothing behind', async () => {
    await grantAna();
    await give(ana);
    await driver.advance('PT1M');
    await take(ana);
    await driver.advance('PT10S');
    await expectAllOver(driver);
  });

  test("Glasshammer's own grants and removals are not reported as drift", async () => {
    await grantAna();
    await expectAllOver(driver);
    await passAgain();
    const state = await driver.state();
    expect(toldOperators(state)).toEqual([]);
    expect(alarmOf(state, 'drift-found')).toBeUndefined();
    expect(alarmOf(state, 'drift-unseen')).toBeUndefined();
  });
});

test('a removed group membership is noticed, although CloudTrail names it only by the id of the membership', async () => {
  await driver.ask('U0ANA', { group: 'group-oncall', duration: '1h', reason: 'on call tonight' });
  await driver.advance('PT10S');
  const { id } = await driver.request();
  await driver.press('U0CLEO', { actionId: 'request.approve', value: id });
  await driver.advance('PT30S');
  expect((await driver.request()).state).toBe('active');
  const { world, aws } = driver.running.current();
  const membership = world.memberships.find(({ groupId }) => groupId === 'group-oncall');
  await aws.byConsole('identitystore:DeleteGroupMembership', {
    IdentityStoreId: world.identityStoreId,
    MembershipId: membership?.id,
  });
  await driver.advance('PT30S');
  const request = await driver.request();
  expect(request.events.map(({ type }) => type)).toContain('removed-by-others');
  expect(['ended', 'reported']).toContain(request.state);
});

test('access that a group is given is reported and never removed', async () => {
  await operator('drift confirm');
  const { world, aws } = driver.running.current();
  await aws.byConsole('sso-admin:CreateAccountAssignment', {
    InstanceArn: world.instanceArn,
    TargetId: STAGING,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: BREAK_GLASS,
    PrincipalType: 'GROUP',
    PrincipalId: 'group-developers',
  });
  await driver.advance('PT45M');
  const state = await driver.state();
  expect(toldOperators(state)).toHaveLength(1);
  expect(toldOperators(state)[0]).toContain('the group *Developers*');
  expect(toldOperators(state)[0]).toContain('never removed');
  expect(state.assignments).toContainEqual(expect.objectContaining({ principalId: 'group-developers' }));
});

test('the full pass reads only the accounts in which permission sets are provisioned', async () => {
  await give(ben);
  await give({ ...ben, permissionSetArn: POWER });
  await driver.advance('PT7M');
  const { calls } = await driver.state();
  expect(calls['sso-admin:ListAccountsForProvisionedPermissionSet']).toBe(4);
  // At most twice for each of the two pairs: once to find it, and once to be sure before it is reported.
  expect(calls['sso-admin:ListAccountAssignments']).toBeLessThanOrEqual(4);
});
