import type { ExecutionState } from '../../../../core/access/ports.ts';
import { type AbandonedServices, endAbandoned } from '../../../../core/access/recovery/abandoned-access.ts';
import type { RequestState } from '../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const STOPPED: ExecutionState = { status: 'stopped', at: NOON, how: 'ABORTED' };

/** A request that last changed at noon, `seconds` ago. Its workflow is in this state, and not listed as running. */
function left(state: RequestState, seconds = 120, execution: ExecutionState = STOPPED): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(state, { expiresAt: '2026-01-05T20:00:00.000Z' }));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  world.executions.states.set('r1', execution);
  world.pass(seconds);
  return world;
}

async function sweep(world: TestWorld, services: Partial<AbandonedServices> = {}) {
  const told: unknown[] = [];
  const result = await endAbandoned({
    ...world,
    hasTimeLeft: () => true,
    onFailure: (error, what) => told.push([error instanceof Error ? error.message : error, what.requestId]),
    ...services,
  });
  return { ...result, told };
}

describe('a request that no workflow works on', () => {
  it('is ended even if another request has a history whose times cannot be read', async () => {
    const world = left('active');
    const broken = aRequest('active', { id: 'r0', target: { groupId: 'group-oncall' } });
    const events = broken.events.map((event) => ({ ...event, at: '1x' }));
    world.requests.requests.clear();
    world.requests.put({ ...broken, endsAt: '2026-01-05T12:59:00.000Z', events }, aRequest('active'));
    expect((await sweep(world)).ids).toContain('r1');
  });

  it.each<RequestState>(['granting', 'active'])(
    'and that is %s is ended now, before its end, and its history says why',
    async (state) => {
      const world = left(state);
      expect(await sweep(world)).toMatchObject({ abandoned: 1, failures: 0, complete: true, ids: ['r1'] });
      expect(world.assignments.asked.remove).toBe(1);
      expect(world.requests.now('r1').state).toBe('ending');
      const stopped = world.requests.now('r1').events.find(({ type }) => type === 'workflow-stopped');
      expect(stopped).toMatchObject({ by: 'glasshammer', note: 'r1 ABORTED, seen by the sweep' });
      expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010512']);
    },
  );

  it.each<[RequestState, RequestState]>([
    ['approved', 'failed'],
    ['scheduled', 'failed'],
    ['pending', 'cancelled'],
  ])('and that is %s becomes %s, so that its person hears of it and can ask again', async (state, then) => {
    const world = left(state);
    world.leases.items.clear();
    await sweep(world);
    expect(world.requests.now('r1').state).toBe(then);
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010512']);
  });

  it.each<RequestState>(['approved', 'scheduled', 'pending'])(
    'and that is %s because its workflow never started gets one',
    async (state) => {
      const world = left(state, 120, { status: 'unknown' });
      expect(await sweep(world)).toMatchObject({ abandoned: 0, started: 1 });
      expect(world.workflow.started).toEqual(['r1']);
      expect(world.requests.now('r1').state).toBe(state);
    },
  );

  it('but holds access is ended, even if Step Functions does not know its workflow', async () => {
    const world = left('active', 120, { status: 'unknown' });
    expect(await sweep(world)).toMatchObject({ abandoned: 1, started: 0 });
    expect(world.workflow.started).not.toContain('r1');
  });

  it('is tried again by the next sweep when the removal fails, and the others are looked at meanwhile', async () => {
    const world = left('active');
    world.requests.put(aRequest('active', { id: 'r2', target: { groupId: 'group-oncall' } }));
    world.executions.states.set('r2', STOPPED);
    const remove = world.assignments.remove;
    world.leases.put({
      assignment: { principalId: 'user-ana', target: { groupId: 'group-oncall' } },
      leases: ['r2'],
      standing: false,
    });
    world.assignments.remove = async (assignment) => {
      if ('accountId' in assignment.target) throw new Error('away');
      return remove.call(world.assignments, assignment);
    };
    expect(await sweep(world)).toMatchObject({ abandoned: 2, failures: 1, told: [['away', 'r1']] });
    expect(world.requests.now('r2').state).toBe('ended');
  });
});

describe('a request that the sweep leaves alone', () => {
  it('has a workflow, or a clean-up, that runs', async () => {
    const world = left('active');
    world.executions.running.add('r1');
    expect(await sweep(world)).toMatchObject({ abandoned: 0 });
    expect([world.requests.now('r1').state, world.executions.asked.describe]).toEqual(['active', 0]);
  });

  it('has a workflow that the list did not show yet', async () => {
    const world = left('active', 120, { status: 'running' });
    expect(await sweep(world)).toMatchObject({ abandoned: 0, started: 0 });
    expect(world.requests.now('r1').state).toBe('active');
  });

  it('has changed within two minutes', async () => {
    const world = left('active', 119);
    expect(await sweep(world)).toMatchObject({ abandoned: 0 });
    expect(world.executions.asked).toEqual({ list: 0, describe: 0 });
  });

  it('has a workflow that stopped within two minutes: the revoke is woken by that and needs its time', async () => {
    const world = left('active', 600, { ...STOPPED, at: '2026-01-05T12:08:01.000Z' });
    expect(await sweep(world)).toMatchObject({ abandoned: 0 });
    world.pass(1);
    expect(await sweep(world)).toMatchObject({ abandoned: 1 });
  });

  it('has changed since it was listed', async () => {
    const world = left('active');
    const listed = world.requests.inStates.bind(world.requests);
    world.requests.inStates = async function* (states) {
      for await (const request of listed(states)) {
        world.requests.put({ ...request, state: 'ended' });
        yield request;
      }
    };
    expect(await sweep(world)).toMatchObject({ abandoned: 0 });
    expect(world.workflow.started).toEqual([]);
  });

  it.each<RequestState>(['ended', 'reported', 'failed', 'denied', 'expired', 'cancelled', 'refused'])(
    'is %s',
    async (state) => {
      const world = left(state);
      await sweep(world);
      expect(world.requests.now('r1').state).toBe(state);
      expect(world.executions.asked).toEqual({ list: 0, describe: 0 });
    },
  );
});

describe('the cost of looking for abandoned requests', () => {
  it('is one list for a hundred requests, and another call only for those whose workflow is not on it', async () => {
    const world = createWorld();
    for (let n = 0; n < 100; n += 1) {
      world.requests.put(aRequest('active', { id: `r${n}` }));
      if (n > 0) world.executions.running.add(`r${n}`);
    }
    world.executions.states.set('r0', { status: 'running' });
    world.pass(600);
    await sweep(world);
    expect(world.executions.asked).toEqual({ list: 1, describe: 1 });
  });

  it('is nothing when there is no time left, and says so', async () => {
    const world = left('active');
    expect(await sweep(world, { hasTimeLeft: () => false })).toMatchObject({ complete: false, abandoned: 0 });
    expect(world.executions.asked.list).toBe(0);
  });

  it('is one failure when Step Functions cannot list, and no request is ended for that', async () => {
    const world = left('active');
    world.executions.runningFor = async () => {
      throw new Error('away');
    };
    expect(await sweep(world)).toMatchObject({ failures: 1, abandoned: 0, told: [['away', undefined]] });
    expect(world.requests.now('r1').state).toBe('active');
  });
});
