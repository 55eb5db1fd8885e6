import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

/** Ana's access half an hour later, and what another request of hers that was approved since has: a claim. */
function claimed(): TestWorld {
  const world = createWorld();
  world.pass(1800);
  world.requests.put(aRequest('active'));
  world.requests.put(aRequest('approved', { id: 'r2' }));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1', 'r2'], standing: false });
  return world;
}

const wait = (world: TestWorld) => world.pass(60);

describe('access that ends while another request claims the same', () => {
  it('is not said to be over while another has no more than a claim, which may yet come to nothing', async () => {
    const world = claimed();
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait', waitSeconds: 2 });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait' });
    expect(world.requests.now('r1').state).toBe('ending');
    expect(world.assignments.asked.remove).toBe(0);

    // It is refused, and gives its claim back.
    await world.leases.drop(ANAS_ASSIGNMENT, 'r2');
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done', report: true });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is over once the access of the other has begun, and in a minute whatever comes of the claim', async () => {
    for (const after of [(world: TestWorld) => world.requests.put(aRequest('granting', { id: 'r2' })), wait]) {
      const world = claimed();
      expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
      after(world);
      expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
      expect(world.requests.now('r1').events.at(-1)?.note).toContain('another request holds');
      expect(world.assignments.asked.remove).toBe(0);
    }
  });

  it('is over within a minute also when somebody has written that it begins to end a day later', async () => {
    const world = claimed();
    await revokeAccess('r1', world);
    const forged = new Date(world.now().getTime() + 86_400_000).toISOString();
    world.requests.put({ ...world.requests.now('r1'), endingAt: forged });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait', waitSeconds: 2 });
    wait(world);
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
  });
});
