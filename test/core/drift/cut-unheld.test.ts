import type { AuditFact } from '../../../core/audit/audit-event.ts';
import { handleChange } from '../../../core/drift/handle-change.ts';
import { forgetGone } from '../../../core/drift/note-made.ts';
import type { AssignmentChange } from '../../../core/drift/types.ts';
import { ANAS_ASSIGNMENT } from '../access/requests.ts';
import { aChange, type Workbench, workbench } from './workbench.ts';

/** What one of our roles made under no live request: a call of the grant that arrived when its request was over. */
const MADE = aChange({ assignment: ANAS_ASSIGNMENT, caller: 'ours', operationId: 'of-an-ended-request' });
const TAKEN = aChange({ assignment: ANAS_ASSIGNMENT, kind: 'removed', eventId: 'event-2' }, 75);
const GONE = { assignment: ANAS_ASSIGNMENT, goneAt: TAKEN.at };

let bench: Workbench;
const heed = (change: Partial<AssignmentChange>) => handleChange({ ...MADE, ...change }, bench.services);
const cuts = () => [...bench.told.cuts.values()];

beforeEach(() => {
  bench = workbench();
  bench.pass(90);
});

describe('the sessions that were begun with what one of our roles made and no request held', () => {
  it.each<[string, readonly AssignmentChange[]]>([
    ['in order', [MADE, TAKEN]],
    ['twice', [MADE, TAKEN, MADE, TAKEN]],
    ['the wrong way round', [TAKEN, MADE]],
    ['after somebody else had given the same', [MADE, { ...aChange(TAKEN, 65), kind: 'made', eventId: 'e' }, TAKEN]],
  ])('are cut when somebody else has taken it away, told of %s', async (_how, changes) => {
    const { write } = bench.services.audit;
    const facts = new Map<string, AuditFact>();
    bench.services.audit = {
      write: (id, fact) => {
        facts.set(id, fact);
        return write(id, fact);
      },
    };
    for (const change of changes) await heed(change);
    expect(cuts()).toEqual([GONE]);
    const notes = [...facts.values()].map(({ note }) => note);
    expect(notes.filter((note) => note?.includes('its sessions are cut'))).toHaveLength(1);
  });

  it('are cut where the revoke had let it go before, and the sweep was to look again', async () => {
    await bench.grant();
    const item = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
    if (item !== undefined) await bench.leaseStore.release(item, MADE.at);
    await heed(MADE);
    await heed(TAKEN);
    expect(cuts()).toEqual([GONE]);
  });

  it('are cut where it is found gone, and nobody has told of its removal', async () => {
    bench.give(ANAS_ASSIGNMENT);
    await bench.services.made.noteOurs(ANAS_ASSIGNMENT, MADE.at);
    bench.take(ANAS_ASSIGNMENT);
    bench.pass(1200);
    await forgetGone(bench.services);
    expect(cuts()).toEqual([{ ...GONE, goneAt: bench.now().toISOString() }]);
  });

  it('are cut of one that is found gone though those of another could not be', async () => {
    const { startCut } = bench.services.workflow;
    const bens = { ...ANAS_ASSIGNMENT, principalId: 'user-ben' };
    for (const one of [bens, ANAS_ASSIGNMENT]) await bench.services.made.noteOurs(one, MADE.at);
    bench.services.workflow = {
      ...bench.services.workflow,
      startCut: (key, one, at) =>
        one.principalId === 'user-ben' ? Promise.reject(new Error('away')) : startCut(key, one, at),
    };
    bench.pass(1200);
    expect(await forgetGone(bench.services)).toBe(1);
    expect(cuts()).toMatchObject([{ assignment: ANAS_ASSIGNMENT }]);
    bench.services.workflow = { ...bench.services.workflow, startCut };
    expect(await forgetGone(bench.services)).toBe(0);
    expect(cuts()).toMatchObject([{ assignment: ANAS_ASSIGNMENT }, { assignment: bens }]);
  });

  it('are cut once the start of the cut succeeds, though it failed when it was told first', async () => {
    const { startCut } = bench.services.workflow;
    await heed(MADE);
    bench.services.workflow = { ...bench.services.workflow, startCut: () => Promise.reject(new Error('away')) };
    await expect(heed(TAKEN)).rejects.toThrow('away');
    bench.services.workflow = { ...bench.services.workflow, startCut };
    await heed(TAKEN);
    expect(cuts()).toEqual([GONE]);
  });
});

describe('nothing is cut beside whoever does it', () => {
  it('where a request holds it, which ends now', async () => {
    await bench.grant();
    await heed(MADE);
    await heed(TAKEN);
    expect(bench.told.woken).toEqual(['r1']);
    expect(cuts()).toEqual([]);
  });

  it('where our own removal is under way', async () => {
    bench.give(ANAS_ASSIGNMENT);
    expect((await heed(MADE)).outcome).toBe('to-remove');
    await heed(TAKEN);
    expect(cuts()).toEqual([]);
  });

  it('where it was one of our roles that removed it', async () => {
    await heed(MADE);
    await heed({ ...TAKEN, caller: 'ours' });
    expect(cuts()).toEqual([]);
  });
});

it.each([
  ['what was gone before it was made', { at: '2026-01-05T12:00:30.000Z' }],
  ['what none of our roles ever made', { assignment: { ...ANAS_ASSIGNMENT, principalId: 'user-ben' } }],
])('nothing is cut of %s', async (_what, change) => {
  await heed(MADE);
  await heed({ ...TAKEN, ...change });
  expect(cuts()).toEqual([]);
});

it('nothing is cut of a membership, which nobody fetches credentials by', async () => {
  const assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
  await heed({ ...MADE, assignment });
  await heed({ ...TAKEN, assignment });
  expect(cuts()).toEqual([]);
});
