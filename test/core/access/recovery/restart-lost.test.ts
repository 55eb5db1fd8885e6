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
  it('has taken back what its own history says that it gave', async () => {
    expect(await restarted(ANAS_ASSIGNMENT)).toEqual([true, ['r1-cleanup-lost']]);
    expect(await restarted(ANAS_ASSIGNMENT, aRequest('approved'))).toEqual([true, ['r1-cleanup-lost']]);
  });

  it('has it taken back where somebody has spoiled the request as well', async () => {
    const world = spoiled(createWorld());
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost(DEAD, { ...world, executions })).toBe(true);
    expect(world.workflow.started).toEqual(['r1-cleanup-lost']);
  });

  it('is not read of the execution of another, whatever request that was started with', async () => {
    const world = createWorld();
    const executions = { madeBy: async () => ANAS_ASSIGNMENT };
    expect(await restartLost({ ...DEAD, executionName: 'r2' }, { ...world, executions })).toBe(false);
    expect(world.workflow.started).toEqual([]);
  });

  it('needs no more where it gave nothing, or where its request knows', async () => {
    expect(await restarted(undefined)).toEqual([false, []]);
    const knows = aRequest('active', { grant: { askedAt: NOON, standing: false } });
    expect(await restarted(ANAS_ASSIGNMENT, knows)).toEqual([false, []]);
  });
});
