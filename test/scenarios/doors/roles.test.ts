import { Driver } from '../support/driver.ts';

/** The event that the sandbox logs when a function calls something that its deployed role does not allow. */
const DENIED = 'sandbox.access-denied';

const LOUD = {
  id: { S: 'policy#loud' },
  effect: { S: 'allow' },
  who: { L: [{ S: 'group:Developers' }, { S: 'user:ana@example.com' }] },
  accounts: { L: [{ S: 'tag:env=prod' }, { S: 'ou:ou-prod' }] },
  permissionSets: { L: [{ S: 'AdministratorAccess' }] },
  maxDuration: { S: '1h' },
  breakGlass: { BOOL: true },
  approval: { M: { approvers: { L: [{ S: 'group:Leads' }, { S: 'user:dan@example.com' }] } } },
};

describe('with no more rights than the deployed roles have', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());
  // Some denied calls are caught on purpose, so that a person still gets an answer; here no call may be denied.
  afterEach(async () => {
    const denied = (await driver.logs()).split('\n').filter((line) => line.includes(DENIED));
    expect(denied).toEqual([]);
  });

  const events = async () => (await driver.request()).events.map(({ type }) => type);

  it('a group can be requested, approved, reminded of, given and removed', async () => {
    await driver.ask('U0ANA', { group: 'group-oncall', duration: '1h', reason: 'on call tonight' });
    await driver.advance('PT20M');
    const { id } = await driver.request();
    // The records changed since the decision, so the grant decides again.
    await driver.putRecords(LOUD);
    await driver.press('U0CLEO', { actionId: 'request.approve', value: id });
    await driver.advance('PT10S');
    expect((await driver.state()).memberships).toContainEqual({ groupId: 'group-oncall', principalId: 'user-ana' });
    await driver.advance('PT1H5M');
    expect((await driver.state()).memberships).not.toContainEqual({
      groupId: 'group-oncall',
      principalId: 'user-ana',
    });
    expect(await events()).toEqual(expect.arrayContaining(['requested', 'reminded', 'vote', 'granted', 'ended']));
    // CloudTrail names the function by its role, so readers see which function gave access and which removed it.
    const calls = Object.values(driver.running.current().world.trail).flat();
    const roles = (eventName: string) =>
      calls.filter((call) => call.eventName === eventName).map((call) => JSON.stringify(call.userIdentity));
    for (const identity of roles('CreateGroupMembership')) expect(identity).toContain('role/glasshammer-grant-access"');
    for (const identity of roles('DeleteGroupMembership'))
      expect(identity).toMatch(/role\/glasshammer-(revoke|sweep)-access"/);
    expect(roles('CreateGroupMembership')).toHaveLength(1);
    expect(roles('DeleteGroupMembership')).toHaveLength(1);
  });

  it('a pending request can be denied or cancelled, in a nested account', async () => {
    const wanted = {
      account: '210987654321',
      permissionSet: 'AdministratorAccess',
      duration: '1h',
      reason: 'debugging',
    };
    for (const end of ['denied', 'cancelled'] as const) {
      await driver.ask('U0BEN', wanted);
      await driver.advance('PT5S');
      const { id, state } = await driver.request();
      expect(state).toBe('pending');
      if (end === 'cancelled') await driver.press('U0BEN', { actionId: 'request.cancel', value: id });
      if (end === 'denied') await submit('U0CLEO', 'request.deny.note', { requestId: id }, { note: 'not today' });
      await driver.advance('PT5S');
      expect((await driver.request()).state).toBe(end);
    }
  });

  it('break-glass access is reported and reviewed', async () => {
    await driver.putRecords(LOUD);
    const wanted = { accountId: '123456789012', permissionSet: 'AdministratorAccess' };
    await submit(
      'U0BEN',
      'break_glass.confirm',
      { origin: 'alert', channel: 'C0ALERTS', wanted, durationSeconds: 3600 },
      { reason: 'checkout is down' },
    );
    await driver.advance('PT5S');
    const { id, state } = await driver.request();
    expect(state).toBe('active');
    await driver.press('U0BEN', { actionId: 'request.done', value: id, channel: 'C0ALERTS' });
    await driver.advance('PT1H30M');
    expect((await driver.request()).state).toBe('reported');
    await driver.press('U0DAN', { actionId: 'review.acknowledge', value: id });
    await driver.advance('PT1H');
    expect((await driver.request()).review).toMatchObject({ status: 'acknowledged' });
    expect(await events()).toEqual(expect.arrayContaining(['granted', 'reported', 'reviewed']));
  });

  it('the command, the menus of the form and the App Home answer a person who is known only by e-mail address', async () => {
    await driver.dropRecord('principal#U0ANA');
    const command = 'command=%2Faccess&team_id=T0HOME&user_id=U0ANA&channel_id=C0ALERTS&trigger_id=1.command';
    expect(await driver.slack('commands', command)).toMatchObject({ status: 200 });
    const view = { id: 'V1', type: 'modal', callback_id: 'request.new', private_metadata: '{}', state: { values: {} } };
    for (const field of ['account', 'permission-set']) {
      const asked = {
        ...caller('U0ANA'),
        type: 'block_suggestion',
        action_id: field,
        block_id: field,
        value: '',
        view,
      };
      const answer = await driver.slack('options', `payload=${encodeURIComponent(JSON.stringify(asked))}`);
      expect(answer.status).toBe(200);
    }
    const home = {
      type: 'event_callback',
      team_id: 'T0HOME',
      event: { type: 'app_home_opened', user: 'U0ANA', tab: 'home' },
    };
    const opened = await driver.slack('events', JSON.stringify(home), { contentType: 'application/json' });
    expect(opened.status).toBe(200);
    const shown = (await driver.state()).views.filter(({ user }) => user === 'U0ANA').map(({ type }) => type);
    expect(shown).toEqual(expect.arrayContaining(['modal', 'home']));
  });

  it('nothing is left of a request whose workflow died, and a removal that failed is tried again', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    await driver.fault({ operation: 'sso-admin:DeleteAccountAssignment', asyncFailure: 'try again later', times: 1 });
    await driver.must('POST', `/sandbox/executions/${(await driver.request()).id}/kill`);
    await driver.advance('PT10M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT1H30M');
    expect(await events()).toEqual(expect.arrayContaining(['workflow-stopped', 'reported']));
  });

  it('the sweep alone removes an assignment and a membership', async () => {
    await driver.breakGlass('U0ANA');
    await driver.ask('U0ANA', { group: 'group-oncall', duration: '1h', reason: 'on call tonight' });
    await driver.advance('PT5S');
    await driver.press('U0CLEO', { actionId: 'request.approve', value: (await driver.request()).id });
    await driver.advance('PT10S');
    expect((await driver.state()).requests.map(({ state }) => state)).toEqual(['active', 'active']);
    await driver.fault({ operation: 'lambda:revoke-access', error: 'Crash', times: 'forever' });
    await driver.fault({ operation: 'sso-admin:DeleteAccountAssignment', asyncFailure: 'try again', times: 1 });
    await driver.advance('PT1H15M');
    const { assignments, memberships } = await driver.state();
    expect(assignments).toEqual([]);
    expect(memberships.filter(({ groupId }) => groupId === 'group-oncall')).toEqual([]);
  });

  it('a request whose policy was deleted while it waited is refused, and its workflow ends', async () => {
    await driver.ask('U0BEN', { account: '210987654321', permissionSet: 'ReadOnlyAccess', reason: 'a look' });
    await driver.advance('PT5S');
    await driver.dropRecord('policy#developers-production');
    await driver.advance('PT1H');
    expect((await driver.request()).state).toBe('refused');
    expect((await driver.state()).executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  const caller = (user: string) => ({
    team: { id: 'T0HOME', domain: 'home' },
    user: { id: user, username: 'someone', team_id: 'T0HOME' },
    api_app_id: 'A0GLASS',
  });

  /** Sends a form with this hidden data and these fields, as Slack would. */
  async function submit(user: string, callbackId: string, data: object, fields: Record<string, string>): Promise<void> {
    const values = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, { [name]: { type: 'plain_text_input', value } }]),
    );
    const view = {
      id: `V${callbackId}${JSON.stringify(data).length}`,
      type: 'modal',
      callback_id: callbackId,
      private_metadata: JSON.stringify(data),
      state: { values },
    };
    const { status, text } = await driver.interact({ ...caller(user), type: 'view_submission', view });
    expect([status, text]).toEqual([200, '']);
  }
});
