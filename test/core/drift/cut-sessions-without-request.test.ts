import type { AuditFact } from '../../../core/audit/audit-event.ts';
import { handleChange } from '../../../core/drift/handle-change.ts';
import { forgetGone } from '../../../core/drift/note-made.ts';
import type { AssignmentChange } from '../../../core/drift/types.ts';
import { ANAS_ASSIGNMENT } from '../access/requests.ts';
import { aChange, type Workbench, workbench } from './workbench.ts';

/** An assignment that one of Glasshammer's roles made after its request was over: the grant's call arrived late. */
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

describe('the sessions of an assignment that Glasshammer made and no live request holds', () => {
  it.each<[string, readonly AssignmentChange[]]>([
    ['in order', [MADE, TAKEN]],
    ['twice', [MADE, TAKEN, MADE, TAKEN]],
    ['in the wrong order', [TAKEN, MADE]],
    [
      'with somebody else giving the same in between',
      [MADE, { ...aChange(TAKEN, 65), kind: 'made', eventId: 'e' }, TAKEN],
    ],
  ])('are cut when somebody else removes the assignment (events come %s)', async (_how, changes) => {
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

  it('are cut when the revoke had left a released lease item for the sweep to look at again', async () => {
    await bench.grant();
    const item = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
    if (item !== undefined) await bench.leaseStore.release(item, MADE.at);
    await heed(MADE);
    await heed(TAKEN);
    expect(cuts()).toEqual([GONE]);
  });

  it('are cut when the assignment is found gone and no event has told of its removal', async () => {
    bench.give(ANAS_ASSIGNMENT);
    await bench.services.made.noteMadeByGlasshammer(ANAS_ASSIGNMENT, MADE.at);
    bench.take(ANAS_ASSIGNMENT);
    bench.pass(1200);
    await forgetGone(bench.services);
    expect(cuts()).toEqual([{ ...GONE, goneAt: bench.now().toISOString() }]);
  });

  it('are cut once where it is found gone a second time, because that could not be noted', async () => {
    const { made, audit } = bench.services;
    const facts = new Set<string>();
    bench.services.audit = {
      write: (id, fact) => {
        facts.add(id);
        return audit.write(id, fact);
      },
    };
    await made.noteMadeByGlasshammer(ANAS_ASSIGNMENT, MADE.at);
    bench.pass(1200);
    bench.services.made = { ...made, noteGone: () => Promise.reject(new Error('away')) };
    await expect(forgetGone(bench.services)).rejects.toThrow('away');
    bench.services.made = made;
    bench.pass(60);
    await forgetGone(bench.services);
    expect([cuts().length, facts.size]).toEqual([1, 1]);
    // Made and gone once more, it is another removal.
    await made.noteMadeByGlasshammer(ANAS_ASSIGNMENT, bench.now().toISOString());
    bench.pass(1200);
    await forgetGone(bench.services);
    expect([cuts().length, facts.size]).toEqual([2, 2]);
  });

  it('are cut even if the cut for another vanished assignment could not be started, which is tried again', async () => {
    const { startCut } = bench.services.workflow;
    const bens = { ...ANAS_ASSIGNMENT, principalId: 'user-ben' };
    for (const one of [bens, ANAS_ASSIGNMENT]) await bench.services.made.noteMadeByGlasshammer(one, MADE.at);
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

  it('are cut when the event is delivered again after the first cut could not be started', async () => {
    const { startCut } = bench.services.workflow;
    await heed(MADE);
    bench.services.workflow = { ...bench.services.workflow, startCut: () => Promise.reject(new Error('away')) };
    await expect(heed(TAKEN)).rejects.toThrow('away');
    bench.services.workflow = { ...bench.services.workflow, startCut };
    await heed(TAKEN);
    expect(cuts()).toEqual([GONE]);
  });
});

describe('no second cut is started when the sessions are cut anyway', () => {
  it('because a request holds the assignment and ends now', async () => {
    await bench.grant();
    await heed(MADE);
    await heed(TAKEN);
    expect(bench.told.woken).toEqual(['r1']);
    expect(cuts()).toEqual([]);
  });

  it('because Glasshammer is already removing the assignment', async () => {
    bench.give(ANAS_ASSIGNMENT);
    expect((await heed(MADE)).outcome).toBe('to-remove');
    await heed(TAKEN);
    expect(cuts()).toEqual([]);
  });

  it('because the revoke found the assignment gone afterwards, and cut the sessions of its request', async () => {
    await heed(MADE);
    await bench.leaseStore.noteAbsent(ANAS_ASSIGNMENT, aChange({}, 80).at);
    await heed(TAKEN);
    expect(cuts()).toEqual([]);
  });

  it('because one of Glasshammer’s own roles has removed it', async () => {
    await heed(MADE);
    await heed({ ...TAKEN, caller: 'ours' });
    expect(cuts()).toEqual([]);
  });
});

it.each([
  ['an assignment whose removal is older than its making', { at: '2026-01-05T12:00:30.000Z' }],
  [
    'an assignment that no role of Glasshammer has made',
    { assignment: { ...ANAS_ASSIGNMENT, principalId: 'user-ben' } },
  ],
])('no sessions are cut for %s', async (_what, change) => {
  await heed(MADE);
  await heed({ ...TAKEN, ...change });
  expect(cuts()).toEqual([]);
});

it('no sessions are cut for a group membership, because nobody fetches credentials by it', async () => {
  const assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
  await heed({ ...MADE, assignment });
  await heed({ ...TAKEN, assignment });
  expect(cuts()).toEqual([]);
});
