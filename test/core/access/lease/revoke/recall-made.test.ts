import { revokeRecalled } from '../../../../../core/access/lease/revoke/recall-made.ts';
import { revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import type { AuditFact } from '../../../../../core/audit/audit-event.ts';
import type { Assignment } from '../../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, NOON } from '../../requests.ts';
import { createWorld, type TestWorld } from '../../services.ts';

/** A world in which the assignment is there and no request is, with what was written down and which histories were read. */
function lostWorld() {
  const world = createWorld();
  world.assignments.give(ANAS_ASSIGNMENT);
  return { world, facts: [] as (AuditFact & { id: string })[], read: [] as string[] };
}

function revoke({ world, facts, read }: ReturnType<typeof lostWorld>, known: { made?: Assignment; lost?: boolean }) {
  const remembered = { requestId: 'r1', made: known.made, lost: known.lost ?? false };
  return revokeRecalled(remembered, () => revokeAccess('r1', world), {
    ...world,
    executions: {
      madeBy: async (name) => {
        read.push(name);
        return name === 'r1' ? ANAS_ASSIGNMENT : undefined;
      },
    },
    tellLost: async (id, fact) => {
      facts.push({ id, ...fact });
    },
  });
}

const removed = ({ assignments }: TestWorld) => assignments.asked.remove;

describe('what a clean-up knows of a request that is lost', () => {
  it('is read from the history of its own workflow, kept, and told by name', async () => {
    const lost = lostWorld();
    expect(await revoke(lost, { lost: true })).toMatchObject({ next: 'wait', lost: true, made: ANAS_ASSIGNMENT });
    expect([lost.read, removed(lost.world)]).toEqual([['r1'], 1]);
    const { principalId, target } = ANAS_ASSIGNMENT;
    const ids = ['r1', `${principalId} ${Object.values(target).join(' ')}`];
    const note = 'the workflow of request r1 gave it, and no record knew of that when it came to take it back';
    expect(lost.facts).toEqual([{ id: 'r1', type: 'record-lost', at: NOON, by: 'glasshammer', note, ids }]);
  });

  it('is nothing where nobody says that it is lost', async () => {
    const lost = lostWorld();
    await expect(revoke(lost, {})).rejects.toMatchObject({ name: 'RequestNotFoundError' });
    expect([lost.read, removed(lost.world)]).toEqual([[], 0]);
  });

  it('is not asked for again of a workflow that remembers', async () => {
    const lost = lostWorld();
    expect(await revoke(lost, { made: ANAS_ASSIGNMENT, lost: true })).toMatchObject({ made: ANAS_ASSIGNMENT });
    expect([lost.read, removed(lost.world)]).toEqual([[], 1]);
  });
});
