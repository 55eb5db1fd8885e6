import { type AccessInput, requestAccess } from '../../../../core/access/request/request-access.ts';
import { MalformedItemError, RequestChangedError } from '../../../../core/model/errors.ts';
import { aRequest, BREAK_GLASS, NOON, PRODUCTION } from '../requests.ts';
import { caller, createWorld, needsLeads, type TestWorld } from '../services.ts';

const away = async (): Promise<never> => {
  throw new Error('the service is away');
};

function aRequestInput(overrides: Partial<AccessInput> = {}): AccessInput {
  return {
    requestId: 'r1',
    caller: caller('ana'),
    wanted: { accountId: PRODUCTION, permissionSet: BREAK_GLASS },
    reason: 'the checkout is down',
    ticket: '',
    origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1.2' },
    ...overrides,
  };
}

/** Asks as Ana, unless overridden, in a world that `change` has changed. */
async function ask(overrides: Partial<AccessInput> = {}, change: (world: TestWorld) => void = () => {}) {
  const world = createWorld();
  change(world);
  const outcome = await requestAccess(aRequestInput(overrides), world);
  return { world, outcome };
}

describe('asking for access', () => {
  it('writes the whole request and starts its workflow, so that access is seconds away', async () => {
    const { world, outcome } = await ask();
    expect(outcome.outcome).toBe('granting');
    expect(world.workflow.started).toEqual(['r1']);
    expect(world.requests.now('r1')).toMatchObject({
      state: 'approved',
      requester: { principalId: 'user-ana' },
      target: { accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
      names: { accountName: 'Production', permissionSetName: 'BreakGlassAdmin' },
      startsAt: NOON,
      endsAt: '2026-01-05T13:00:00.000Z',
      sessionSeconds: 3600,
      decidedAt: NOON,
      accessVersion: '1',
      events: [
        { type: 'requested', by: 'user-ana' },
        { type: 'approved', state: 'approved' },
      ],
    });
  });

  it('finds the permission set by its name as well as by its ARN', async () => {
    const { world } = await ask({ wanted: { accountId: PRODUCTION, permissionSet: 'BreakGlassAdmin' } });
    expect(world.requests.now('r1').target).toEqual({ accountId: PRODUCTION, permissionSetArn: BREAK_GLASS });
  });

  it('keeps a later start, and counts the end from there', async () => {
    const { world, outcome } = await ask({ startsAt: '2026-01-05T18:00:00.000Z', durationSeconds: 1800 });
    expect(outcome.outcome).toBe('scheduled');
    expect(world.requests.now('r1')).toMatchObject({
      startsAt: '2026-01-05T18:00:00.000Z',
      endsAt: '2026-01-05T18:30:00.000Z',
    });
  });

  it('starts now when the start that was asked for has passed', async () => {
    const { world } = await ask({ startsAt: '2026-01-05T11:00:00.000Z' });
    expect(world.requests.now('r1').startsAt).toBe(NOON);
  });

  it('waits for approvers with an expiry, so that a forgotten request does not wait for ever', async () => {
    const { world, outcome } = await ask({ caller: caller('ben') }, (w) => w.policyStore.write(needsLeads()));
    expect(outcome.outcome).toBe('pending');
    expect(world.workflow.started).toEqual(['r1']);
    expect(world.requests.now('r1')).toMatchObject({
      state: 'pending',
      expiresAt: '2026-01-05T20:00:00.000Z',
      approvalTiming: { remindSeconds: 900 },
      path: 'with-leads',
    });
  });

  it('gives as long as the policy allows when no length was asked for', async () => {
    const short = needsLeads({ maxDuration: '20m' });
    const { world } = await ask({ caller: caller('ben') }, (w) => w.policyStore.write(short));
    expect(world.requests.now('r1').durationSeconds).toBe(1200);
  });

  it('never shortens silently what a person asked for: too long is refused', async () => {
    const short = needsLeads({ maxDuration: '20m' });
    const { outcome } = await ask({ caller: caller('ben'), durationSeconds: 3600 }, (w) => w.policyStore.write(short));
    expect(outcome).toMatchObject({ outcome: 'refused', refusal: { reason: 'too-long' } });
  });

  it('grants a membership only in a configured group', async () => {
    const may = {
      id: 'policy#oncall',
      effect: 'allow',
      who: ['user:user-ana'],
      groups: ['group-oncall', 'group-leads'],
    };
    const join = (group: string) => ask({ wanted: { group } }, (w) => w.policyStore.write(may));
    expect((await join('group-oncall')).world.requests.now('r1')).toMatchObject({
      state: 'approved',
      target: { groupId: 'group-oncall' },
      sessionSeconds: 12 * 3600,
    });
    expect((await join('group-leads')).outcome).toMatchObject({ refusal: { reason: 'unknown-group' } });
  });
});

describe('an ask that is refused', () => {
  it.each<[string, string, Partial<AccessInput>, (world: TestWorld) => void]>([
    [
      'a person nobody knows',
      'unknown-user',
      {},
      (w) => {
        w.policyStore.erase('principal#U0ANA');
        w.emailDomains = [];
      },
    ],
    ['an unknown account', 'unknown-account', {}, (w) => (w.directory.accounts = [])],
    [
      'an account that is closing',
      'account-not-active',
      {},
      (w) => {
        w.directory.accounts = [{ id: PRODUCTION, name: 'Production', active: false }];
      },
    ],
    ['a permission set that is not configured', 'unknown-permission-set', {}, (w) => (w.permissionSets = [])],
    ['a permission set that was deleted', 'unknown-permission-set', {}, (w) => (w.directory.permissionSets = [])],
    [
      'an unreadable button',
      'unreadable-button',
      { wanted: { unreadable: { reason: 'unreadable-button' } } },
      () => {},
    ],
    ['an unknown group', 'unknown-group', { wanted: { group: 'group-none' } }, () => {}],
    ['a target that nothing allows', 'not-allowed', { caller: caller('ben') }, () => {}],
    ['an organization that is away', 'directory-unreadable', {}, (w) => (w.directory.account = away)],
    ['an access table that is away', 'policy-unreadable', {}, (w) => (w.policyStore.read = away)],
    ['policies that are away', 'policy-unreadable', {}, (w) => (w.policyStore.policies = away)],
    ['a freeze', 'frozen', {}, (w) => w.policyStore.freeze('incident 12')],
  ])('because of %s says so, is stored, and starts nothing', async (_what, reason, overrides, change) => {
    const { world, outcome } = await ask(overrides, change);
    expect(outcome).toMatchObject({ outcome: 'refused', refusal: { reason } });
    expect(world.workflow.started).toEqual([]);
    const { state, events, endsAt } = world.requests.now('r1');
    expect({ state, endsAt }).toEqual({ state: 'refused', endsAt: '' });
    expect(events.at(-1)?.note).toMatch(new RegExp(`^${reason}`));
  });

  it('names the Slack user in the audit when no principal is known', async () => {
    const { world } = await ask({ caller: { slackId: 'U0EVE', teamId: 'T0OTHER' } });
    expect(world.requests.now('r1').events[0]).toMatchObject({ type: 'requested', by: 'U0EVE' });
  });
});

describe('an ask that comes twice', () => {
  it('starts nothing new for the same request id, and starts a workflow that a crash had kept from starting', async () => {
    const { world } = await ask();
    const again = await requestAccess(aRequestInput(), world);
    expect(again).toMatchObject({ outcome: 'duplicate', request: { id: 'r1' } });
    expect(world.requests.requests.size).toBe(1);
    expect(world.workflow.started).toEqual(['r1', 'r1']);
  });

  it('finds the open request of the same button, whatever its id', async () => {
    const { world } = await ask({ clickKey: 'button-1' });
    const again = await requestAccess(aRequestInput({ requestId: 'r2', clickKey: 'button-1' }), world);
    expect(again).toMatchObject({ outcome: 'duplicate', request: { id: 'r1' } });
    expect([...world.requests.requests.keys()]).toEqual(['r1']);
  });

  it('asks anew when the request of that button is over, so that the alert can be used tomorrow', async () => {
    const { world } = await ask({ clickKey: 'button-1' });
    world.requests.put(aRequest('reported'));
    const again = await requestAccess(aRequestInput({ requestId: 'r2', clickKey: 'button-1' }), world);
    expect(again).toMatchObject({ outcome: 'granting', request: { id: 'r2' } });
  });

  it('does not start the workflow of a request that is over', async () => {
    const { world } = await ask();
    world.requests.put(aRequest('reported'));
    expect(await requestAccess(aRequestInput(), world)).toMatchObject({ outcome: 'duplicate' });
    expect(world.workflow.started).toEqual(['r1']);
  });

  it('answers with the first outcome when a redelivery would be refused by now', async () => {
    const { world } = await ask();
    world.policyStore.erase(`access#${PRODUCTION}#${BREAK_GLASS}#user-ana`);
    expect(await requestAccess(aRequestInput(), world)).toMatchObject({
      outcome: 'duplicate',
      request: { state: 'approved' },
    });
  });

  it('lets one of many presses in the same instant win, so that there is one request and one workflow', async () => {
    const world = createWorld();
    const press = (n: number) => requestAccess(aRequestInput({ requestId: `r${n}`, clickKey: 'button-1' }), world);
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => press(n)));
    expect(outcomes.filter(({ outcome }) => outcome === 'granting')).toHaveLength(1);
    expect(world.requests.requests.size).toBe(1);
    expect(new Set(world.workflow.started).size).toBe(1);
  });
});

describe('a button whose earlier request is lost', () => {
  const again = (world: TestWorld) => requestAccess(aRequestInput({ requestId: 'r2', clickKey: 'button-1' }), world);

  it('asks anew when that request was deleted, or is missing after a restore of the table', async () => {
    const { world } = await ask({ clickKey: 'button-1' });
    world.requests.requests.delete('r1');
    expect(await again(world)).toMatchObject({ outcome: 'granting', request: { id: 'r2' } });
    expect(world.requests.now('r2').state).toBe('approved');
    expect(world.workflow.started).toEqual(['r1', 'r2']);
  });

  it('asks anew when that request cannot be read', async () => {
    const { world } = await ask({ clickKey: 'button-1' });
    const { get } = world.requests;
    world.requests.get = (id) =>
      id === 'r1' ? Promise.reject(new MalformedItemError('no state')) : get.call(world.requests, id);
    expect(await again(world)).toMatchObject({ outcome: 'granting', request: { id: 'r2' } });
  });

  it('asks anew for approval when the waiting request of the same target is lost', async () => {
    const world = createWorld();
    world.policyStore.write(needsLeads());
    expect(await requestAccess(aRequestInput({ caller: caller('ben') }), world)).toMatchObject({ outcome: 'pending' });
    world.requests.requests.delete('r1');
    expect(await requestAccess(aRequestInput({ requestId: 'r2', caller: caller('ben') }), world)).toMatchObject({
      outcome: 'pending',
      request: { id: 'r2' },
    });
  });

  it('starts no workflow, and fails, when others keep taking the button', async () => {
    const world = createWorld();
    let presses = 0;
    world.requests.create = async () => {
      presses += 1;
      return { created: false, exists: `gone-${presses}` };
    };
    await expect(again(world)).rejects.toThrow(RequestChangedError);
    expect(world.workflow.started).toEqual([]);
  });
});

describe('breaking the glass', () => {
  const glass = (w: TestWorld) => w.policyStore.write(needsLeads({ breakGlass: true }));

  it('writes and starts nothing before the person has confirmed with a reason', async () => {
    const { world, outcome } = await ask({ caller: caller('ben') }, glass);
    expect(outcome.outcome).toBe('confirm');
    expect(world.requests.requests.size + world.workflow.started.length).toBe(0);
  });

  it('grants at once after that, and owes a review to everyone who was skipped', async () => {
    const { world, outcome } = await ask({ caller: caller('ben'), confirmed: true }, glass);
    expect(outcome.outcome).toBe('granting');
    const { breakGlass, review, asked } = world.requests.now('r1');
    expect(breakGlass).toBe(true);
    expect(review).toEqual({ status: 'owed', approvers: ['user-cleo', 'user-dan'] });
    expect(asked?.slackIds).toEqual({ 'user-cleo': 'U0CLEO', 'user-dan': 'U0DAN' });
  });

  it('grants even if Slack cannot find the approvers', async () => {
    const { outcome } = await ask({ caller: caller('ben'), confirmed: true }, (w) => {
      glass(w);
      w.people.slackIdsOf = away;
    });
    expect(outcome).toMatchObject({ outcome: 'granting', request: { asked: { slackIds: {} } } });
  });
});
