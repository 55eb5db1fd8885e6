import { grantAccess } from '../../../core/access/lease/grant/grant-access.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../access/requests.ts';
import { createWorld } from '../access/services.ts';

const approved = { decidedAt: NOON, accessVersion: '1' };

describe('a grant right after the end of the same access', () => {
  it('waits until its credentials would work, and creates no assignment before', async () => {
    const world = createWorld();
    world.requests.put(aRequest('approved', approved));
    const opensAt = '2026-01-05T12:00:20.000Z';
    await world.leases.holdBack(ANAS_ASSIGNMENT, opensAt);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'start', startsAt: opensAt });
    expect([world.requests.now('r1').state, world.assignments.has(ANAS_ASSIGNMENT)]).toEqual(['approved', false]);
    world.leases.now = () => opensAt;
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'check' });
  });

  it('is refused while an operator has locked the requester, even if it was approved before', async () => {
    const world = createWorld();
    world.requests.put(aRequest('approved', approved));
    world.policyStore.state = { ...world.policyStore.state, locked: { reason: 'laptop stolen' } };
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'tell' });
    expect(world.requests.now('r1')).toMatchObject({
      state: 'refused',
      refusal: { reason: 'locked', detail: 'laptop stolen' },
    });
  });
});
