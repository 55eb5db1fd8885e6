import {
  type BegunExecution,
  type Comparison,
  restartUnrecorded,
} from '../../../../core/access/recovery/restart-unrecorded.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld } from '../services.ts';

const BEFORE: Comparison = { at: '2026-01-05T09:00:00.000Z', following: {} };

const execution = (requestId: string, isRunning = false): BegunExecution => ({
  ...{ requestId, isRunning },
  startedAt: `2026-01-05T10:00:0${requestId.slice(1)}.000Z`,
});

/** Passes over these workflows, oldest first, each of which has given Ana's access. */
function passesOver(...begun: readonly BegunExecution[]) {
  const world = createWorld();
  const seen = { from: [] as (string | undefined)[], errors: [] as unknown[] };
  const state = { compared: BEFORE as Comparison | undefined, begun, timeLeft: Number.POSITIVE_INFINITY };
  for (const { requestId, isRunning } of begun) {
    world.executions.made.set(requestId, ANAS_ASSIGNMENT);
    if (isRunning) world.executions.running.add(requestId);
  }
  const pass = async (minutes = 5) => {
    world.pass(minutes * 60);
    const { runningFor, madeBy } = world.executions;
    return restartUnrecorded({
      ...world,
      executions: {
        ...{ runningFor, madeBy },
        async *begunSince(from) {
          seen.from.push(from);
          yield* [...state.begun].reverse();
        },
      },
      compared: {
        last: async () => state.compared,
        note: async (compared) => void Object.assign(state, { compared }),
      },
      hasTimeLeft: () => state.timeLeft-- > 0,
      onFailure: (error) => void seen.errors.push(error),
    });
  };
  return { world, seen, state, pass, started: world.workflow.started };
}

describe('a workflow that died, and whose request a restored table lacks', () => {
  it('has a clean-up started, which is started again when it has died, up to four times', async () => {
    const { state, pass, started } = passesOver(execution('r1'));
    expect(await pass()).toEqual({ unrecorded: 1, failures: 0, complete: true, ids: ['r1'] });
    expect(started).toEqual(['r1-cleanup-lost-1-20260105120500000']);
    state.begun = [];
    for (let nth = 2; nth < 8; nth++) await pass();
    expect(started.map((name) => name.slice(0, 17))).toEqual([1, 2, 3, 4].map((nth) => `r1-cleanup-lost-${nth}`));
    expect(state.compared?.following).toEqual({});
  });

  it('is looked for among those that began since the last comparison, and some time before', async () => {
    const { seen, state, pass } = passesOver();
    for (const at of [BEFORE.at, '9999-01-01T00:00:00.000Z', 'yesterday']) {
      state.compared = { at, following: {} };
      await pass(0);
      expect(state.compared).toEqual({ at: NOON, following: {} });
    }
    state.compared = undefined;
    await pass(0);
    expect(seen.from).toEqual(['2026-01-05T08:50:00.000Z', '2026-01-05T11:50:00.000Z', undefined, undefined]);
  });

  it('is left alone if its request knows of the grant, is open, or was given nothing', async () => {
    const { world, state, pass, started } = passesOver(execution('r1'), execution('r2'), execution('r3'));
    world.requests.put(aRequest('reported', { grant: { askedAt: NOON, standing: false } }));
    world.requests.put(aRequest('pending', { id: 'r2' }));
    world.executions.made.delete('r3');
    expect((await pass()).unrecorded).toBe(0);
    expect([started, state.compared?.following]).toEqual([[], {}]);
  });

  it('is followed while it runs, and found however late it dies', async () => {
    const { world, state, pass, started } = passesOver(execution('r1', true));
    expect((await pass()).unrecorded).toBe(0);
    state.begun = [];
    for (let nth = 0; nth < 3; nth++) expect((await pass(600)).unrecorded).toBe(0);
    world.executions.running.delete('r1');
    expect((await pass()).unrecorded).toBe(1);
    expect(started).toHaveLength(1);
  });

  it('is followed no longer when a clean-up has removed what it gave', async () => {
    const { world, state, pass, started } = passesOver(execution('r1'));
    await pass();
    world.executions.running.add('r1');
    await pass();
    expect(state.compared?.following).toEqual({ r1: 1 });
    const claimed = await world.leases.claim(ANAS_ASSIGNMENT, 'r1', NOON);
    if (claimed !== undefined) await world.leases.forget(claimed);
    world.executions.running.delete('r1');
    await pass();
    expect([started.length, state.compared?.following]).toEqual([1, {}]);
  });

  it('has a clean-up at once although one runs for it, which may be past its look at Identity Center', async () => {
    const { world, pass, started } = passesOver(execution('r1'));
    world.executions.running.add('r1');
    await pass();
    expect(started).toHaveLength(1);
  });

  it('is tried again if it fails, and keeps nothing from the others', async () => {
    const { world, seen, state, pass } = passesOver(execution('r1'), execution('r2'));
    const { madeBy } = world.executions;
    world.executions.madeBy = (name) => (name === 'r1' ? Promise.reject(new Error('throttled')) : madeBy(name));
    expect(await pass()).toMatchObject({ unrecorded: 1, failures: 1, complete: true, ids: ['r2'] });
    expect([seen.errors, state.compared]).toEqual([
      [new Error('throttled')],
      { at: '2026-01-05T12:05:00.000Z', following: { r1: 0, r2: 1 } },
    ]);
    world.executions.madeBy = madeBy;
    world.executions.running.add('r2');
    expect(await pass()).toMatchObject({ unrecorded: 1, failures: 0, ids: ['r1'] });
  });

  it('is found by a later pass if there was no time for it: the oldest come first, and none is read twice', async () => {
    const { state, pass, started } = passesOver(execution('r1'), execution('r2'), execution('r3'));
    // For the pass as a whole, then twice for each workflow.
    state.timeLeft = 1 + 2 * 2;
    expect(await pass()).toMatchObject({ unrecorded: 2, complete: false, ids: ['r1', 'r2'] });
    expect(state.compared).toEqual({ at: '2026-01-05T10:00:03.000Z', following: { r1: 1, r2: 1 } });
    state.timeLeft = Number.POSITIVE_INFINITY;
    expect(await pass()).toMatchObject({ complete: true, ids: ['r1', 'r2', 'r3'] });
    expect(started.filter((name) => name.startsWith('r1'))).toHaveLength(2);
  });
});
