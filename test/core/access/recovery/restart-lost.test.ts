import { restartLost } from '../../../../core/access/recovery/restart-lost.ts';
import type { Assignment } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, spoiled } from '../services.ts';

const DEAD = { requestId: 'r1', executionName: 'r1' };

async function restarted(made: Assignment | undefined, ...requests: ReturnType<typeof aRequest>[]) {
  const world = createWorld();
  world.requests.put(...requests);
  const started = await restartLost(DEAD, { ...world, executions: { madeBy: async () => made } });
  return [started, world.workflow.started];
}

describe('a workflow that died, of whose grant the request table knows nothing', () => {
  it('has the assignment removed that it made by its own history', async () => {
    expect(await restarted(ANAS_ASSIGNMENT)).toEqual([true, ['r1-cleanup-lost-1-20260105120000000']]);
    expect(await restarted(ANAS_ASSIGNMENT, aRequest('approved'))).toEqual([
      true,
      ['r1-cleanup-lost-1-20260105120000000'],
    ]);
  });

  it('has the assignment removed even if somebody has spoiled the request', async () => {
    const world = spoiled(createWorld());
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost(DEAD, { ...world, executions })).toBe(true);
    expect(world.workflow.started).toEqual(['r1-cleanup-lost-1-20260105120000000']);
  });

  it('is not judged by the history of another execution', async () => {
    const world = createWorld();
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost({ ...DEAD, executionName: 'r2' }, { ...world, executions })).toBe(false);
    expect(world.workflow.started).toEqual([]);
  });

  it.each([
    ['r1-cleanup-lost-1-20260105110000000', 2],
    ['r1-cleanup-lost-3-20260105110000000', 4],
    ['r1-cleanup-lost-4-20260105110000000', undefined],
    ['r1-cleanup-sweep-2026010511', 1],
    ['r1-cleanup-1', 1],
    ['r2-cleanup-lost-1-20260105110000000', undefined],
  ])('has its clean-up started again, up to the fourth time: after %s comes %s', async (executionName, nth) => {
    const world = createWorld();
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost({ ...DEAD, executionName }, { ...world, executions })).toBe(nth !== undefined);
    expect(world.workflow.started).toEqual(nth === undefined ? [] : [`r1-cleanup-lost-${nth}-20260105120000000`]);
  });

  it('has only its sessions cut if its access has been taken back: what exists by then was given by others', async () => {
    const world = createWorld();
    const claimed = await world.leases.claim(ANAS_ASSIGNMENT, 'r1', NOON);
    if (claimed !== undefined) await world.leases.forget(claimed);
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost(DEAD, { ...world, executions })).toBe(true);
    expect(world.workflow.started).toEqual(['lost-user-ana']);
  });

  it('needs no clean-up if it made nothing, or if its request knows of the grant', async () => {
    expect(await restarted(undefined)).toEqual([false, []]);
    const knows = aRequest('active', { grant: { askedAt: NOON, standing: false } });
    expect(await restarted(ANAS_ASSIGNMENT, knows)).toEqual([false, []]);
  });
});
