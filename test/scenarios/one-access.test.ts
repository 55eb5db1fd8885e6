import { BREAK_GLASS, Driver, POWER, PRODUCTION, STAGING, type State } from './driver.ts';
import { asks, buttonsOf, clicks, type Message, now, putPolicies, sends, storyOf, wordsOf } from './people.ts';
import { expectAllOver, expectSound } from './sound.ts';

const minutes = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
const IN_STAGING = { account: STAGING, permissionSet: 'PowerUserAccess' };
const reports = ({ emails }: State) => emails;

/** Presses Extend in the story (or another message) and sends the form. */
async function extend(driver: Driver, user: string, message: Message, seconds: number) {
  await clicks(driver, user, message, 'Extend');
  return sends(driver, user, { duration: String(seconds), reason: 'It takes longer' });
}

const accessOf = (state: State, id: string) => state.accesses.find((access) => access.id === id);

describe('one access, however many requests', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it('gives Extend the time on top of what is left, in the same story, and one report without calls after the end', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    const was = (await now(driver, first)).endsAt;
    // On a fresh grant, where the same end came out again.
    const seen = await extend(driver, 'U0BEN', await storyOf(driver, first), 1800);
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
    expect(wordsOf(await storyOf(driver, first))).toContain(epoch(access?.endsAt));
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

  it('warns once before the one end, again only after an extension, and offers Extend there', async () => {
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

  it('adds an ordinary ask for what is held to it: the later end, no second lease', async () => {
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

  it('keeps the end when the second ask is for less than what is left', async () => {
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

  it('makes one access of two asks in the same instant', async () => {
    const ask = () => driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '15m' });
    await Promise.all([ask(), ask()]);
    await driver.advance('PT1M');
    const state = await driver.state();
    expect(state.accesses).toHaveLength(1);
    expect(state.requests.map(({ state: now }) => now)).toEqual(['active', 'active']);
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBe(1);
    await expectAllOver(driver);
  });

  it('ends all of it by "I\'m done", whichever of its requests the button was made for', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await extend(driver, 'U0BEN', await storyOf(driver, first), 3600);
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

  it('gives two hours in all under a maxDuration of two hours, however many requests are staggered', async () => {
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
    const seen = await extend(driver, 'U0BEN', await storyOf(driver, first), 1800);
    expect(seen.told).toMatch(/nothing is left|no time is left/i);
    state = await expectAllOver(driver);
    expect(minutes(access?.startedAt ?? '', state.requests[0]?.endedAt ?? '')).toBe(120);
  });

  it('refuses an extension whose access has ended before it was approved', async () => {
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
    await extend(driver, 'U0BEN', await storyOf(driver, first), 1800);
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

  it('survives the loss of the call that wakes the hold: access lasts to the new end all the same', async () => {
    const first = await asks(driver, 'U0BEN', { ...IN_STAGING, duration: '30m' });
    await driver.fault({ operation: 'sfn:SendTaskSuccess', error: 'InternalServerException', times: 'forever' });
    await extend(driver, 'U0BEN', await storyOf(driver, first), 1800);
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
