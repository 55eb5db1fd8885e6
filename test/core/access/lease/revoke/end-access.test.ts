import { cancelRequest, endEarly, holdAccess } from '../../../../../core/access/lease/revoke/end-access.ts';
import { revokeAll } from '../../../../../core/access/lease/revoke/revoke-all.ts';
import type { AccessRequest, RequestState } from '../../../../../core/model/request.ts';
import { waitingPlaceKey } from '../../../../../core/model/stored-ids.ts';
import { assignmentKey } from '../../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON, statesExcept } from '../../requests.ts';
import { caller, createWorld, type TestWorld } from '../../services.ts';

function worldWith(...parts: Parameters<typeof aRequest>): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(parts[0], { tokens: { hold: 'hold-1', approval: 'approval-1' }, ...parts[1] }));
  return world;
}

describe('"I\'m done"', () => {
  it('moves the state first and then wakes the workflow, so that access ends even if the wake-up is lost', async () => {
    const world = worldWith('active');
    world.workflow.wake = async () => {
      throw new Error('away');
    };
    await expect(endEarly('r1', caller('ana'), world)).rejects.toThrow('away');
    expect(world.requests.now('r1')).toMatchObject({ state: 'ending', endingAt: NOON });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ by: 'user-ana', note: 'done early' });
  });

  it('wakes the waiting workflow', async () => {
    const world = worldWith('active');
    expect(await endEarly('r1', caller('ana'), world)).toMatchObject({ done: true, request: { state: 'ending' } });
    expect(world.workflow.woken).toEqual([{ token: 'hold-1', output: { ended: true } }]);
    expect(world.workflow.started).toEqual([]);
  });

  it.each([
    ['nobody waits any more', { hold: 'hold-1' }],
    ['no token was ever stored', {}],
  ])('starts a clean-up when %s', async (_why, tokens) => {
    const world = worldWith('active', { tokens });
    world.workflow.dead.add('hold-1');
    await endEarly('r1', caller('ana'), world);
    expect(world.workflow.started).toEqual(['r1-cleanup-early-end']);
  });

  it('is refused to everybody but the requester', async () => {
    const world = worldWith('active');
    expect(await endEarly('r1', caller('ben'), world)).toMatchObject({ done: false, refusal: { reason: 'not-yours' } });
    expect(world.requests.now('r1').state).toBe('active');
  });

  it.each<[RequestState, string]>([
    ['pending', 'already-decided'],
    ['granting', 'already-decided'],
    ['ending', 'already-ended'],
    ['ended', 'already-ended'],
    ['reported', 'already-ended'],
    ['refused', 'already-ended'],
  ])('does nothing to a request that is %s, and says so', async (state, reason) => {
    const world = worldWith(state);
    world.workflow.dead.add('hold-1');
    const before = world.requests.now('r1');
    expect(await endEarly('r1', caller('ana'), world)).toMatchObject({ done: false, refusal: { reason } });
    expect(world.requests.now('r1')).toEqual(before);
  });

  it('pressed again makes up for a wake-up that was lost, instead of leaving the end to the sweep', async () => {
    const world = worldWith('active');
    const wake = world.workflow.wake;
    world.workflow.wake = async () => {
      throw new Error('away');
    };
    await expect(endEarly('r1', caller('ana'), world)).rejects.toThrow('away');
    world.workflow.wake = wake;
    expect(await endEarly('r1', caller('ana'), world)).toMatchObject({ done: true, request: { state: 'ending' } });
    expect(world.workflow.woken).toEqual([{ token: 'hold-1', output: { ended: true } }]);
    expect(world.requests.now('r1').events.filter(({ state }) => state === 'ending')).toHaveLength(1);
  });

  it('pressed twice in the same instant ends it once', async () => {
    const world = worldWith('active');
    const outcomes = await Promise.all([1, 2].map(() => endEarly('r1', caller('ana'), world)));
    expect(outcomes.map(({ done }) => done)).toEqual([true, false]);
    expect(world.workflow.woken).toHaveLength(1);
  });

  it('is refused to a guest, and for an unknown request', async () => {
    const guest = worldWith('active');
    guest.chat.users = guest.chat.users.map((user) => ({ ...user, isGuest: true }));
    expect(await endEarly('r1', caller('ana'), guest)).toMatchObject({ refusal: { reason: 'guest' } });
    expect(await endEarly('r9', caller('ana'), worldWith('active'))).toEqual({
      done: false,
      refusal: { reason: 'unknown-request' },
    });
  });
});

describe('an extension that waits while its access is ended', () => {
  const waiting = (state: RequestState, extended = 'r1') =>
    aRequest(state, { id: 'r2', extends: extended, tokens: { approval: 'approval-2' } });

  async function worldWithWaiting(request: AccessRequest): Promise<TestWorld> {
    const world = worldWith('active');
    const key = waitingPlaceKey(assignmentKey(ANAS_ASSIGNMENT));
    await world.requests.create(request, undefined, { key });
    return world;
  }

  it('is cancelled with it, so that nobody is asked to approve what cannot be given', async () => {
    const world = await worldWithWaiting(waiting('pending'));
    const outcome = await endEarly('r1', caller('ana'), world);
    expect(outcome).toMatchObject({ done: true, withdrawn: { id: 'r2', state: 'cancelled' } });
    expect(world.requests.now('r2').events.at(-1)).toMatchObject({ type: 'cancelled', by: 'user-ana' });
    expect(world.workflow.woken.map(({ token }) => token)).toEqual(['hold-1', 'approval-2']);
  });

  it('is cancelled with it if an operator ends the access', async () => {
    const world = await worldWithWaiting(waiting('pending'));
    const outcomes: string[] = [];
    for await (const { outcome } of revokeAll({ requestId: 'r1' }, { ...world, operator: 'cli:olga' }))
      outcomes.push(outcome);
    expect(outcomes).toEqual(['ending', 'cancelled']);
    expect(world.requests.now('r2')).toMatchObject({ state: 'cancelled' });
    expect(world.requests.now('r2').events.at(-1)).toMatchObject({ by: 'cli:olga' });
  });

  it.each([
    ['is decided by then', waiting('approved')],
    ['is for another access', waiting('pending', 'r7')],
  ])('stays if it %s', async (_what, request) => {
    const world = await worldWithWaiting(request);
    const outcome = await endEarly('r1', caller('ana'), world);
    expect(outcome.done && outcome.withdrawn).toBeFalsy();
    expect(world.requests.now('r2')).toEqual(request);
  });
});

describe('cancelling', () => {
  it('of a scheduled request is announced at once, not only when it would have begun', async () => {
    for (const tokens of [{}, { approval: 'approval-1' }]) {
      const world = worldWith('scheduled', { tokens });
      world.workflow.dead.add('approval-1');
      await cancelRequest('r1', caller('ana'), world);
      expect(world.workflow.started).toEqual(['r1-cleanup-cancelled']);
      const operated = worldWith('scheduled', { tokens });
      operated.workflow.dead.add('approval-1');
      for await (const { outcome } of revokeAll({ requestId: 'r1' }, { ...operated, operator: 'cli:olga' }))
        expect(outcome).toBe('cancelled');
      expect(operated.workflow.started).toEqual(['r1-cleanup-cancelled']);
    }
  });

  it.each<RequestState>(['pending', 'approved', 'scheduled'])(
    'takes back a request that is %s and wakes its workflow',
    async (state) => {
      const world = worldWith(state);
      expect(await cancelRequest('r1', caller('ana'), world)).toMatchObject({ done: true });
      expect(world.requests.now('r1').state).toBe('cancelled');
      expect(world.workflow.woken.map(({ token }) => token)).toEqual(['approval-1']);
    },
  );

  it.each(statesExcept('pending', 'approved', 'scheduled'))(
    'never touches a request that is %s: its access must go through the revoke',
    async (state) => {
      const world = worldWith(state);
      world.workflow.dead.add('approval-1');
      expect(await cancelRequest('r1', caller('ana'), world)).toMatchObject({ refusal: { reason: 'already-decided' } });
      expect(world.requests.now('r1').state).toBe(state);
    },
  );

  it('pressed again makes up for a wake-up that was lost, so that approvers are told at once', async () => {
    const world = worldWith('cancelled');
    expect(await cancelRequest('r1', caller('ana'), world)).toMatchObject({ done: true });
    expect(world.workflow.woken).toEqual([{ token: 'approval-1', output: { decided: true } }]);
    expect(world.requests.now('r1').events).toHaveLength(1);
  });

  it('is refused to others, and for an unknown request', async () => {
    const world = worldWith('pending');
    expect(await cancelRequest('r1', caller('cleo'), world)).toMatchObject({ refusal: { reason: 'not-yours' } });
    expect(await cancelRequest('r9', caller('ana'), world)).toMatchObject({ refusal: { reason: 'unknown-request' } });
  });
});

describe('holding access', () => {
  it('stores the token by which "I\'m done" wakes the workflow', async () => {
    const world = worldWith('active');
    await holdAccess('r1', 'hold-2', world.requests.now('r1').endsAt, world);
    expect(world.requests.now('r1').tokens).toEqual({ hold: 'hold-2', approval: 'approval-1' });
  });

  it('fails with AccessExtendedError when another request has moved the end, so that access does not end too soon', async () => {
    const world = worldWith('active');
    await expect(holdAccess('r1', 'hold-2', NOON, world)).rejects.toMatchObject({ name: 'AccessExtendedError' });
  });

  it.each(statesExcept('active'))(
    'fails with RequestChangedError when the request is %s, so that the workflow goes to the revoke',
    async (state) => {
      await expect(holdAccess('r1', 'hold-2', '', worldWith(state))).rejects.toMatchObject({
        name: 'RequestChangedError',
      });
    },
  );

  it('fails with RequestNotFoundError when there is no such request', async () => {
    await expect(holdAccess('r9', 'x', '', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
  });
});
