import { checkCreation } from '../../../../core/access/lease/grant/check-creation.ts';
import { grantAccess } from '../../../../core/access/lease/grant/grant-access.ts';
import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';
import { type Crash, CrashError, everyCrash, interruptedAt } from './interrupted.ts';

const PORTS = ['requests', 'leases', 'accesses', 'holds', 'assignments', 'policyStore', 'directory'] as const;

/** What a workflow does with an error: the same step again, against the world as the crash left it. */
async function untilDone<T>(world: TestWorld, step: (services: TestWorld) => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await step(world);
    } catch (error) {
      if (error instanceof CrashError) continue;
      if (!(error instanceof Error) || error.name !== 'ConflictException') throw error;
      world.assignments.settle();
    }
  }
  throw new Error('the step never succeeds');
}

async function dieIn(world: TestWorld, crash: Crash, step: (services: TestWorld) => Promise<unknown>): Promise<void> {
  await expect(step(interruptedAt(world, PORTS, crash).services)).rejects.toBeInstanceOf(CrashError);
}

async function grant(world: TestWorld): Promise<void> {
  const { next, operationId } = await untilDone(world, (services) => grantAccess('r1', services));
  world.assignments.settle();
  if (next === 'check') await untilDone(world, (services) => checkCreation('r1', operationId, services));
}

async function revoke(world: TestWorld): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const { next } = await untilDone(world, (services) => revokeAccess('r1', services));
    if (next === 'done' || next === 'cut') return;
    world.assignments.settle();
    const checked = await untilDone(world, (services) => checkRemoval('r1', services));
    if (checked.next === 'done' || checked.next === 'cut') return;
  }
  throw new Error('the revoke never ends');
}

function approved(): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest('approved', { decidedAt: NOON, accessVersion: '1' }));
  return world;
}

async function active(): Promise<TestWorld> {
  const world = approved();
  await grant(world);
  return world;
}

const GRANT_CALLS = 11;
const REVOKE_CALLS = 6;

describe('a process that dies in the middle', () => {
  it('is simulated at each of its calls', async () => {
    const granting = interruptedAt(approved(), PORTS);
    await grantAccess('r1', granting.services);
    const revoking = interruptedAt(await active(), PORTS);
    await revokeAccess('r1', revoking.services);
    expect([granting.calls.length, revoking.calls.length]).toEqual([GRANT_CALLS, REVOKE_CALLS]);
  });

  it.each(everyCrash(GRANT_CALLS))(
    'while granting ($when call $call) still gives one assignment and one lease',
    async (crash) => {
      const world = approved();
      await dieIn(world, crash, (services) => grantAccess('r1', services));
      await grant(world);
      expect(world.requests.now('r1').state).toBe('active');
      expect([...world.assignments.held]).toHaveLength(1);
      expect([...world.leases.items.values()]).toEqual([
        { assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false },
      ]);
      expect(world.requests.now('r1').events.filter(({ type }) => type === 'granted')).toHaveLength(1);
    },
  );

  it.each(everyCrash(GRANT_CALLS))(
    'while granting ($when call $call) is cleaned up whole by the revoke alone',
    async (crash) => {
      const world = approved();
      await dieIn(world, crash, (services) => grantAccess('r1', services));
      // If a creation was asked for, Identity Center makes it in the meantime.
      world.assignments.settle();
      await revoke(world);
      expect([...world.assignments.held]).toEqual([]);
      // A released item may stay for the sweep, in case the grant still goes on. It blocks no other request.
      const inTheWay = [...world.leases.items.values()].filter((item) => item.leases.length > 0 || item.removing);
      expect(inTheWay).toEqual([]);
      expect(world.requests.now('r1').state).toBe('failed');
    },
  );

  it.each(everyCrash(REVOKE_CALLS))('while revoking ($when call $call) still ends it once', async (crash) => {
    const world = await active();
    await dieIn(world, crash, (services) => revokeAccess('r1', services));
    await revoke(world);
    expect([...world.assignments.held]).toEqual([]);
    expect([...world.leases.items.values()]).toEqual([]);
    expect(world.requests.now('r1').state).toBe('ended');
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  it.each(everyCrash(4))('while checking the removal ($when call $call) still ends it once', async (crash) => {
    const world = await active();
    await revokeAccess('r1', world);
    world.assignments.settle();
    await dieIn(world, crash, (services) => checkRemoval('r1', services));
    await revoke(world);
    expect([...world.leases.items.values()]).toEqual([]);
    expect(world.requests.now('r1').state).toBe('ended');
  });

  it.each(everyCrash(GRANT_CALLS))(
    'while granting ($when call $call) never removes a standing assignment',
    async (crash) => {
      const world = approved();
      world.assignments.give(ANAS_ASSIGNMENT);
      // A standing assignment needs fewer calls, so that a crash at a later call does not happen.
      await grantAccess('r1', interruptedAt(world, PORTS, crash).services).catch(() => {});
      await revoke(world);
      expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(true);
      expect(world.assignments.asked.remove).toBe(0);
      expect([...world.leases.items.values()]).toEqual([]);
    },
  );
});
