import { revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import { revokeStep } from '../../../../../core/access/lease/revoke/revoke-step.ts';
import type { AuditFact } from '../../../../../core/audit/audit-event.ts';
import type { Assignment } from '../../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../../requests.ts';
import { createWorld, type TestWorld } from '../../services.ts';

/** A world with the assignment and without its request, and lists of the facts written and the histories read. */
function lostWorld() {
  const world = createWorld();
  world.assignments.give(ANAS_ASSIGNMENT);
  const history: Assignment | undefined = ANAS_ASSIGNMENT;
  return {
    world,
    facts: [] as (AuditFact & { id: string })[],
    read: [] as string[],
    history: history as Assignment | undefined,
  };
}

function revoke({ world, facts, read, history }: ReturnType<typeof lostWorld>, known: { made?: Assignment } = {}) {
  const remembered = { requestId: 'r1', made: known.made };
  return revokeStep(remembered, () => revokeAccess('r1', world), {
    ...world,
    executions: {
      madeBy: async (name) => {
        read.push(name);
        return name === 'r1' ? history : undefined;
      },
    },
    tellLost: async (id, fact) => {
      facts.push({ id, ...fact });
    },
  });
}

const removed = ({ assignments }: TestWorld) => assignments.asked.remove;

describe('the assignment of a request that does not know of its grant, in a clean-up', () => {
  it('is read from the history of its workflow, remembered, and named in the audit', async () => {
    const lost = lostWorld();
    expect(await revoke(lost)).toMatchObject({ next: 'wait', lost: true, made: ANAS_ASSIGNMENT });
    expect([lost.read, removed(lost.world)]).toEqual([['r1'], 1]);
    const { principalId, target } = ANAS_ASSIGNMENT;
    const ids = ['r1', `${principalId} ${Object.values(target).join(' ')}`];
    const note = 'the workflow of request r1 gave it, and no record knew of that when it came to take it back';
    expect(lost.facts).toEqual([{ id: 'r1', type: 'record-lost', at: NOON, by: 'glasshammer', note, ids }]);
  });

  it('is read too when a restore put the request back to before its grant while the clean-up was waiting', async () => {
    const lost = lostWorld();
    lost.world.requests.put(aRequest('approved'));
    expect(await revoke(lost)).toMatchObject({ next: 'wait', lost: true, made: ANAS_ASSIGNMENT });
    expect(lost.world.requests.now('r1').state).toBe('failed');
    expect(removed(lost.world)).toBe(1);
  });

  it('makes the sweep look again for an assignment that Identity Center is still creating', async () => {
    const lost = lostWorld();
    lost.world.requests.put(aRequest('approved'));
    lost.world.assignments.held.clear();
    await revoke(lost);
    expect(await lost.world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: [], releasedAt: NOON });
  });

  it('is none if the workflow gave nothing', async () => {
    const lost = lostWorld();
    lost.history = undefined;
    await expect(revoke(lost)).rejects.toMatchObject({ name: 'RequestNotFoundError' });
    lost.world.requests.put(aRequest('pending', { expiresAt: NOON }));
    expect(await revoke(lost)).toMatchObject({ next: 'done', made: '' });
    expect(removed(lost.world)).toBe(0);
  });

  it('is not read if the request knows of its grant: an assignment that exists after its end was given by others', async () => {
    const lost = lostWorld();
    lost.world.requests.put(aRequest('ended', { grant: { askedAt: NOON, standing: false } }));
    await revoke(lost);
    expect([lost.read, removed(lost.world)]).toEqual([[], 0]);
  });

  it('is not read again by a clean-up that remembers it', async () => {
    const lost = lostWorld();
    expect(await revoke(lost, { made: ANAS_ASSIGNMENT })).toMatchObject({ made: ANAS_ASSIGNMENT });
    expect([lost.read, removed(lost.world)]).toEqual([[], 1]);
  });
});
