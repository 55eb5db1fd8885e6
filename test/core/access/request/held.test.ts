import { decideAgain } from '../../../../core/access/request/decide-again.ts';
import { aRequest, NOON, PRODUCTION } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const HOUR_BEFORE = '2026-01-05T11:00:00.000Z';
const JUST_NOW = '2026-01-05T11:59:00.000Z';
const SOON = '2026-01-05T12:30:00.000Z';

/** Ben may have the access four hours after he had it last; by `WITH_LEADS`, after a minute with a lead's approval. */
const PAUSED = {
  id: 'policy#paused',
  effect: 'allow',
  who: ['user:user-ben'],
  accounts: [PRODUCTION],
  permissionSets: ['BreakGlassAdmin'],
  cooldown: '4h',
};
const WITH_LEADS = {
  ...{ ...PAUSED, id: 'policy#with-leads', cooldown: '1m' },
  approval: { approvers: ['group:group-leads'] },
};

/** A world in which the user `other` had the access until `until`, by default a minute ago. */
function worldOf(other: string, until = JUST_NOW): TestWorld {
  const world = createWorld();
  world.policyStore.write(PAUSED);
  const requester = { ...aRequest('reported').requester, principalId: other };
  const had = aRequest(until > NOON ? 'active' : 'reported', {
    id: 'had',
    requester,
    startsAt: HOUR_BEFORE,
    endsAt: until,
  });
  world.requests.put(had);
  world.holds.begun(had);
  return world;
}

const BEN = {
  ...{ slackId: 'U0BEN', principalId: 'user-ben', userName: 'ben@example.com' },
  ...{ displayName: 'ben', email: 'ben@example.com' },
};
const asksIn = (world: TestWorld) => decideAgain(aRequest('approved', { id: 'ask', requester: BEN }), [], world);
const link = (world: TestWorld, ...principals: string[]) => world.policyStore.write({ id: 'person#ben', principals });

describe('access that a person held with another user', () => {
  it('counts if person records link the two users, by any chain of records', async () => {
    const world = worldOf('user-zoe');
    expect(await asksIn(world)).toMatchObject({ outcome: 'granted' });
    link(world, 'user-ben', 'user-old');
    world.policyStore.write({ id: 'person#old', principals: ['user-old', 'user-zoe'] });
    expect(await asksIn(world)).toMatchObject({ refusal: { reason: 'cooldown' } });
  });

  it('starts the cooldown when it is ending, not while it lasts', async () => {
    const world = worldOf('user-zoe', SOON);
    link(world, 'user-ben', 'user-zoe');
    expect(await asksIn(world)).toMatchObject({ outcome: 'granted' });
    world.requests.put({ ...world.requests.now('had'), state: 'ending' });
    expect(await asksIn(world)).toMatchObject({ refusal: { reason: 'cooldown' } });
  });

  it('counts if they have the same e-mail and the decision looks them up anyway', async () => {
    const world = worldOf('user-cleo');
    world.directory.change('user-cleo', { email: 'BEN@example.com' });
    expect(await asksIn(world)).toMatchObject({ outcome: 'granted' });
    world.policyStore.write({ ...PAUSED, approval: { approvers: ['group:group-leads'] } });
    expect(await asksIn(world)).toMatchObject({ refusal: { reason: 'cooldown' } });
  });

  it('closes one path, and the facts that the next path needs are looked up then', async () => {
    const world = worldOf('user-zoe', '2026-01-05T11:50:00.000Z');
    world.policyStore.write(WITH_LEADS);
    link(world, 'user-ben', 'user-zoe');
    expect(await asksIn(world)).toMatchObject({ outcome: 'needs-approval', approvers: ['user-cleo', 'user-dan'] });
  });

  it('is read for all users of the person, and for a person with one user for that one only', async () => {
    const read = async (...principals: string[]) => {
      const world = worldOf('user-zoe');
      link(world, ...principals);
      const asked: string[] = [];
      const { of } = world.holds;
      world.holds.of = (assignment) => {
        asked.push(assignment.principalId);
        return of(assignment);
      };
      await asksIn(world);
      return asked;
    };
    expect(await read('user-ana', 'user-zoe')).toEqual(['user-ben']);
    expect(await read('user-ben', 'user-zoe', 'user-old')).toEqual(['user-ben', 'user-old', 'user-zoe']);
  });

  it('that cannot be read fails the decision', async () => {
    const world = worldOf('user-zoe');
    link(world, 'user-ben', 'user-zoe');
    const { of } = world.holds;
    world.holds.of = async (assignment) => {
      if (assignment.principalId === 'user-zoe') throw new Error('the table is away');
      return of(assignment);
    };
    await expect(asksIn(world)).rejects.toThrow('the table is away');
  });
});
