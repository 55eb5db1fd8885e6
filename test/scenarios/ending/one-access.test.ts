import { BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  buttonsOf,
  clicks,
  does,
  type Message,
  now,
  putPolicies,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';
import { finalReports, type State } from '../support/state.ts';

const minutes = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
const IN_STAGING = { account: STAGING, permissionSet: 'PowerUserAccess' };
const reports = finalReports;

/** Presses Extend in the status message (or another message) and sends the form. */
async function extend(driver: Driver, user: string, message: Message, seconds: number) {
  await clicks(driver, user, message, 'Extend');
  return sends(driver, user, { duration: String(seconds), reason: 'It takes longer' });
}

const accessOf = (state: State, id: string) => state.accesses.find((access) => access.id === id);

describe('several requests for one access', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('Extend adds to the time left, in the same status message, and one report follows without calls after the end', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    const was = (await now(driver, first)).endsAt;
    // Extended right after the grant, where the new end once came out the same as the old one.
    const seen = await extend(driver, 'U0BEN', await statusMessageOf(driver, first), 1800);
    expect(seen.told).toMatch(/until/i);
    await driver.advance('PT10S');
    let state = await driver.state();
    const access = accessOf(state, first.id);
    expect(minutes(was, access?.endsAt ?? '')).toBe(30);
    expect(access).toMatchObject({ state: 'active', principalId: 'user-ben', standing: false });
    expect(access?.requestIds).toHaveLength(2);
    const [root, second] = state.requests;
    expect([root?.state, second?.state]).toEqual(['active', 'active']);
    expect(second).toMatchObject({ accessId: first.id, endsAt: access?.endsAt });
    expect(root?.events).toContainEqual(expect.objectContaining({ type: 'extended', by: 'user-ben' }));
    expect(wordsOf(await statusMessageOf(driver, first))).toContain(epoch(access?.endsAt));
    expect(state.messages.filter((message) => wordsOf(message).includes('*Active:*'))).toHaveLength(1);

    await driver.advance('PT35M');
    state = await driver.state();
    expect(accessOf(state, first.id)?.state).toBe('active');
    expectSound(state);
    await driver
      .must('POST', '/sandbox/portal/use', {
        principalId: 'user-ben',
        accountId: STAGING,
        permissionSetArn: POWER,
        action: 's3:CreateBucket',
      })
      .catch(() => undefined);
    state = await expectAllOver(driver);
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBe(1);
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBe(1);
    await driver.advance('PT3H');
    state = await driver.state();
    expect(state.requests.map(({ state: now }) => now)).toEqual(['reported', 'reported']);
    expect(reports(state)).toHaveLength(1);
    expect(reports(state)[0]?.text).not.toMatch(/calls after the end/i);
    expect(state.executions.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('people are warned once before the common end, and again only after an extension', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await driver.advance('PT21M');
    const warnings = (state: State) =>
      state.messages.filter(({ text }) => text.includes(':warning:') && /ends/.test(text));
    const [warning] = warnings(await driver.state());
    if (warning === undefined) throw new Error('nobody was warned');
    expect(buttonsOf(warning)).toContain('Extend');
    await extend(driver, 'U0BEN', warning, 1800);
    await driver.advance('PT10S');
    let state = await driver.state();
    expect(warnings(state)).toEqual([]);
    const access = accessOf(state, first.id);
    expect(minutes(access?.startedAt ?? '', access?.endsAt ?? '')).toBe(60);
    await driver.advance('PT15M');
    expect(warnings(await driver.state())).toEqual([]);
    await driver.advance('PT15M');
    state = await driver.state();
    expect(warnings(state)).toHaveLength(1);
    expect(wordsOf(warnings(state)[0])).toContain(epoch(access?.endsAt));
    expect((await now(driver, first)).events.filter(({ type }) => type === 'warned')).toHaveLength(2);
    await expectAllOver(driver);
  });

  it('a second request for access that is held joins it: the later end counts, and there is no second lease', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT30M');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT31M');
    let state = await driver.state();
    const [first, second] = state.requests;
    expect(state.accesses).toHaveLength(1);
    expect(state.accesses[0]).toMatchObject({ id: first?.id, state: 'active', requestIds: [first?.id, second?.id] });
    expect(minutes(state.accesses[0]?.startedAt ?? '', state.accesses[0]?.endsAt ?? '')).toBe(90);
    expect(second).toMatchObject({ state: 'active', accessId: first?.id, endsAt: state.accesses[0]?.endsAt });
    state = await expectAllOver(driver);
    expect(state.calls['sso-admin:DeleteAccountAssignment']).toBe(1);
    await driver.advance('PT3H');
    expect(reports(await driver.state())).toHaveLength(1);
  });

  it('a second request for less time than is left does not change the end', async () => {
    const ask = (duration: string) =>
      driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration });
    await ask('30m');
    await driver.advance('PT1M');
    await ask('10m');
    await driver.advance('PT12M');
    const state = await driver.state();
    expect(minutes(state.accesses[0]?.startedAt ?? '', state.accesses[0]?.endsAt ?? '')).toBe(30);
    expect(state.requests.map(({ state: now }) => now)).toEqual(['active', 'active']);
    await expectAllOver(driver);
  });

  it('two requests at the same moment make one access', async () => {
    const ask = () => driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '15m' });
    await Promise.all([ask(), ask()]);
    await driver.advance('PT1M');
    const state = await driver.state();
    expect(state.accesses).toHaveLength(1);
    expect(state.requests.map(({ state: now }) => now)).toEqual(['active', 'active']);
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBe(1);
    await expectAllOver(driver);
  });

  it('"I\'m done" ends all of it, whichever of its requests the button belongs to', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await extend(driver, 'U0BEN', await statusMessageOf(driver, first), 3600);
    await driver.advance('PT10S');
    const second = await driver.request();
    await driver.press('U0BEN', { actionId: 'request.done', value: second.id, channel: 'C0ALERTS' });
    await driver.advance('PT20S');
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect(accessOf(state, first.id)?.state).toBe('ended');
    expect(state.requests.map(({ state: now }) => now)).toEqual(['ended', 'ended']);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('staggered requests get no more than the two hours of maxDuration in all', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '2h' });
    for (let ask = 1; ask < 25; ask++) {
      await driver.advance('PT4M');
      await driver.ask('U0BEN', { ...IN_STAGING, duration: '2h' });
    }
    await driver.advance('PT5S');
    let state = await driver.state();
    const access = accessOf(state, first.id);
    expect(minutes(access?.startedAt ?? '', access?.endsAt ?? '')).toBe(120);
    const refused = state.requests.filter(({ state: now }) => now === 'refused');
    expect(refused).toHaveLength(24);
    expect(state.ephemerals.at(-1)?.text).toMatch(/minutes/);
    const seen = await extend(driver, 'U0BEN', await statusMessageOf(driver, first), 1800);
    expect(seen.told).toMatch(/nothing is left|no time is left/i);
    state = await expectAllOver(driver);
    expect(minutes(access?.startedAt ?? '', state.requests[0]?.endedAt ?? '')).toBe(120);
  });

  it('an extension is refused if the access ended before it was approved', async () => {
    await putPolicies(driver, {
      name: 'staging-approved',
      effect: 'require',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['PowerUserAccess'],
      approval: { approvers: ['group:Leads'], count: 1 },
    });
    await driver.ask('U0BEN', { ...IN_STAGING, duration: '30m' });
    await driver.advance('PT5S');
    const first = await driver.request();
    await driver.press('U0CLEO', { actionId: 'request.approve', value: first.id });
    await driver.advance('PT10S');
    await extend(driver, 'U0BEN', await statusMessageOf(driver, first), 1800);
    await driver.advance('PT5S');
    const second = await driver.request();
    expect(second.state).toBe('pending');
    const asked = (await driver.state()).messages.filter(
      (message) => message.channel === 'C0ACCESS' && wordsOf(message).includes(second.id),
    );
    expect(wordsOf(asked[0])).toMatch(/extension/i);
    await driver.advance('PT35M');
    expect((await now(driver, first)).state).toBe('ended');
    await driver.press('U0CLEO', { actionId: 'request.approve', value: second.id });
    await driver.advance('PT10S');
    expect(await now(driver, second)).toMatchObject({ state: 'refused', refusal: { reason: 'access-over' } });
    expect((await driver.state()).assignments).toEqual([]);
  });

  it('access lasts to the extended end even if the call that wakes the workflow is lost', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await driver.fault({ operation: 'sfn:SendTaskSuccess', error: 'InternalServerException', times: 'forever' });
    await extend(driver, 'U0BEN', await statusMessageOf(driver, first), 1800);
    await driver.advance('PT2M');
    await driver.clearFaults();
    await driver.advance('PT33M');
    const state = await driver.state();
    expect(accessOf(state, first.id)?.state).toBe('active');
    expect(state.assignments).toHaveLength(1);
    await expectAllOver(driver);
  });
});

/** Instants in messages are Slack dates: seconds since 1970. */
function epoch(at: string | undefined): string {
  return String(Math.floor(Date.parse(at ?? '') / 1000));
}

describe('the end of one access', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const inMinutes = async (count: number) =>
    String(Math.floor(Date.parse((await driver.state()).now) / 1000) + count * 60);
  const asksByForm = async (values: Record<string, string>) => {
    await does(driver, 'U0BEN', 'command', { command: '/access', channel: 'C0ALERTS' });
    return sends(driver, 'U0BEN', {
      account: STAGING,
      'permission-set': POWER,
      duration: '1800',
      reason: 'Try the migration',
      ...values,
    });
  };

  it('leaves a request for a later time as it is, and names it', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await asksByForm({ start: await inMinutes(180) });
    await driver.advance('PT10S');
    const later = await driver.request();
    expect(later.state).toBe('scheduled');
    const seen = await clicks(driver, 'U0BEN', await statusMessageOf(driver, first), "I'm done");
    expect(seen.told).toContain('Ending');
    expect(JSON.stringify((await driver.state()).ephemerals.at(-1))).toContain(epoch(later.startsAt));
    await driver.advance('PT20S');
    expect((await now(driver, first)).state).toBe('ended');
    expect((await now(driver, later)).state).toBe('scheduled');
    await driver.advance('PT181M');
    const state = await driver.state();
    expect(state.accesses.map(({ state: is }) => is)).toEqual(['reported', 'active']);
    await expectAllOver(driver);
  });

  it('says before and after it that a person keeps the access they had before', async () => {
    await driver.must('POST', '/sandbox/assignments', {
      principalId: 'user-ana',
      accountId: PRODUCTION,
      permissionSetArn: BREAK_GLASS,
    });
    const first = await asks(driver, 'U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '30m' });
    const story = await statusMessageOf(driver, first);
    expect(wordsOf(story)).toContain('You keep BreakGlassAdmin in Production, because it was there before');
    const seen = await clicks(driver, 'U0ANA', story, "I'm done");
    expect(seen.told).toMatch(/You keep .* because it was there before/);
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toHaveLength(1);
  });

  it('can be brought about by an approver, with a reason, and the person reads who ended it', async () => {
    await driver.ask('U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: '30m' });
    await driver.advance('PT5S');
    const first = await driver.request();
    await driver.press('U0CLEO', { actionId: 'request.approve', value: first.id });
    await driver.advance('PT10S');
    const copy = (await driver.state()).messages.find(
      (message) => message.channel === 'C0ACCESS' && wordsOf(message).includes(first.id),
    );
    if (copy === undefined) throw new Error('nobody was asked');
    expect((await clicks(driver, 'U0ANA', copy, 'End access…')).told).toContain('Only the person who asked');
    await clicks(driver, 'U0CLEO', copy, 'End access…');
    expect((await sends(driver, 'U0CLEO', { note: '' })).errors).toMatchObject({ note: expect.any(String) });
    await sends(driver, 'U0CLEO', { note: 'The incident is over' });
    await driver.advance('PT20S');
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
    const told = state.messages.map(wordsOf).find((words) => words.includes('ended your access'));
    expect(told).toContain('<@U0CLEO>');
    expect(told).toContain('The incident is over');
  });

  it('cancels an extension that waits, and can be brought about by an approver of an extension', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await putPolicies(driver, {
      name: 'staging-approved',
      effect: 'require',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['PowerUserAccess'],
      approval: { approvers: ['group:Leads'], count: 1 },
    });
    const extended = async (seconds: number) => {
      const seen = await extend(driver, 'U0BEN', await statusMessageOf(driver, first), seconds);
      await driver.advance('PT5S');
      return { request: await driver.request(), seen };
    };
    const { request: second, seen } = await extended(900);
    expect(seen.told).toContain('to approve 15 minutes more of');
    expect(wordsOf(await statusMessageOf(driver, second))).toMatch(
      new RegExp(`asks for 15 minutes more of .*which was to end <!date\\^${epoch(first.endsAt)}`),
    );
    await driver.press('U0CLEO', { actionId: 'request.approve', value: second.id });
    await driver.advance('PT10S');
    const card = await approvalFor(driver, second);
    expect(buttonsOf(card)).toEqual(['What was done so far', 'End access…']);

    const { request: third } = await extended(600 + 300);
    expect(third.state).toBe('pending');
    // An approver who presses the requester's own button is asked for a reason, as by the approvers' button.
    await clicks(driver, 'U0CLEO', await statusMessageOf(driver, first), "I'm done");
    await sends(driver, 'U0CLEO', { note: 'The night shift is over' });
    await driver.advance('PT20S');
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect((await now(driver, third)).state).toBe('cancelled');
    const words = state.messages.map(wordsOf);
    expect(words.find((each) => each.includes('ended your access'))).toContain('The night shift is over');
    expect(words.find((each) => each.includes('request for 15 minutes more of'))).toContain('cancelled by <@U0CLEO>');
    for (const each of words) expect(each).not.toMatch(/ended by an approver|done early/);
    // Nothing blocks another request.
    const again = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    expect(again.state).toBe('pending');
  });

  it('a second request that would only wait behind the first is refused, and the refusal names the first', async () => {
    const ask = () => driver.ask('U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: '30m' });
    await ask();
    await driver.advance('PT5S');
    const first = await driver.request();
    await ask();
    const second = await driver.request();
    expect(second).toMatchObject({ state: 'refused', refusal: { reason: 'already-waiting', detail: first.id } });
    await driver.press('U0CLEO', { actionId: 'request.deny', value: first.id });
    await sends(driver, 'U0CLEO', { note: 'No' });
    await driver.advance('PT5S');
    await ask();
    expect((await driver.request()).state).toBe('pending');
  });

  it('a start in the past is refused at its field, and a window that has begun gives only what is left of it', async () => {
    expect((await asksByForm({ start: await inMinutes(-60) })).errors).toEqual({
      start: expect.stringContaining('past'),
    });
    expect((await driver.state()).requests).toEqual([]);
    await sends(driver, 'U0BEN', { account: PRODUCTION, 'permission-set': READ_ONLY, start: await inMinutes(10) });
    await driver.advance('PT5S');
    const asked = await driver.request();
    await driver.advance('PT25M');
    await driver.press('U0CLEO', { actionId: 'request.approve', value: asked.id });
    await driver.advance('PT10S');
    const given = await now(driver, asked);
    expect(given.state).toBe('active');
    expect(given.endsAt).toBe(asked.endsAt);
    await expectAllOver(driver);

    await asksByForm({ account: PRODUCTION, 'permission-set': READ_ONLY, start: await inMinutes(10) });
    await driver.advance('PT45M');
    const over = await driver.request();
    expect(over.state).toBe('expired');
  });
});
