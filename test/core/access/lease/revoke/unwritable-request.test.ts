import { checkRemoval, revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import { endAbandoned } from '../../../../../core/access/recovery/abandoned-access.ts';
import { ItemFullError } from '../../../../../core/model/errors.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../../requests.ts';
import { createWorld } from '../../services.ts';

/** Half an hour of Ana's hour is over. */
function held() {
  const world = createWorld();
  world.pass(1800);
  world.requests.put(aRequest('active'));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  return world;
}

describe('taking access back', () => {
  it('removes access even if the request item is full and cannot be written, and then fails with that error', async () => {
    const world = held();
    const { change } = world.requests;
    const full = new ItemFullError('there is no room left in r1');
    world.requests.change = () => Promise.reject(full);
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
    world.assignments.settle();
    await expect(checkRemoval('r1', world)).rejects.toBe(full);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    await expect(revokeAccess('r1', world)).rejects.toBe(full);
    // Once the request can be written, it is closed.
    world.requests.change = change;
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: true });
  });

  it('does not call the request closed when DynamoDB fails the condition before it judges the size', async () => {
    const world = held();
    const { change } = world.requests;
    world.requests.change = async (id, wanted) => {
      const request = await world.requests.get(id);
      if (request === undefined || !wanted.from.includes(request.state)) return { changed: false, request };
      throw new ItemFullError('there is no room left in r1');
    };
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again', waitSeconds: 5 });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'again' });
    world.requests.change = change;
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: true });
  });

  it('does not remove access if the request cannot be written only for the moment', async () => {
    const world = held();
    world.requests.change = () => Promise.reject(new Error('throttled'));
    await expect(revokeAccess('r1', world)).rejects.toThrow('throttled');
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('removes access without noting the stopped workflow if there is no room for the note', async () => {
    const world = held();
    world.executions.states.set('r1', { status: 'stopped', at: '2026-01-05T12:00:00.000Z', how: 'ABORTED' });
    world.requests.change = () => Promise.reject(new ItemFullError('there is no room left in r1'));
    const result = await endAbandoned({ ...world, hasTimeLeft: () => true, onFailure: () => undefined });
    expect(result).toMatchObject({ abandoned: 1, failures: 0 });
    world.assignments.settle();
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });
});
