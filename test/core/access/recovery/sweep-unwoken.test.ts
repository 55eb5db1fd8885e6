import { sweepAccess } from '../../../../core/access/recovery/sweep-access.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const sweep = (world: TestWorld) => sweepAccess({ ...world, hasTimeLeft: () => true, onFailure: () => {} });

describe('an approval that its workflow was not told of', () => {
  const approved = (seconds: number) => {
    const world = createWorld();
    world.requests.put(aRequest('approved', { decidedAt: NOON, tokens: { approval: 'token-1' } }));
    world.pass(seconds);
    return world;
  };

  it('wakes its workflow now, so that access comes within minutes', async () => {
    const world = approved(61);
    expect(await sweep(world)).toMatchObject({ failures: 0 });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', output: { decided: true } }]);
    expect(world.workflow.started).toEqual([]);
  });

  it('wakes its workflow even when the sweep was down for long, before the request is given up', async () => {
    const world = approved(4000);
    await sweep(world);
    expect(world.requests.now('r1').state).toBe('approved');
    expect(world.workflow.woken).toHaveLength(1);
  });

  it('is left to the approver’s own click in the first minute', async () => {
    const world = approved(60);
    await sweep(world);
    expect(world.workflow.woken).toEqual([]);
  });

  it('ends in a failed request, without an error, when no workflow waits for the token', async () => {
    const world = approved(1201);
    world.workflow.dead.add('token-1');
    expect(await sweep(world)).toMatchObject({ failures: 0 });
    expect(world.requests.now('r1').state).toBe('failed');
  });

  it('is closed when no workflow could be started for long, and none that would grant it is started beside that', async () => {
    const world = createWorld();
    world.requests.put(aRequest('approved', { decidedAt: NOON }));
    world.pass(601);
    await sweep(world);
    expect([world.requests.now('r1').state, world.workflow.started]).toEqual(['approved', ['r1']]);
    world.pass(600);
    await sweep(world);
    expect(world.requests.now('r1').state).toBe('failed');
    expect(world.workflow.started.filter((name) => name === 'r1')).toHaveLength(1);
  });

  it.each<RequestState>(['pending', 'scheduled'])('is not looked for while the request is %s', async (state) => {
    const world = createWorld();
    const expiresAt = '2026-01-05T20:00:00.000Z';
    world.requests.put(aRequest(state, { decidedAt: NOON, expiresAt, tokens: { approval: 'token-1' } }));
    world.pass(61);
    await sweep(world);
    expect(world.workflow.woken).toEqual([]);
  });
});

describe('an early end that its workflow was not told of', () => {
  function ending(request: Partial<AccessRequest>): TestWorld {
    const world = createWorld();
    world.requests.put(aRequest('ending', request));
    world.assignments.give(ANAS_ASSIGNMENT);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
    world.pass(91);
    return world;
  }

  it('wakes the workflow that was not told of an early end, instead of starting another beside it', async () => {
    const world = ending({ endingAt: NOON, tokens: { hold: 'hold-1' } });
    await sweep(world);
    expect(world.workflow.woken).toEqual([{ token: 'hold-1', output: { ended: true } }]);
    expect(world.workflow.started).toEqual([]);
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('starts a clean-up when the workflow of an early end is gone, or cannot be woken', async () => {
    for (const wake of [async () => false, async () => Promise.reject(new Error('away'))]) {
      const world = ending({ endingAt: NOON, tokens: { hold: 'hold-1' } });
      world.workflow.wake = wake;
      await sweep(world);
      expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010512']);
    }
  });
});
