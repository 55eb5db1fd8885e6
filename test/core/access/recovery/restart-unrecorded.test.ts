import { restartUnrecorded } from '../../../../core/access/recovery/restart-unrecorded.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld } from '../services.ts';

const HOUR_BEFORE = '2026-01-05T09:00:00.000Z';

/** A pass over these dead workflows, each of which has given Ana's access. */
function passOver(...dead: readonly string[]) {
  const world = createWorld();
  const seen = { from: [] as (string | undefined)[], noted: [] as string[], errors: [] as unknown[] };
  const pass = {
    last: HOUR_BEFORE as string | undefined,
    madeBy: async (_name: string): Promise<typeof ANAS_ASSIGNMENT | undefined> => ANAS_ASSIGNMENT,
    hasTimeLeft: () => true,
    run: () =>
      restartUnrecorded({
        ...world,
        executions: {
          madeBy: (name) => pass.madeBy(name),
          async *deadSince(from) {
            seen.from.push(from);
            yield* dead;
          },
        },
        compared: { last: async () => pass.last, note: async (at) => void seen.noted.push(at) },
        hasTimeLeft: () => pass.hasTimeLeft(),
        onFailure: (error) => void seen.errors.push(error),
      }),
  };
  return { world, seen, pass };
}

describe('a workflow that died before the request table was restored', () => {
  it('has its clean-up started again, once a minute at most', async () => {
    const { world, pass } = passOver('r1');
    expect(await pass.run()).toEqual({ unrecorded: 1, failures: 0, complete: true, ids: ['r1'] });
    expect(world.workflow.started).toEqual(['r1-cleanup-lost-at-202601051200']);
  });

  it('is looked for among those that began since the last comparison, and some time before', async () => {
    const { seen, pass } = passOver();
    await pass.run();
    pass.last = '9999-01-01T00:00:00.000Z';
    await pass.run();
    pass.last = 'yesterday';
    await pass.run();
    pass.last = undefined;
    await pass.run();
    expect(seen.from).toEqual(['2026-01-05T08:50:00.000Z', '2026-01-05T11:50:00.000Z', undefined, undefined]);
    expect(seen.noted).toEqual([NOON, NOON, NOON, NOON]);
  });

  it('is left alone if its request knows of the grant, or if it gave nothing', async () => {
    const { world, pass } = passOver('r1', 'r2');
    world.requests.put(aRequest('ended', { grant: { askedAt: NOON, standing: false } }));
    pass.madeBy = async () => undefined;
    expect((await pass.run()).unrecorded).toBe(0);
    expect(world.workflow.started).toEqual([]);
  });

  it('is left alone after a clean-up has removed what it gave', async () => {
    const { world, pass } = passOver('r1');
    const claimed = await world.leases.claim(ANAS_ASSIGNMENT, 'r1', NOON);
    if (claimed !== undefined) await world.leases.forget(claimed);
    expect((await pass.run()).unrecorded).toBe(0);
    expect(world.workflow.started).toEqual([]);
  });

  it('is found by the next pass if this one failed for any, or ran out of time', async () => {
    const { world, seen, pass } = passOver('r1', 'r2', 'r3');
    pass.madeBy = async (name) => {
      if (name === 'r1') throw new Error('throttled');
      return ANAS_ASSIGNMENT;
    };
    expect(await pass.run()).toEqual({ unrecorded: 2, failures: 1, complete: true, ids: ['r2', 'r3'] });
    expect([seen.noted, seen.errors]).toEqual([[], [new Error('throttled')]]);
    pass.madeBy = async () => ANAS_ASSIGNMENT;
    pass.hasTimeLeft = () => false;
    expect(await pass.run()).toMatchObject({ unrecorded: 0, failures: 0, complete: false });
    expect(seen.noted).toEqual([]);
    pass.hasTimeLeft = () => true;
    await pass.run();
    expect(seen.noted).toEqual([NOON]);
    expect(world.workflow.started).toContain('r1-cleanup-lost-at-202601051200');
  });
});
