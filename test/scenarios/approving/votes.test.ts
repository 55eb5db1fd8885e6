import { Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  clicks,
  copiesFor,
  dropRecord,
  inDirectory,
  now,
  putPolicies,
  type Request,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const READ = { account: STAGING, permissionSet: 'ReadOnlyAccess', reason: 'Look into the outage' };
const IN_STAGING = {
  effect: 'allow',
  who: ['group:Developers'],
  accounts: [STAGING],
  permissionSets: ['ReadOnlyAccess'],
};

describe('votes', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  const approves = async (user: string, request: Request) =>
    clicks(driver, user, await approvalFor(driver, request), 'Approve');
  const countOf = ({ events }: Request, type: string) => events.filter((event) => event.type === type).length;

  /** Both press at the same moment: neither call is answered before the other is sent. */
  async function approveTogether(request: Request): Promise<void> {
    const { ts } = await approvalFor(driver, request);
    const press = { actionId: 'request.approve', value: request.id, ts };
    const answers = await Promise.all([driver.press('U0CLEO', press), driver.press('U0DAN', press)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await driver.advance('PT10S');
  }

  it('of two approvers at the same moment grant access once', async () => {
    const request = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    await approveTogether(request);
    const active = await now(driver, request);
    expect(active.state).toBe('active');
    expect(countOf(active, 'approved')).toBe(1);
    expect(countOf(active, 'granted')).toBe(1);
    const state = await driver.state();
    expect(state.calls['sso-admin:CreateAccountAssignment']).toBe(1);
    expect(state.executions).toHaveLength(1);
    await expectAllOver(driver);
  });

  it('are both needed where a policy demands two, even when they arrive at the same moment', async () => {
    await putPolicies(driver, {
      ...IN_STAGING,
      name: 'two-leads',
      approval: { approvers: ['group:Leads'], count: 2 },
    });
    const first = await asks(driver, 'U0BEN', READ);
    expect(wordsOf(await approvalFor(driver, first))).toContain('*Needs* 2 more approvals');
    expect((await approves('U0CLEO', first)).told).toContain('More are needed: 1');
    await driver.advance('PT10S');
    expect(await now(driver, first)).toMatchObject({ state: 'pending' });
    expect((await driver.state()).assignments).toEqual([]);
    for (const copy of copiesFor(await driver.state(), first)) {
      expect(wordsOf(copy)).toContain('approved by <@U0CLEO>');
      expect(wordsOf(copy)).toContain('*Needs* 1 more approval from <@U0DAN>');
    }
    await approves('U0DAN', first);
    await driver.advance('PT10S');
    expect((await now(driver, first)).state).toBe('active');
    expectSound(await driver.state());

    const second = await asks(driver, 'U0BEN', READ);
    await approveTogether(second);
    const active = await now(driver, second);
    expect(active.state).toBe('active');
    expect(countOf(active, 'vote')).toBe(2);
    expect(countOf(active, 'approved')).toBe(1);
    expectSound(await driver.state());
  });

  it('satisfy the first of several policies, and votes for two policies are never mixed', async () => {
    await putPolicies(
      driver,
      {
        ...IN_STAGING,
        name: 'short-by-directors',
        maxDuration: '30m',
        approval: { approvers: ['group:Directors'], count: 1 },
      },
      {
        ...IN_STAGING,
        name: 'long-by-two-leads',
        maxDuration: '4h',
        approval: { approvers: ['group:Leads'], count: 2 },
      },
    );
    // Dan is a director and a lead: his vote alone is enough for half an hour, but not for two hours.
    const long = await asks(driver, 'U0BEN', { ...READ, duration: '2h' });
    await approves('U0DAN', long);
    await driver.advance('PT10S');
    expect((await now(driver, long)).state).toBe('pending');
    await approves('U0CLEO', long);
    await driver.advance('PT10S');
    expect(await now(driver, long)).toMatchObject({ state: 'active', path: 'long-by-two-leads' });

    const short = await asks(driver, 'U0BEN', { ...READ, duration: '30m' });
    await approves('U0DAN', short);
    await driver.advance('PT10S');
    expect(await now(driver, short)).toMatchObject({ state: 'active', path: 'short-by-directors' });

    const tooLong = await asks(driver, 'U0BEN', { ...READ, duration: '5h' });
    // Ben has the target already, so he may ask for the rest of the four hours only.
    expect(tooLong.refusal).toMatchObject({ reason: 'hold-limit', detail: expect.stringMatching(/^3h5\dm/) });
    expectSound(await driver.state());
  });

  it('that a requirement adds must come from another person than the votes of the policy itself', async () => {
    await putPolicies(driver, {
      name: 'directors-too',
      effect: 'require',
      who: ['everyone'],
      accounts: ['tag:env=prod'],
      approval: { approvers: ['group:Directors'], count: 1 },
    });
    const request = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    // Dan, the only director, may fill either place, but not both.
    await approves('U0DAN', request);
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('pending');
    await approves('U0CLEO', request);
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('active');

    // Access that a record gives at once also waits for the director.
    const glass = await driver.breakGlass('U0ANA');
    expect(glass.status).toBe(200);
    await driver.advance('PT5S');
    const waiting = (await driver.state()).requests.find(({ requester }) => requester.slackId === 'U0ANA');
    expect(waiting?.state).toBe('pending');
    await driver.advance('PT1H5M');
    expect((await driver.state()).assignments).toEqual([]);
  });

  it('of the requester count at once where the policy allows it, unless another policy forbids it', async () => {
    await putPolicies(driver, {
      ...IN_STAGING,
      name: 'self',
      who: ['group:Leads'],
      approval: { approvers: ['group:Leads'], count: 1, self: true },
    });
    const own = await asks(driver, 'U0CLEO', READ);
    expect((await now(driver, own)).state).toBe('active');

    await putPolicies(driver, { name: 'never-self', effect: 'require', who: ['everyone'], approval: { self: false } });
    const others = await asks(driver, 'U0CLEO', READ);
    expect((await now(driver, others)).state).toBe('pending');
    expect((await approves('U0CLEO', others)).told).toContain('cannot decide your own request');
    await approves('U0DAN', others);
    await driver.advance('PT10S');
    expect((await now(driver, others)).state).toBe('active');
    expectSound(await driver.state());
  });

  it('count only from the people who are in the group on that day', async () => {
    const request = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    expect((await approves('U0ANA', request)).told).toContain('not one of the people who may decide');
    inDirectory(driver).leave('user-cleo', 'group-leads');
    inDirectory(driver).join('user-ana', 'group-leads');
    expect((await approves('U0CLEO', request)).told).toContain('not one of the people who may decide');
    await driver.advance('PT16M');
    expect(wordsOf(await approvalFor(driver, request))).toContain('from <@U0ANA> or <@U0DAN>');
    expect((await approves('U0ANA', request)).told).toContain('Approved');
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('active');
    expectSound(await driver.state());
  });

  it('are not asked for where nobody could give them: the request is refused', async () => {
    await dropRecord(driver, 'policy#developers-production');
    await putPolicies(driver, {
      name: 'by-nobody',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [PRODUCTION],
      permissionSets: ['*'],
      approval: { approvers: ['group:On-call', 'group:Deleted long ago'], count: 1 },
    });
    const request = await asks(driver, 'U0BEN', { account: PRODUCTION, permissionSet: 'ReadOnlyAccess' });
    expect(request).toMatchObject({ state: 'refused', refusal: { reason: 'no-approver' } });
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
