import { isHeldByAnother, otherHolder } from '../../../../core/access/lease/held-by-another.ts';
import { revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const OTHER = aRequest('active', { id: 'r2' });

function worldWith(request: AccessRequest, hold: AccessRequest = request): TestWorld {
  const world = createWorld();
  world.requests.put(request);
  world.holds.begun(hold);
  return world;
}
const isHeld = (world: TestWorld) => isHeldByAnother(ANAS_ASSIGNMENT, 'r1', world);

describe('another request holds an assignment whose lease item is lost', () => {
  it.each<[RequestState, boolean]>([
    ['granting', true],
    ['active', true],
    ['ending', false],
    ['ended', false],
    ['approved', false],
  ])('when the grant gave it and the request is %s: %s', async (state, is) => {
    expect(await isHeld(worldWith(aRequest(state, { id: 'r2' }), OTHER))).toBe(is);
  });

  it('and is found with its id, and with the end that the grant gave it', async () => {
    const world = worldWith({ ...OTHER, endsAt: '2030-01-01T00:00:00.000Z' }, OTHER);
    const found = await otherHolder(ANAS_ASSIGNMENT, 'r1', world);
    expect(found).toMatchObject({ request: { id: 'r2' }, givenUntil: OTHER.endsAt });
  });

  it('but not where the request is the one that asks', async () => {
    expect(await isHeld(worldWith(aRequest('active')))).toBe(false);
  });

  it('but not by a request that the grant gave nothing to: an attacker may write any request', async () => {
    const world = createWorld();
    world.requests.put(OTHER);
    expect(await isHeld(world)).toBe(false);
  });

  it('but not by a request whose target is another by now, or whose hold is over by the word of the grant', async () => {
    const elsewhere = { ...OTHER.target, accountId: '234567890123' };
    expect(await isHeld(worldWith({ ...OTHER, target: elsewhere }, OTHER))).toBe(false);
    const world = worldWith({ ...OTHER, endsAt: '2030-01-01T00:00:00.000Z' }, OTHER);
    world.pass(3600 + 60);
    expect(await isHeld(world)).toBe(true);
    world.pass(60);
    expect(await isHeld(world)).toBe(false);
  });
});

it('a removal with a lost lease item comes to its end however many requests somebody has written', async () => {
  const world = worldWith(aRequest('active', { grant: { askedAt: 'x', standing: false } }));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.requests.inStates = async function* () {
    for (;;) yield OTHER;
  };
  expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
  world.assignments.settle();
  expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
});
