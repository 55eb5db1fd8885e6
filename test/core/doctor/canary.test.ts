import { askAsCanary, endAsCanary, judgeCanary, lookAtCanary } from '../../../core/doctor/canary.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { ANAS_ASSIGNMENT, ANAS_TARGET, aRequest, BREAK_GLASS, NOON, PRODUCTION } from '../access/requests.ts';
import { createWorld, needsLeads } from '../access/services.ts';

const WANTED = { accountId: PRODUCTION, permissionSet: BREAK_GLASS };
const LATER = '2026-01-05T12:10:00.000Z';

/** The canary user is Ana here, a person with requests of her own, as after an operator's mistake. */
function canaryWorld(canaryUserId = 'user-ana') {
  return { ...createWorld(), canaryUserId };
}
type CanaryWorld = ReturnType<typeof canaryWorld>;

/** Stores an active request, of a trial or of the person. */
function given(world: CanaryWorld, id: string, kind: 'canary' | 'console', joins: readonly string[] = []) {
  world.requests.put(
    aRequest('active', {
      id,
      target: ANAS_TARGET,
      startsAt: NOON,
      endsAt: LATER,
      origin: { kind },
      tokens: { hold: `hold-${id}` },
      ...(joins.length === 0 ? {} : { joins: joins.map((requestId) => ({ requestId, at: NOON, endsAt: LATER })) }),
    }),
  );
}

describe('a canary trial that a retry asks for again', () => {
  it('is the same trial while it lasts, and is not decided or started anew', async () => {
    const world = canaryWorld();
    expect(await askAsCanary('r1', WANTED, world)).toEqual({ asked: true, requestId: 'r1' });
    world.requests.put({ ...world.requests.now('r1'), state: 'active' });
    // The user holds the access by now, and is no longer allowed it: neither may change the answer to the retry.
    world.policyStore.erase(`access#${PRODUCTION}#${BREAK_GLASS}#user-ana`);
    expect(await askAsCanary('r1', WANTED, world)).toEqual({ asked: true, requestId: 'r1' });
    expect(new Set(world.workflow.started)).toEqual(new Set(['r1']));
  });

  it('cancels a request that would wait for approvers, even if the first run died before it could', async () => {
    const world = canaryWorld('user-ben');
    world.policyStore.write(needsLeads());
    const change = world.requests.change.bind(world.requests);
    world.requests.change = () => Promise.reject(new Error('away'));
    await expect(askAsCanary('r1', WANTED, world)).rejects.toThrow('away');
    world.requests.change = change;
    const refused = { asked: false, requestId: 'r1', refusal: { reason: 'not-allowed' } };
    expect(await askAsCanary('r1', WANTED, world)).toMatchObject(refused);
    expect(world.requests.now('r1').state).toBe('cancelled');
    expect(await askAsCanary('r1', WANTED, world)).toMatchObject(refused);
  });
});

describe('a canary trial of access that its user already holds', () => {
  it('is not begun, so that it does not prolong that access', async () => {
    const world = canaryWorld();
    given(world, 'real', 'console');
    await world.holds.note(ANAS_ASSIGNMENT, { accessId: 'real', startedAt: NOON, endsAt: LATER });
    expect(await askAsCanary('r1', WANTED, world)).toEqual({
      asked: false,
      requestId: 'real',
      refusal: refusal('not-allowed', `request real gave it, until ${LATER}`),
      because: 'held',
    });
    expect(world.requests.now('real').endsAt).toBe(LATER);
    expect(world.workflow.started).toEqual([]);
  });

  it('ends nothing and is no success if it was joined to that access in the same moment', async () => {
    const world = canaryWorld();
    given(world, 'real', 'console', ['r1']);
    world.requests.put(
      aRequest('joined', { id: 'r1', target: ANAS_TARGET, accessId: 'real', origin: { kind: 'canary' } }),
    );
    expect(await endAsCanary('r1', world)).toBe(false);
    expect(world.requests.now('real').state).toBe('active');
    expect(judgeCanary(await lookAtCanary('r1', world))).toEqual({ right: false, because: 'joined' });
  });

  it('ends neither the person’s own access nor a trial that the person has joined since', async () => {
    const world = canaryWorld();
    given(world, 'real', 'console');
    expect(await endAsCanary('real', world)).toBe(false);
    expect(await lookAtCanary('real', world)).toBeUndefined();
    given(world, 'trial', 'canary', ['theirs']);
    expect(await endAsCanary('trial', world)).toBe(false);
    expect([world.requests.now('real').state, world.requests.now('trial').state]).toEqual(['active', 'active']);
    given(world, 'trial', 'canary');
    expect(await endAsCanary('trial', world)).toBe(true);
    expect(world.requests.now('trial').state).toBe('ending');
  });
});
