import { checkCreation } from '../../../../../core/access/lease/grant/check-creation.ts';
import { grantAccess, lookAtAccess } from '../../../../../core/access/lease/grant/grant-access.ts';
import { revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import { mayHoldAccess } from '../../../../../core/model/life-cycle.ts';
import { interruptedAt } from '../../recovery/interrupted.ts';
import { ANAS_ASSIGNMENT, ANAS_TARGET, aRequest, NOON, statesExcept } from '../../requests.ts';
import { createWorld, type TestWorld } from '../../services.ts';

/** A world with one request in it, decided a moment ago. */
function worldWith(...parts: Parameters<typeof aRequest>): TestWorld {
  const world = createWorld();
  const request = aRequest(parts[0], { decidedAt: NOON, accessVersion: '1', ...parts[1] });
  world.requests.put(request);
  // The hold that the grant has written for access that it has begun.
  if (mayHoldAccess(request.state)) world.holds.begun(request);
  return world;
}

const PORTS = ['requests', 'leases', 'accesses', 'holds', 'assignments', 'policyStore', 'directory'] as const;

describe('a look of the workflow that has made its grant', () => {
  it.each(statesExcept('active'))(
    'gives nothing to a request that is %s in the table, and goes to the revoke',
    async (state) => {
      const world = worldWith(state);
      world.assignments.give(ANAS_ASSIGNMENT);
      const before = world.requests.now('r1');
      expect(await lookAtAccess('r1', world)).toMatchObject({ next: 'revoke' });
      expect(world.requests.now('r1')).toEqual(before);
      expect([world.leases.items.size, world.assignments.asked.create]).toEqual([0, 0]);
    },
  );

  it('answers until when access lasts', async () => {
    const world = worldWith('active');
    expect(await lookAtAccess('r1', world)).toMatchObject({
      next: 'announce',
      endsAt: world.requests.now('r1').endsAt,
    });
  });
});

describe('granting', () => {
  it('goes in the order that never leaves access without an end: decision, lease, look, stored end, creation', async () => {
    const { services, calls } = interruptedAt(worldWith('approved'), PORTS);
    expect(await grantAccess('r1', services)).toMatchObject({ next: 'check', operationId: 'operation-1' });
    expect(calls).toEqual([
      'requests.getWithVotes',
      'holds.given',
      // It decides again, however recent the last decision is.
      'directory.user',
      'directory.groupIdsOf',
      'holds.of',
      'policyStore.read',
      'policyStore.policies',
      // The lease says whether this request begins an access or joins one.
      'leases.add',
      'assignments.exists',
      // The end, and that the assignment is not standing, in request, lease and hold in one transaction.
      'accesses.begin',
      'assignments.create',
    ]);
  });

  it('counts the end from the grant, not from the request, and stores it before it calls Identity Center', async () => {
    const world = worldWith('approved');
    world.pass(40);
    world.assignments.create = async () => {
      expect(world.requests.now('r1')).toMatchObject({ state: 'granting', endsAt: '2026-01-05T13:00:40.000Z' });
      throw new Error('looked');
    };
    await expect(grantAccess('r1', world)).rejects.toThrow('looked');
  });

  it('announces nothing before Identity Center has said SUCCEEDED', async () => {
    const world = worldWith('approved');
    const { operationId } = await grantAccess('r1', world);
    expect(await checkCreation('r1', operationId, world)).toEqual({ next: 'wait', waitSeconds: 2 });
    expect(world.requests.now('r1').state).toBe('granting');
    world.assignments.settle();
    expect(await checkCreation('r1', operationId, world)).toMatchObject({ next: 'announce' });
    expect(world.requests.now('r1')).toMatchObject({
      state: 'active',
      grant: { standing: false },
      events: expect.arrayContaining([expect.objectContaining({ type: 'granted' })]),
    });
  });

  it('creates nothing if the assignment was there before, and stores that it is standing', async () => {
    const world = worldWith('approved');
    world.assignments.give(ANAS_ASSIGNMENT);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'announce' });
    expect(world.assignments.asked.create).toBe(0);
    expect(world.requests.now('r1').grant).toMatchObject({ standing: true });
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r1'], standing: true });
  });

  it('does not take the assignment of another request for a standing one, but joins that access', async () => {
    const world = worldWith('approved');
    const root = aRequest('active', { id: 'r0' });
    world.requests.put(root);
    world.holds.begun(root);
    world.assignments.give(ANAS_ASSIGNMENT);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r0'], standing: false });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'tell' });
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r0'], standing: false });
    expect(world.requests.now('r1')).toMatchObject({ state: 'joined', accessId: 'r0' });
  });

  it('grants a group membership at once', async () => {
    const target = { groupId: 'group-oncall' };
    const world = worldWith('approved', { target });
    world.policyStore.write({ id: 'policy#oncall', effect: 'allow', who: ['user:user-ana'], groups: ['group-oncall'] });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'announce' });
    expect(world.assignments.has({ principalId: 'user-ana', target })).toBe(true);
  });

  it('takes no lease while the same assignment is being removed, and fails with an error that is retried', async () => {
    const world = worldWith('approved');
    const removing = { requestId: 'r0', since: NOON };
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: false, removing });
    await expect(grantAccess('r1', world)).rejects.toMatchObject({ name: 'RemovalInProgressError' });
    expect(world.assignments.asked.create).toBe(0);
  });

  it('grants nothing any more once its end has passed', async () => {
    const world = worldWith('granting');
    world.pass(3600);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.leases.items.size).toBe(0);
  });

  it('does not go on with a grant that a crash interrupted once new access is frozen, and says so', async () => {
    const world = worldWith('granting');
    world.policyStore.freeze('the keys leaked');
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.assignments.asked.create).toBe(0);
    await revokeAccess('r1', world);
    expect(world.requests.now('r1')).toMatchObject({
      state: 'failed',
      refusal: { reason: 'frozen', detail: 'the keys leaked' },
    });
  });

  it('does not go on with a grant that a crash interrupted when the policies no longer allow it', async () => {
    const world = worldWith('granting', { accessVersion: '0' });
    world.policyStore.items = [];
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.assignments.asked.create).toBe(0);
  });

  it('does not announce an assignment of which CloudTrail tells late and that is gone again', async () => {
    const world = worldWith('approved');
    world.assignments.exists = async (assignment) => {
      await world.leases.noteStanding(assignment, true);
      return false;
    };
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.assignments.asked.create).toBe(0);
    expect(world.requests.now('r1')).toMatchObject({
      state: 'granting',
      grant: { standing: true },
      failure: expect.stringContaining('taken away by somebody else'),
    });
  });

  it('does not announce a standing assignment that is taken away between the look and the write that records it', async () => {
    const world = worldWith('approved');
    world.assignments.give(ANAS_ASSIGNMENT);
    const begin = world.accesses.begin.bind(world.accesses);
    world.accesses.begin = (what) => {
      world.assignments.held.clear();
      return begin(what);
    };
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke', made: '' });
    expect(world.requests.now('r1').failure).toContain('taken away by somebody else');
  });

  it('leads to the revoke when Identity Center refuses at once, and keeps the first reason', async () => {
    const world = worldWith('approved');
    world.assignments.create = async () => ({ status: 'failed', reason: 'no such account' });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.requests.now('r1')).toMatchObject({ state: 'granting', failure: 'no such account' });
  });

  it.each<[Parameters<typeof aRequest>[0], string]>([
    ['active', 'announce'],
    ['ending', 'revoke'],
    ['refused', 'tell'],
    ['denied', 'tell'],
    ['expired', 'tell'],
    ['cancelled', 'tell'],
    ['ended', 'over'],
    ['failed', 'tell'],
    ['reported', 'over'],
  ])('changes nothing of a request that is %s, and answers %s', async (state, next) => {
    const world = worldWith(state);
    const before = world.requests.now('r1');
    expect(await grantAccess('r1', world)).toMatchObject({ next });
    expect(world.requests.now('r1')).toEqual(before);
    expect(world.assignments.asked.create + world.leases.items.size).toBe(0);
  });

  it('fails with RequestNotFoundError when there is no such request', async () => {
    await expect(grantAccess('r9', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
    await expect(checkCreation('r9', 'x', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
  });

  it('warns before the end, of short access when a third of it is left, and of the shortest not at all', async () => {
    expect(await grantAccess('r1', worldWith('active'))).toMatchObject({
      warn: true,
      warnAt: '2026-01-05T12:50:00.000Z',
    });
    for (const [durationSeconds, endsAt, warnAt] of [
      [1799, '2026-01-05T12:29:59.000Z', '2026-01-05T12:20:00.000Z'],
      [600, '2026-01-05T12:10:00.000Z', '2026-01-05T12:06:40.000Z'],
      [180, '2026-01-05T12:03:00.000Z', '2026-01-05T12:02:00.000Z'],
    ] as const) {
      const short = await grantAccess('r1', worldWith('active', { durationSeconds, endsAt }));
      expect(short).toMatchObject({ warn: true, warnAt });
    }
    expect(await grantAccess('r1', worldWith('active', { endsAt: '2026-01-05T12:02:59.000Z' }))).toMatchObject({
      warn: false,
    });
  });
});

describe('deciding again before the grant', () => {
  it.each<[string, string, (world: TestWorld) => void]>([
    [
      'the record is gone',
      'no-longer-allowed',
      (w) => w.policyStore.erase(`access#${ANAS_TARGET.accountId}#${ANAS_TARGET.permissionSetArn}#user-ana`),
    ],
    [
      'the person is disabled',
      'no-longer-allowed',
      (w) => {
        w.directory.change('user-ana', { enabled: false });
        w.policyStore.write();
      },
    ],
    [
      'the person is gone',
      'no-longer-allowed',
      (w) => {
        w.directory.users = [];
        w.policyStore.write();
      },
    ],
    ['everything is frozen', 'frozen', (w) => w.policyStore.freeze('incident 12')],
    [
      'a deny was written',
      'no-longer-allowed',
      (w) => {
        const everything = { who: ['everyone'], accounts: ['*'], permissionSets: ['*'] };
        w.policyStore.write({ id: 'policy#no', effect: 'deny', ...everything });
      },
    ],
  ])('refuses when %s, although it was approved a moment ago', async (_what, reason, change) => {
    const world = worldWith('approved');
    change(world);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'tell' });
    expect(world.requests.now('r1')).toMatchObject({ state: 'refused', refusal: { reason } });
    expect(world.leases.items.size).toBe(0);
  });

  it('asks the directory again, even if no record has changed since', async () => {
    const world = worldWith('approved');
    world.directory.change('user-ana', { enabled: false });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'tell' });
  });

  it('grants nothing and keeps its state while the access table is away', async () => {
    const world = worldWith('approved');
    world.policyStore.read = async () => {
      throw new Error('away');
    };
    await expect(grantAccess('r1', world)).rejects.toThrow('away');
    expect(world.requests.now('r1').state).toBe('approved');
  });
});

describe('waiting', () => {
  it('waits for a later start, and notes it once', async () => {
    const world = worldWith('approved', { startsAt: '2026-01-05T18:00:00.000Z' });
    for (const _ of [1, 2]) {
      expect(await grantAccess('r1', world)).toMatchObject({ next: 'start', startsAt: '2026-01-05T18:00:00.000Z' });
    }
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'scheduled')).toHaveLength(1);
  });

  it('says how long to wait for approvers before the next reminder', async () => {
    const timing = { expiresSeconds: 28_800, remindSeconds: 900 };
    const world = worldWith('pending', { expiresAt: '2026-01-05T20:00:00.000Z', approvalTiming: timing });
    world.pass(100);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'approval', approvalSeconds: 800 });
  });

  it('does not spin on a reminder that is due and could not be sent', async () => {
    const timing = { expiresSeconds: 28_800, remindSeconds: 900 };
    const world = worldWith('pending', { expiresAt: '2026-01-05T20:00:00.000Z', approvalTiming: timing });
    world.pass(900);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'approval', approvalSeconds: 60 });
  });

  it('expires an unanswered request at its instant, not before', async () => {
    const world = worldWith('pending', { expiresAt: '2026-01-05T12:00:10.000Z' });
    world.pass(9);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'approval', approvalSeconds: 1 });
    world.pass(1);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'tell' });
    expect(world.requests.now('r1').state).toBe('expired');
  });
});

describe('checking a creation', () => {
  it('gives up after the configured time, so that nobody waits for ever for access', async () => {
    const world = worldWith('approved');
    const { operationId } = await grantAccess('r1', world);
    world.pass(599);
    expect(await checkCreation('r1', operationId, world)).toEqual({ next: 'wait', waitSeconds: 15 });
    world.pass(1);
    expect(await checkCreation('r1', operationId, world)).toMatchObject({ next: 'revoke' });
    expect(world.requests.now('r1').failure).toBe('Identity Center took too long');
  });

  it('leads to the revoke when Identity Center ends it as FAILED, and keeps the reason', async () => {
    const world = worldWith('approved');
    world.assignments.failNext = 'Received a 404 status error: no such account';
    const { operationId } = await grantAccess('r1', world);
    world.assignments.settle();
    expect(await checkCreation('r1', operationId, world)).toMatchObject({ next: 'revoke' });
    expect(world.requests.now('r1').failure).toMatch('404');
  });

  it.each(statesExcept('granting', 'active'))('leads to the revoke when the request is %s meanwhile', async (state) => {
    const world = worldWith(state);
    const before = world.requests.now('r1');
    expect(await checkCreation('r1', 'operation-1', world)).toEqual({ next: 'revoke', waitSeconds: 0 });
    expect(world.requests.now('r1')).toEqual(before);
  });
});
