import { ACTIONS } from '../../../slack/actions.ts';
import { Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  clicks,
  dropRecord,
  inDirectory,
  now,
  putPolicies,
  type Request,
  sends,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const ADMINISTRATOR = { account: PRODUCTION, permissionSet: 'AdministratorAccess', reason: 'Look into the outage' };

/**
 * Buttons that carry no request's id: they ask for something new or are a link. All others carry the id of a request.
 */
const ABOUT_NO_REQUEST: readonly string[] = [
  ACTIONS.breakGlass,
  ACTIONS.newRequest,
  ACTIONS.askAgain,
  ACTIONS.fillIn,
  ACTIONS.openPortal,
];
const ABOUT_REQUESTS = Object.values(ACTIONS).filter((action) => !ABOUT_NO_REQUEST.includes(action));

/** What the requester may do with a pending request. */
const FOR_ITS_PERSON: readonly string[] = [ACTIONS.cancel, ACTIONS.nudge];

/** The fields of an archived audit event that these tests read. */
interface Refused {
  readonly type: string;
  readonly by: string;
  readonly note: string;
  readonly subjects: readonly string[];
}

/** The notes of the audit events about actions that were refused to a person. */
async function refusedActions(driver: Driver, by: string): Promise<readonly string[]> {
  await driver.advance('PT5S');
  const { archive } = (await driver.must('GET', '/sandbox/state')) as { archive: Refused[] };
  return archive.filter((fact) => fact.type === 'action-refused' && fact.by === by).map(({ note }) => note);
}

describe('a press that must not count', () => {
  let driver: Driver;
  let request: Request;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    // Refusals of strangers are recorded once an hour.
    await driver.alignToHour();
    request = await asks(driver, 'U0BEN', ADMINISTRATOR);
  });

  /**
   * Presses Approve and Deny: each must be refused with this sentence, open no form, and leave the request unchanged.
   */
  async function refuses(user: string, sentence: string, overrides: object = {}): Promise<void> {
    const before = await now(driver, request);
    for (const actionId of ['request.approve', 'request.deny', 'request.approve-with-note']) {
      const answer = await press(user, actionId, overrides);
      expect(answer.status).toBe(200);
      const { ephemerals, views } = await driver.state();
      expect(ephemerals.at(-1)).toMatchObject({ user, text: expect.stringContaining(sentence) });
      expect(views).toEqual([]);
    }
    expect(await now(driver, request)).toEqual(before);
  }

  let presses = 0;
  function press(user: string, actionId: string, overrides: object) {
    presses += 1;
    return driver.interact({
      type: 'block_actions',
      team: { id: 'T0HOME' },
      user: { id: user, team_id: 'T0HOME' },
      trigger_id: `refused-${presses}`,
      channel: { id: 'C0ALERTS' },
      container: { type: 'message', message_ts: '1700000002.000001', channel_id: 'C0ALERTS' },
      message: { ts: '1700000002.000001', text: 'You are the approver of this.' },
      actions: [{ type: 'button', action_id: actionId, block_id: 'b', value: request.id, action_ts: '1700000003.1' }],
      ...overrides,
    });
  }

  it('is refused to people who are not approvers, to guests, to strangers, and to the requester', async () => {
    await refuses('U0ANA', 'not one of the people who may decide');
    await refuses('U0BEN', 'cannot decide your own request');
    await refuses('U0FAY', 'Guests of this workspace');
    await refuses('U0EVE', "another company's Slack workspace");
    await refuses('U0CLEO', "another company's Slack workspace", { user: { id: 'U0CLEO', team_id: 'T0OTHER' } });
    await refuses('U0CLEO', "company's own Slack workspace", { team: { id: 'T0OTHER' } });
    await refuses('U0GUS', 'not linked to an AWS Identity Center user');
    await driver.advance('PT5S');
    expect((await driver.state()).assignments).toEqual([]);

    // The audit records who pressed what and why it was refused: each press of a colleague, and one an hour of a
    // stranger.
    const { archive } = (await driver.must('GET', '/sandbox/state')) as { archive: Refused[] };
    const refused = archive.filter(({ type }) => type === 'action-refused');
    const told = (by: string) => refused.filter((fact) => fact.by === by).map(({ note }) => note);
    const each = ['approve', 'deny', 'approve-with-note'];
    expect(new Set(told('U0ANA'))).toEqual(new Set(each.map((action) => `request.${action}: not-approver`)));
    expect(new Set(told('U0BEN'))).toEqual(new Set(each.map((action) => `request.${action}: own-request`)));
    expect(told('U0GUS')).toHaveLength(3);
    expect(told('U0FAY')).toEqual(['request.approve: guest']);
    expect(told('U0EVE')).toEqual(['request.approve: slack-connect-user']);
    expect(refused.every(({ subjects }) => subjects[0] === request.id)).toBe(true);
  });

  it.each(ABOUT_REQUESTS)(
    'is recorded in the audit with the person and the reason, for everybody who may not press %s',
    async (action) => {
      const before = await now(driver, request);
      const nobodys = ['U0ANA', 'U0FAY', 'U0EVE', 'U0GUS'];
      const refused = FOR_ITS_PERSON.includes(action) ? nobodys : [...nobodys, 'U0BEN'];
      for (const user of refused) {
        const told = (await driver.state()).ephemerals.length;
        await press(user, action, {});
        expect((await driver.state()).ephemerals.slice(told)).toEqual([expect.objectContaining({ user })]);
      }
      expect((await driver.state()).views).toEqual([]);
      expect(await now(driver, request)).toEqual(before);
      for (const user of refused)
        expect(await refusedActions(driver, user)).toEqual([expect.stringMatching(new RegExp(`^${action}: [a-z-]+`))]);
    },
  );

  it('cannot fill the table: a stranger leaves one refused request an hour, however often they press', async () => {
    const before = (await driver.state()).requests.length;
    for (let n = 0; n < 5; n++)
      await driver.ask('U0EVE', { account: STAGING, permissionSet: 'ReadOnlyAccess', reason: `${n}` });
    expect((await driver.state()).requests.length - before).toBe(1);
    await driver.advance('PT1H');
    await driver.ask('U0EVE', { account: STAGING, permissionSet: 'ReadOnlyAccess', reason: 'again' });
    expect((await driver.state()).requests.length - before).toBe(2);
  });

  it.each(['user_not_visible', 'ratelimited'])(
    'cannot fill the table either while Slack does not say who a stranger is: %s',
    async (error) => {
      const before = (await driver.state()).requests.length;
      await driver.fault({ operation: 'slack:users.info', error, times: 'forever' });
      for (let n = 0; n < 5; n++) {
        await driver.ask('U0EVE', { account: STAGING, permissionSet: 'ReadOnlyAccess', reason: `${n}` });
        await press('U0EVE', 'request.approve', {});
      }
      const { requests } = await driver.state();
      expect(requests.slice(before).map(({ refusal }) => refusal?.reason)).toEqual(['slack-user-unreadable']);
      expect(await refusedActions(driver, 'U0EVE')).toEqual([
        expect.stringMatching(/^request\.approve: slack-user-unreadable/),
      ]);
    },
  );

  it('counts as soon as Slack answers again, after it was refused because Slack was down', async () => {
    const ts = '1700000009.000001';
    await driver.fault({ operation: 'slack:users.info', error: 'ratelimited', times: 'forever' });
    await driver.breakGlass('U0ANA', { ts });
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'slack-user-unreadable' } });
    await driver.clearFaults();
    await driver.advance('PT1M');
    expect((await driver.breakGlass('U0ANA', { ts })).text).toContain('Glass broken');
    await driver.advance('PT10S');
    expect(await driver.requestFrom(ts)).toMatchObject({ requester: { principalId: 'user-ana' }, state: 'active' });
  });

  it('is answered with the button that the requester should press instead, while there is nothing to end', async () => {
    const told = async (actionId: string) => {
      await press('U0BEN', actionId, {});
      return (await driver.state()).ephemerals.at(-1)?.text;
    };
    expect(await told('request.done')).toContain('press *Cancel request*');
    expect(await now(driver, request)).toMatchObject({ state: 'pending' });
    await press('U0CLEO', 'request.approve', {});
    expect((await driver.state()).ephemerals.at(-1)?.text).toContain('Approved:');
    expect(['approved', 'granting']).toContain((await driver.request()).state);
    expect(await told('request.done')).toContain("Press *I'm done* as soon as its message says that you have it");
    await driver.advance('PT10S');
    expect(await told('request.cancel')).toContain("press *I'm done*");
    await expectAllOver(driver, { wait: 'PT2H' });
  });

  it('is refused to an approver who was disabled, is linked to another user, or left the group', async () => {
    inDirectory(driver).leave('user-dan', 'group-leads');
    await refuses('U0DAN', 'not one of the people who may decide');
    await driver.putRecords({ id: { S: 'principal#U0CLEO' }, ssoPrincipal: { S: 'user-ana' } });
    await refuses('U0CLEO', 'not one of the people who may decide');
    await driver.putRecords({ id: { S: 'principal#U0CLEO' }, ssoPrincipal: { S: 'user cleo' } });
    await refuses('U0CLEO', 'cannot be read');
    await driver.putRecords({ id: { S: 'principal#U0CLEO' }, ssoPrincipal: { S: 'user-cleo' } });
    inDirectory(driver).disable('user-cleo');
    await refuses('U0CLEO', 'Identity Center user is disabled');
    await expectAllOver(driver, { wait: 'PT20M' });
  });

  it('is refused to an approver whose record is deleted and whose user cannot be found by e-mail', async () => {
    const { world } = driver.running.current();
    for (const user of world.users)
      if (user.id === 'user-cleo') Object.assign(user, { email: '', userName: 'c.costa' });
    await dropRecord(driver, 'principal#U0CLEO');
    await refuses('U0CLEO', 'not linked to an AWS Identity Center user');
  });

  it('changes nothing once the policy is deleted or a deny is added, and the request is refused soon after', async () => {
    await putPolicies(driver, { name: 'stop', effect: 'deny', who: ['user:ben@example.com'] });
    await refuses('U0CLEO', 'not allowed any more');
    await refuses('U0ANA', 'not allowed any more');
    await dropRecord(driver, 'policy#stop');
    await dropRecord(driver, 'policy#developers-production');
    await refuses('U0CLEO', 'not allowed any more');

    await driver.advance('PT16M');
    expect(await now(driver, request)).toMatchObject({
      state: 'refused',
      refusal: { reason: 'no-longer-allowed' },
    });
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('is answered after an earlier vote with "already counted", and after the decision with "already decided"', async () => {
    await putPolicies(driver, { name: 'two', effect: 'require', who: ['everyone'], approval: { count: 2 } });
    const message = await approvalFor(driver, request);
    expect((await clicks(driver, 'U0CLEO', message, 'Approve')).told).toContain('More are needed: 1');
    await refuses('U0CLEO', 'already counted');
    expect((await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Approve')).told).toContain('Approved');
    await driver.advance('PT10S');
    await refuses('U0CLEO', 'already decided');
    await refuses('U0DAN', 'already decided');
    expect((await now(driver, request)).events.filter(({ type }) => type === 'approved')).toHaveLength(1);
    expectSound(await driver.state());
  });

  it('is answered after the expiry with "expired", and a form left open until then changes nothing', async () => {
    await putPolicies(driver, {
      name: 'short',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: ['tag:env=staging'],
      permissionSets: ['ReadOnlyAccess'],
      approval: { approvers: ['group:Leads'], expires: '20m' },
    });
    request = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'ReadOnlyAccess' });
    await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Deny');
    await driver.advance('PT21M');
    expect((await now(driver, request)).state).toBe('expired');
    expect((await sends(driver, 'U0DAN', { note: 'Too late' })).told).toContain('expired before it was decided');
    await refuses('U0CLEO', 'expired before it was decided');
  });

  it('is refused while the policies cannot be read', async () => {
    await driver.fault({
      operation: 'identitystore:ListGroupMemberships',
      error: 'InternalServerException',
      times: 99,
    });
    await refuses('U0CLEO', 'policies could not be read');
    await driver.must('DELETE', '/sandbox/faults');
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('active');
    expectSound(await driver.state());
  });
});
