import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

/** Ana's access after half an hour, and the lease of another request of hers that is approved but not granted yet. */
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

describe('access that ends while another request has a lease on the same assignment', () => {
  it('is not called over while the other request has only its lease and may still be refused', async () => {
    const world = claimed();
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait', waitSeconds: 2 });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait' });
    expect(world.requests.now('r1').state).toBe('ending');
    expect(world.assignments.asked.remove).toBe(0);

    // The other request is refused, and gives its lease back.
    await world.leases.drop(ANAS_ASSIGNMENT, 'r2');
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done', report: true });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is over once the other access has begun, and after a minute in any case', async () => {
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
