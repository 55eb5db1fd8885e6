import fc from 'fast-check';
import { castVote, mayVote, type VoteInput, votesNeeded } from '../../../../core/access/approval/cast-vote.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';
import { aRequest, statesExcept } from '../requests.ts';
import { caller, createWorld, needsLeads, type TestWorld } from '../services.ts';

const away = async (): Promise<never> => {
  throw new Error('away');
};

/** Ben's request, waiting for this many of the leads, Cleo and Dan. */
function waiting(count = 1, overrides: Partial<AccessRequest> = {}): TestWorld {
  const world = createWorld();
  const policy = needsLeads();
  world.policyStore.write({ ...policy, approval: { ...(policy.approval as object), count } });
  const requester = { ...aRequest('pending').requester, principalId: 'user-ben', slackId: 'U0BEN' };
  const expiresAt = '2026-01-05T20:00:00.000Z';
  world.requests.put(aRequest('pending', { requester, expiresAt, tokens: { approval: 'token-1' }, ...overrides }));
  world.pass(60);
  return world;
}

const vote = (world: TestWorld, name: string, ask: VoteInput = { vote: 'approve' }) =>
  castVote('r1', caller(name), ask, world);

describe('an approval', () => {
  it('that is enough approves the request, counts its hour from now and wakes its workflow', async () => {
    const world = waiting();
    expect(await vote(world, 'cleo', { vote: 'approve', note: 'go' })).toMatchObject({ done: true });
    expect(world.requests.now('r1')).toMatchObject({
      state: 'approved',
      startsAt: '2026-01-05T12:01:00.000Z',
      endsAt: '2026-01-05T13:01:00.000Z',
      decidedAt: '2026-01-05T12:01:00.000Z',
      path: 'with-leads',
      votes: [{ principalId: 'user-cleo', vote: 'approve', note: 'go' }],
    });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', output: { decided: true } }]);
  });

  it('that is not enough is counted, and the request goes on waiting', async () => {
    const world = waiting(2);
    await vote(world, 'cleo');
    expect(world.requests.now('r1')).toMatchObject({ state: 'pending', votes: [{ principalId: 'user-cleo' }] });
    expect(world.workflow.woken).toEqual([]);
    await vote(world, 'dan');
    expect(world.requests.now('r1').state).toBe('approved');
  });

  it('may shorten the access; of several, the shortest length is given', async () => {
    const world = waiting(2);
    await vote(world, 'cleo', { vote: 'approve', durationSeconds: 1800 });
    await vote(world, 'dan', { vote: 'approve', durationSeconds: 2400 });
    expect(world.requests.now('r1')).toMatchObject({ durationSeconds: 1800, endsAt: '2026-01-05T12:31:00.000Z' });
  });

  it('never lengthens it', async () => {
    const world = waiting();
    await vote(world, 'cleo', { vote: 'approve', durationSeconds: 7200 });
    expect(world.requests.now('r1').durationSeconds).toBe(3600);
    expect(world.requests.now('r1').votes[0]).not.toHaveProperty('durationSeconds');
  });

  it('keeps a start that lies in the future', async () => {
    const startsAt = '2026-01-05T18:00:00.000Z';
    const world = waiting(1, { startsAt });
    await vote(world, 'cleo');
    expect(world.requests.now('r1')).toMatchObject({ startsAt, endsAt: '2026-01-05T19:00:00.000Z' });
  });

  it('wakes the workflow by its latest token, even if approvers were asked again meanwhile', async () => {
    const world = waiting();
    const change = world.requests.change.bind(world.requests);
    world.requests.change = async (id, wanted) => {
      await change(id, { from: ['pending'], tokens: { approval: 'token-2' } });
      return change(id, wanted);
    };
    await vote(world, 'cleo');
    expect(world.workflow.woken.map(({ token }) => token)).toEqual(['token-2']);
  });

  it('of two approvers in the same instant leads to one decision and one wake-up', async () => {
    const world = waiting();
    await Promise.all([vote(world, 'cleo'), vote(world, 'dan')]);
    const { events, state } = world.requests.now('r1');
    expect(state).toBe('approved');
    expect(events.filter(({ type }) => type === 'approved')).toHaveLength(1);
    expect(world.workflow.woken).toHaveLength(1);
  });

  it('of two needed approvers in the same instant is not lost: the later sees both', async () => {
    const world = waiting(2);
    await Promise.all([vote(world, 'cleo'), vote(world, 'dan')]);
    expect(world.requests.now('r1').state).toBe('approved');
  });
});

describe('a denial', () => {
  it('by one approver ends the request, whatever others said before', async () => {
    const world = waiting(2);
    await vote(world, 'cleo');
    expect(await vote(world, 'dan', { vote: 'deny', note: 'not today' })).toMatchObject({ done: true });
    expect(world.requests.now('r1')).toMatchObject({ state: 'denied' });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ by: 'user-dan', note: 'not today' });
    expect(world.workflow.woken).toHaveLength(1);
  });
});

describe('a click that does not count', () => {
  it.each<[string, string, string, (world: TestWorld) => void]>([
    ['somebody who is no approver', 'ana', 'not-approver', () => {}],
    ['the requester', 'ben', 'own-request', () => {}],
    ['a guest', 'cleo', 'guest', (w) => (w.chat.users = w.chat.users.map((user) => ({ ...user, isGuest: true })))],
    [
      'an approver who left the group since',
      'cleo',
      'not-approver',
      (w) => (w.directory.members['group-leads'] = ['user-dan']),
    ],
    [
      'an approver after the policy went away',
      'cleo',
      'no-longer-allowed',
      (w) => w.policyStore.erase('policy#with-leads'),
    ],
    [
      'an approver after the requester was disabled',
      'cleo',
      'no-longer-allowed',
      (w) => w.directory.change('user-ben', { enabled: false }),
    ],
    ['an approver while the table is away', 'cleo', 'policy-unreadable', (w) => (w.policyStore.read = away)],
    ['an approver after the expiry', 'cleo', 'request-expired', (w) => w.pass(8 * 3600)],
  ])('is that of %s: refused with a reason, the request untouched', async (_who, name, reason, change) => {
    const world = waiting();
    change(world);
    const before = world.requests.now('r1');
    for (const ask of [{ vote: 'approve' }, { vote: 'deny' }] as const) {
      expect(await mayVote('r1', caller(name), ask.vote, world)).toMatchObject({ done: false, refusal: { reason } });
      expect(await vote(world, name, ask)).toMatchObject({ done: false, refusal: { reason } });
    }
    expect(world.requests.now('r1')).toEqual(before);
    expect(world.workflow.woken).toEqual([]);
  });

  it('is the second of the same approver', async () => {
    const world = waiting(2);
    await vote(world, 'cleo');
    expect(await vote(world, 'cleo', { vote: 'deny' })).toMatchObject({ refusal: { reason: 'already-voted' } });
    expect(world.requests.now('r1').votes).toHaveLength(1);
  });

  it('is one of two by the same approver in the same instant', async () => {
    const world = waiting(2);
    const outcomes = await Promise.all([vote(world, 'cleo'), vote(world, 'cleo')]);
    expect(outcomes.map(({ done }) => done).filter(Boolean)).toHaveLength(1);
    expect(world.requests.now('r1').votes).toHaveLength(1);
  });

  it.each(statesExcept('pending'))('is any click on a request that is %s', async (state) => {
    const world = waiting();
    world.requests.put({ ...world.requests.now('r1'), state });
    const reason = state === 'expired' ? 'request-expired' : 'already-decided';
    expect(await vote(world, 'cleo')).toMatchObject({ done: false, refusal: { reason } });
    expect(world.requests.now('r1').state).toBe(state);
  });

  it('is a click on a request that does not exist', async () => {
    const outcome = await castVote('r9', caller('cleo'), { vote: 'approve' }, waiting());
    expect(outcome).toEqual({ done: false, refusal: { reason: 'unknown-request' } });
  });

  it('is the later of an approval and a denial at the same instant, which is told that it came too late', async () => {
    const world = waiting();
    const outcomes = await Promise.all([vote(world, 'cleo', { vote: 'deny' }), vote(world, 'dan')]);
    const { state } = world.requests.now('r1');
    const winner = state === 'denied' ? 0 : 1;
    expect(outcomes[winner]).toMatchObject({ done: true });
    expect(outcomes[1 - winner]).toMatchObject({ done: false, refusal: { reason: 'already-decided' } });
  });
});

describe('the same click again', () => {
  const lostWake = async (world: TestWorld, name: string, ask?: VoteInput) => {
    const wake = world.workflow.wake;
    world.workflow.wake = away;
    await expect(vote(world, name, ask)).rejects.toThrow('away');
    world.workflow.wake = wake;
  };

  it.each<[VoteInput['vote'], RequestState]>([
    ['approve', 'approved'],
    ['deny', 'denied'],
  ])('(%s) wakes the workflow when the first one could not, and says that it is done', async (way, state) => {
    const world = waiting();
    await lostWake(world, 'cleo', { vote: way });
    expect(await vote(world, 'cleo', { vote: way })).toMatchObject({ done: true, request: { state } });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', output: { decided: true } }]);
    expect(world.requests.now('r1').votes).toHaveLength(1);
  });

  it('counts a vote that was written just before the first click failed', async () => {
    const world = waiting();
    const change = world.requests.change.bind(world.requests);
    world.requests.change = async (id, wanted) => (wanted.to === undefined ? change(id, wanted) : away());
    await expect(vote(world, 'cleo')).rejects.toThrow('away');
    world.requests.change = change;
    expect(world.requests.now('r1')).toMatchObject({ state: 'pending', votes: [{ principalId: 'user-cleo' }] });
    expect(await vote(world, 'cleo')).toMatchObject({ done: true, request: { state: 'approved' } });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ type: 'approved', by: 'user-cleo' });
  });

  it('finishes nothing after the expiry, although the vote was in time', async () => {
    const world = waiting();
    const change = world.requests.change.bind(world.requests);
    world.requests.change = async (id, wanted) => (wanted.to === undefined ? change(id, wanted) : away());
    await expect(vote(world, 'cleo')).rejects.toThrow('away');
    world.requests.change = change;
    world.pass(8 * 3600);
    expect(await vote(world, 'cleo')).toMatchObject({ done: false, refusal: { reason: 'request-expired' } });
    expect(world.requests.now('r1').state).toBe('pending');
  });

  it('says that it was decided before when the workflow has gone on already', async () => {
    const world = waiting();
    await vote(world, 'cleo');
    world.workflow.dead.add('token-1');
    expect(await vote(world, 'cleo')).toMatchObject({ done: false, refusal: { reason: 'already-decided' } });
  });

  it('with the opposite vote changes nothing: a vote is given once', async () => {
    const world = waiting();
    await lostWake(world, 'cleo');
    expect(await vote(world, 'cleo', { vote: 'deny' })).toMatchObject({ refusal: { reason: 'already-decided' } });
    expect(world.requests.now('r1').state).toBe('approved');
    expect(world.workflow.woken).toEqual([]);
  });
});

describe('any mixture of clicks', () => {
  it('approves only with enough different leads and no denial before, in any order of clicks by anybody', async () => {
    const idempotencyKey = fc.record({
      name: fc.constantFrom('ana', 'ben', 'cleo', 'dan'),
      vote: fc.constantFrom<VoteInput['vote']>('approve', 'deny'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.array(idempotencyKey, { maxLength: 8 }),
        async (count, clicks) => {
          const world = waiting(count);
          for (const { name, vote: way } of clicks) await vote(world, name, { vote: way });

          let expected: RequestState = 'pending';
          const yes = new Set<string>();
          for (const { name, vote: way } of clicks) {
            const isLead = name === 'cleo' || name === 'dan';
            if (expected !== 'pending' || !isLead || yes.has(name)) continue;
            if (way === 'deny') expected = 'denied';
            else if (yes.add(name).size === count) expected = 'approved';
          }
          expect(world.requests.now('r1').state).toBe(expected);
          expect(world.workflow.woken).toHaveLength(expected === 'pending' ? 0 : 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('how many votes are shown as needed', () => {
  it('is the number of the path that needs the fewest, and none once decided', () => {
    const approvals = [{ policy: 'p', count: 2, approvers: [] }];
    const asked = { slackIds: {}, allows: '', usedBefore: { times: 0 } };
    const waitingPaths = [
      { path: 'p', approvals },
      { path: 'q', approvals: [...approvals, ...approvals] },
    ];
    expect(votesNeeded(aRequest('pending', { asked: { ...asked, waitingPaths } }))).toBe(2);
    expect(votesNeeded(aRequest('pending'))).toBe(1);
    expect(votesNeeded(aRequest('approved'))).toBe(0);
  });
});
