import { reconcileAccess } from '../../../../core/access/recovery/reconcile-access.ts';
import { happen } from '../../../../core/model/events.ts';
import type { RequestState } from '../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const DEAD = { requestId: 'r1', executionName: 'r1', status: 'ABORTED' };

function dead(...parts: Parameters<typeof aRequest>): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(...parts));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  return world;
}

describe('a workflow that died', () => {
  it('has its access taken back at once, and the rest handed to a clean-up', async () => {
    const world = dead('active');
    await reconcileAccess(DEAD, world);
    expect(world.assignments.asked.remove).toBe(1);
    expect(world.workflow.started).toEqual(['r1-cleanup-1']);
    const events = world.requests.now('r1').events.map(({ type, note }) => ({ type, note }));
    expect(events).toContainEqual({ type: 'workflow-stopped', note: 'r1 ABORTED' });
    expect(world.requests.now('r1').state).toBe('ending');
  });

  it('starts the clean-up even when the revoke fails, and then says so, so that EventBridge delivers again', async () => {
    const world = dead('active');
    world.assignments.remove = async () => {
      throw new Error('away');
    };
    await expect(reconcileAccess(DEAD, world)).rejects.toThrow('away');
    expect(world.workflow.started).toEqual(['r1-cleanup-1']);
  });

  it('still owes its report when it died after the end', async () => {
    const world = dead('ended');
    await reconcileAccess(DEAD, world);
    expect(world.workflow.started).toEqual(['r1-cleanup-1']);
    expect(world.requests.now('r1').state).toBe('ended');
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('does not leave approvers voting on a request that nobody will ever grant', async () => {
    const world = dead('pending');
    await reconcileAccess(DEAD, world);
    expect(world.requests.now('r1').state).toBe('cancelled');
  });

  it.each<RequestState>(['refused', 'denied', 'expired', 'cancelled', 'failed', 'reported'])(
    'leaves a request alone that is %s',
    async (state) => {
      const world = dead(state);
      const before = world.requests.now('r1');
      await reconcileAccess(DEAD, world);
      expect(world.requests.now('r1')).toEqual(before);
      expect(world.workflow.started).toEqual([]);
    },
  );

  it('leaves it to the sweep after three clean-ups have died too, so that a broken deployment does not spin', async () => {
    const died = [1, 2, 3].map(() => happen('workflow-stopped', NOON));
    const world = dead('active', { events: died });
    await reconcileAccess(DEAD, world);
    expect(world.workflow.started).toEqual([]);
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('of no known request is ignored', async () => {
    await expect(reconcileAccess({ ...DEAD, requestId: 'r9' }, dead('active'))).resolves.toBeUndefined();
  });
});
