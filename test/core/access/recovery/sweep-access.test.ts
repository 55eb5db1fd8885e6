import { revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import type { RequestState } from '../../../../core/model/request.ts';
import { assignmentIds } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, spoiled, type TestWorld } from '../services.ts';
import { HOUR, overdue, sweep, sweepFor } from './sweeping.ts';

describe('the sweep', () => {
  it.each<RequestState>(['granting', 'active', 'ending'])(
    'takes back access that is still %s after its end, whatever became of its workflow',
    async (state) => {
      const world = overdue(state, 91, state === 'ending' ? { endingAt: '2026-01-05T13:00:00.000Z' } : {});
      expect(await sweep(world)).toMatchObject({ pastEnd: 1, failures: 0, complete: true, ids: ['r1'] });
      expect(world.assignments.asked.remove).toBe(1);
      world.assignments.settle();
      await sweep(world);
      expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    },
  );

  it('starts a clean-up that tells and reports, at most one an hour', async () => {
    const world = overdue('active', 91);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010513']);
  });

  it('names access that no role may remove, long before it ends, and no standing assignment', async () => {
    const world = overdue('active', -HOUR / 2);
    const left = { ...ANAS_ASSIGNMENT, principalId: 'user-ben' };
    world.leases.put({ assignment: left, leases: ['gone'], standing: false });
    world.leases.put({ assignment: { ...left, principalId: 'user-cleo' }, leases: ['gone'], standing: true });
    expect((await sweep(world)).leftOut).toEqual([]);
    const removable = { accounts: '*' as const, permissionSets: [], groups: [] };
    const { leftOut } = await sweep(overdue('active', -HOUR / 2), { removable });
    expect(leftOut).toEqual(['r1']);
    world.leases.put({ assignment: left, leases: ['gone'], standing: false });
    world.leases.put({ assignment: { ...left, principalId: 'user-cleo' }, leases: ['gone'], standing: true });
    expect((await sweep(world, { removable })).leftOut).toEqual(['r1', assignmentIds(left)]);
  });

  it('leaves a workflow that is on time alone for a minute and a half', async () => {
    const world = overdue('active', 89);
    expect(await sweep(world)).toMatchObject({ pastEnd: 0, failures: 0 });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('finishes an early end that hangs, long before the planned end', async () => {
    const world = overdue('ending', 91 - HOUR, { endingAt: NOON });
    expect(await sweep(world)).toMatchObject({ pastEnd: 1 });
  });

  it('does not remove a standing assignment', async () => {
    const world = overdue('active', 91);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true });
    await sweepFor(world, 3);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(true);
    expect(world.leases.items.size).toBe(0);
  });

  it('starts the workflow of a request that should have started long ago', async () => {
    const world = createWorld();
    world.requests.put(aRequest('approved'), aRequest('scheduled', { id: 'r2', startsAt: '2026-01-05T12:09:00.000Z' }));
    world.pass(601);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r1']);
  });

  it('expires a request that waits for approvers long after its expiry, and starts a clean-up that tells of it', async () => {
    const world = createWorld();
    world.requests.put(aRequest('pending', { expiresAt: NOON }));
    world.pass(601);
    await sweep(world);
    const { state, events } = world.requests.now('r1');
    expect([state, events.at(-1)?.note]).toEqual(['expired', 'nobody answered in time']);
    expect(world.workflow.started).toContain('r1-cleanup-sweep-2026010512');
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: false });
  });

  it('does not expire such a request if no clean-up can be started, because nobody would be told', async () => {
    const world = createWorld();
    world.requests.put(aRequest('pending', { expiresAt: NOON }));
    world.pass(601);
    world.workflow.start = async () => {
      throw new Error('away');
    };
    expect(await sweep(world)).toMatchObject({ failures: 1 });
    expect(world.requests.now('r1').state).toBe('pending');
  });

  it('closes a request whose workflow died before the grant, so that somebody hears of it', async () => {
    const world = createWorld();
    world.requests.put(aRequest('approved'));
    world.pass(1201);
    await sweep(world);
    expect(world.requests.now('r1').state).toBe('failed');
    expect(world.workflow.started).toContain('r1-cleanup-sweep-2026010512');
  });

  it('has the report sent that a dead workflow owed, once a day', async () => {
    const world = createWorld();
    world.requests.put(aRequest('ended', { endedAt: NOON }));
    world.pass(5 * HOUR);
    await sweep(world);
    await sweep(world);
    expect(new Set(world.workflow.started)).toEqual(new Set(['r1-cleanup-report-20260105']));
  });

  it('goes on after an item that failed, and tells which', async () => {
    const world = overdue('active', 91);
    world.requests.put(aRequest('active', { id: 'r2', target: { groupId: 'group-oncall' } }));
    const assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    world.assignments.give(assignment);
    world.leases.put({ assignment, leases: ['r2'], standing: false });
    const remove = world.assignments.remove.bind(world.assignments);
    world.assignments.remove = async (one) => {
      if (!('groupId' in one.target)) throw new Error('away');
      return remove(one);
    };
    expect(await sweep(world)).toMatchObject({ pastEnd: 2, failures: 1, told: [['away', 'r1']] });
    expect(world.assignments.has(assignment)).toBe(false);
  });

  it('stops in time and says that it is not done', async () => {
    const world = overdue('active', 91);
    expect(await sweep(world, { hasTimeLeft: () => false })).toMatchObject({ complete: false, pastEnd: 1 });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('running twice at once removes once', async () => {
    const world = overdue('active', 91);
    await Promise.all([sweep(world), sweep(world)]);
    await sweepFor(world, 2);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(world.requests.now('r1').events.filter(({ state }) => state === 'ended')).toHaveLength(1);
  });
});

describe('a request that somebody has spoiled', () => {
  it.each([
    ['end', { endsAt: '1x' }, 'active'],
    ['end before its time', { endingAt: '1x' }, 'ending'],
  ] as const)(
    'by an %s that is no date ends, and does not keep the sweep from other people’s access',
    async (_what, parts, state) => {
      const world = overdue('active', 600, { id: 'r2' });
      world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
      world.requests.put(aRequest(state, { id: 'r0', target: { groupId: 'group-oncall' }, ...parts }));
      await sweepFor(world, 3);
      expect(world.requests.now('r2').state).toBe('ended');
      expect(world.requests.now('r0').state).toBe('ended');
    },
  );

  it('by a time of its end that is no date is told as a failure, and does not keep other people’s access', async () => {
    const world = overdue('active', 600, { id: 'r2' });
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    const grant = { askedAt: NOON, standing: false };
    world.requests.put(aRequest('ended', { id: 'r0', target: { groupId: 'group-oncall' }, endedAt: '1x', grant }));
    expect(await sweep(world)).toMatchObject({ failures: 1, told: [['Invalid time value', 'r0']], ids: ['r2'] });
    await sweepFor(world, 2);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(world.requests.now('r2').state).toBe('ended');
  });

  it('so that it cannot be read does not keep its access', async () => {
    const world = spoiled(overdue('active', 600));
    await sweepFor(world, 4);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(world.leases.items.size).toBe(0);
  });
});

describe('a lease without a live request', () => {
  /** The request is over, and yet its lease and the assignment are there: a grant that finished after the end. */
  function orphan(state: RequestState, item: { leases?: string[]; standing?: boolean } = {}): TestWorld {
    const world = createWorld();
    world.requests.put(aRequest(state));
    world.assignments.give(ANAS_ASSIGNMENT);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false, ...item });
    return world;
  }

  it.each<RequestState>(['failed', 'ended', 'reported', 'cancelled', 'refused'])(
    'of a request that is %s is removed with its assignment',
    async (state) => {
      const world = orphan(state);
      expect(await sweep(world)).toMatchObject({
        orphans: 1,
        failures: 0,
        ids: [assignmentIds(ANAS_ASSIGNMENT), 'r1'],
      });
      await sweepFor(world, 4);
      expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
      expect(world.leases.items.size).toBe(0);
      // Nothing else cuts the sessions of credentials that were fetched since the request was closed.
      expect(world.workflow.started).toContain('lost-user-ana');
    },
  );

  it('of an unknown request is removed with its assignment once the cut of its sessions can be started', async () => {
    const world = orphan('ended', { leases: ['r-lost'] });
    const { startCut } = world.workflow;
    world.workflow.startCut = () => Promise.reject(new Error('away'));
    await sweepFor(world, 2);
    expect(world.leases.items.size).toBe(1);
    world.workflow.startCut = startCut;
    await sweepFor(world, 2);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(world.leases.items.size).toBe(0);
  });

  it('is removed, and a standing assignment stays', async () => {
    const world = orphan('ended', { standing: true });
    await sweepFor(world, 3);
    expect(world.leases.items.size).toBe(0);
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is removed, and an assignment stays that others gave after the one of the request was removed', async () => {
    const givenAt = (standingAt: string) => {
      const world = orphan('failed');
      const granted = aRequest('failed', { grant: { askedAt: NOON, standing: false } });
      world.requests.put(granted);
      world.leases.ended.set('r1', '2026-01-05T12:11:02.606Z');
      world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true, standingAt });
      return world;
    };
    const since = givenAt('2026-01-05T12:14:55.000Z');
    await sweepFor(since, 3);
    expect([since.leases.items.size, since.assignments.asked.remove]).toEqual([0, 0]);
    // What others gave before that removal was removed with it: what is there now counts as the request's.
    const before = givenAt('2026-01-05T12:11:02.000Z');
    await sweepFor(before, 4);
    expect(before.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is removed, and the assignment stays, while another request holds it', async () => {
    const world = orphan('ended', { leases: ['r1', 'r2'] });
    world.requests.put(aRequest('active', { id: 'r2' }));
    await sweep(world);
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r2'] });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is removed when its removal was begun ten minutes ago and did not go on', async () => {
    const world = orphan('ended', { leases: [] });
    await world.leases.beginRemoval(ANAS_ASSIGNMENT, 'r1', NOON);
    world.pass(599);
    expect(await sweep(world)).toMatchObject({ orphans: 0 });
    world.pass(1);
    expect(await sweep(world)).toMatchObject({ orphans: 1 });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('is removed at once when the time at which its removal began cannot be read', async () => {
    const world = orphan('ended', { leases: [] });
    await world.leases.beginRemoval(ANAS_ASSIGNMENT, 'r1', '');
    expect(await sweep(world)).toMatchObject({ orphans: 1, failures: 0 });
    await sweepFor(world, 2);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is tried again when Identity Center ended its removal as FAILED', async () => {
    const world = orphan('ended', { leases: [] });
    world.assignments.failNext = 'busy';
    await sweepFor(world, 8);
    expect(world.assignments.asked.remove).toBe(2);
    expect(world.leases.items.size).toBe(0);
  });

  it('that was released finds an assignment that a grant made after its revoke', async () => {
    const world = createWorld();
    world.requests.put(aRequest('failed'));
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: false, releasedAt: NOON });
    await sweepFor(world, 1);
    expect(world.leases.items.size).toBe(1);
    world.assignments.give(ANAS_ASSIGNMENT);
    await sweepFor(world, 1);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('that was released is deleted, and the assignment stays, if somebody else has given the same since', async () => {
    const world = createWorld();
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: true, releasedAt: NOON });
    world.assignments.give(ANAS_ASSIGNMENT);
    await sweepFor(world, 3);
    expect(world.leases.items.size).toBe(0);
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('that was released at an unreadable time is deleted if the assignment is not there', async () => {
    const world = createWorld();
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: false, releasedAt: 'x' });
    expect(await sweep(world)).toMatchObject({ failures: 0 });
    expect(world.leases.items.size).toBe(0);
  });

  it('that was released is deleted when a dead grant can make nothing more, without a removal that blocks the next', async () => {
    const world = createWorld();
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: false, releasedAt: NOON });
    await sweepFor(world, 4);
    expect(world.leases.items.size).toBe(1);
    await sweepFor(world, 1);
    expect(world.leases.items.size).toBe(0);
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('that was claimed because a role made the assignment for no request is removed at once, not after ten minutes', async () => {
    const world = createWorld();
    world.assignments.give(ANAS_ASSIGNMENT);
    await world.leases.claim(ANAS_ASSIGNMENT, 'sweep', NOON);
    await sweepFor(world, 2);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toBeUndefined();
  });

  it('is not touched while its request lives', async () => {
    const world = orphan('active');
    expect(await sweep(world)).toMatchObject({ orphans: 0 });
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r1'] });
  });

  it('does not cost a new grant its access when it is swept in the same minute', async () => {
    const world = orphan('ended');
    const beginRemoval = world.leases.beginRemoval.bind(world.leases);
    world.leases.beginRemoval = async (...parts) => {
      world.leases.beginRemoval = beginRemoval;
      world.requests.put(aRequest('granting', { id: 'r2' }));
      await world.leases.add(ANAS_ASSIGNMENT, 'r2');
      return beginRemoval(...parts);
    };
    await sweep(world);
    expect(world.assignments.asked.remove).toBe(0);
    await revokeAccess('r2', world);
    expect(world.assignments.asked.remove).toBe(1);
  });
});
