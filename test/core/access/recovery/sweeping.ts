import { type SweepServices, sweepAccess } from '../../../../core/access/recovery/sweep-access.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

/** Seconds. */
export const HOUR = 3600;

/** A world with this request, whose planned end was `seconds` ago, and without a running workflow. */
export function overdue(state: RequestState, seconds: number, request: Partial<AccessRequest> = {}): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(state, request));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  world.pass(HOUR + seconds);
  return world;
}

/** Sweeps once. @returns the result of the sweep, and what failed */
export async function sweep(world: TestWorld, services: Partial<SweepServices> = {}) {
  const failures: unknown[] = [];
  const result = await sweepAccess({
    ...world,
    hasTimeLeft: () => true,
    onFailure: (error, what) => failures.push([error instanceof Error ? error.message : error, what.requestId]),
    ...services,
  });
  return { ...result, told: failures };
}

/** Sweeps as EventBridge does, every five minutes, with Identity Center finishing in between. */
export async function sweepFor(world: TestWorld, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    await sweep(world);
    world.assignments.settle();
    world.pass(300);
  }
}
