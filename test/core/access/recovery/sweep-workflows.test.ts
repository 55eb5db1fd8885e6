import { happen } from '../../../../core/model/events.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld } from '../services.ts';
import { HOUR, overdue, sweep, sweepFor } from './sweeping.ts';

describe('what the sweep starts', () => {
  it('has the report sent that was given up, for a month', async () => {
    const world = createWorld();
    const { events } = aRequest('ended');
    const unsent = happen('report-unsent', NOON, { note: 'given up: SendingPausedException' });
    world.requests.put(aRequest('ended', { endedAt: NOON, events: [...events, unsent] }));
    for (let day = 0; day < 40; day++) {
      world.pass(24 * HOUR);
      await sweep(world);
    }
    expect(world.workflow.started).toHaveLength(30);
  });

  it('does not ask for a report that is not late yet, or that a workflow is still sending', async () => {
    const world = createWorld();
    world.requests.put(aRequest('ended', { endedAt: NOON }));
    world.pass(4 * HOUR);
    await sweep(world);
    world.executions.running.add('r1');
    world.pass(HOUR);
    await sweep(world);
    expect(world.workflow.started).toEqual([]);
  });

  it('has the first edition sent whose workflow died, and none that is out, too late or on its way', async () => {
    const world = createWorld();
    const { events } = aRequest('ended');
    const out = happen('first-report', NOON, { note: '1 write' });
    world.requests.put(
      aRequest('ended', { endedAt: NOON }),
      aRequest('ended', { id: 'r2', endedAt: NOON, events: [...events, out] }),
      aRequest('ended', { id: 'r3', endedAt: NOON, target: { groupId: 'group-oncall' } }),
      aRequest('ended', { id: 'r4', endedAt: NOON }),
    );
    world.executions.running.add('r4');
    world.pass(HOUR / 6);
    await sweep(world);
    expect(world.workflow.started).toEqual([]);
    world.pass(HOUR / 6);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r1-cleanup-first-2026010512']);
    world.pass(2 * HOUR);
    await sweep(world);
    expect(world.workflow.started).toHaveLength(1);
  });

  it('has the first edition sent in time while a workflow tries the cut of live sessions again and again', async () => {
    const world = createWorld();
    const change = { endedAt: NOON, sessionSeconds: 3600, grant: { askedAt: NOON, standing: false } };
    world.requests.put(
      aRequest('ended', change),
      aRequest('ended', { ...change, id: 'r2', sessionsCutAt: NOON }),
      aRequest('ended', { ...change, id: 'r3', sessionsLeft: 'unguarded' }),
    );
    for (const id of ['r1', 'r2', 'r3']) world.executions.running.add(id);
    world.pass(HOUR / 15);
    await sweep(world);
    expect(world.workflow.started).toEqual([]);
    world.pass(HOUR / 30);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r1-cleanup-first-2026010512']);
  });

  it('leaves the first edition to the workflow whose cut has just been made, whatever the list still says', async () => {
    const world = createWorld();
    const listed = aRequest('ended', {
      endedAt: NOON,
      sessionSeconds: 3600,
      grant: { askedAt: NOON, standing: false },
    });
    world.requests.put({ ...listed, sessionsCutAt: NOON, events: [...listed.events, happen('sessions-cut', NOON)] });
    world.requests.inStates = async function* (states) {
      if (states.includes('ended')) yield listed;
    };
    world.executions.running.add('r1');
    world.pass(HOUR / 10);
    await sweep(world);
    expect(world.workflow.started).toEqual([]);
  });

  it('starts the next look of a report when it is due, once a day, whatever became of the look before', async () => {
    const world = createWorld();
    world.looks.at.set('r1', NOON);
    world.looks.at.set('r2', '2026-01-06T13:00:00.000Z');
    for (let pass = 0; pass < 25; pass++) {
      await sweep(world);
      world.pass(HOUR);
    }
    expect(new Set(world.workflow.started)).toEqual(new Set(['r1-cleanup-look-20260105', 'r1-cleanup-look-20260106']));
  });

  it('has the sessions cut whose workflow died, once an hour while they may live, and not if they are cut or left', async () => {
    const world = createWorld();
    const ended = { endedAt: NOON, grant: { askedAt: NOON, standing: false } };
    world.requests.put(
      aRequest('ended', ended),
      aRequest('ended', { ...ended, id: 'r2', sessionsCutAt: NOON }),
      aRequest('ended', { ...ended, id: 'r3', sessionsLeft: 'unguarded' }),
    );
    await sweep(world);
    expect(world.workflow.started).toEqual([]);
    world.pass(HOUR / 5);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r1-cleanup-cut-2026010512']);
    world.executions.running.add('r1');
    await sweep(world);
    world.executions.running.clear();
    world.pass(HOUR);
    await sweep(world);
    expect(world.workflow.started.filter((name) => name.includes('-cut-'))).toHaveLength(1);
  });

  it('has the sessions cut of a grant that failed after it had given something, as of any other access', async () => {
    const world = createWorld();
    const given = { endedAt: NOON, grant: { askedAt: NOON, standing: false } };
    world.requests.put(
      aRequest('failed', given),
      aRequest('failed', { ...given, id: 'r2', sessionsCutAt: NOON }),
      aRequest('failed', { id: 'r3', endedAt: NOON }),
      // Its time was over hours before Identity Center let it be taken back.
      aRequest('failed', { ...given, id: 'r4', endsAt: '2026-01-05T01:00:00.000Z' }),
    );
    world.pass(HOUR / 5);
    await sweep(world);
    expect(world.workflow.started).toEqual(['r4-cleanup-cut-2026010512', 'r1-cleanup-cut-2026010512']);
    world.executions.running.add('r1').add('r4');
    world.pass(HOUR / 2);
    await sweep(world);
    expect(world.workflow.started).toHaveLength(2);
    world.executions.running.clear();
    world.pass(HOUR);
    await sweep(world);
    expect(world.workflow.started).toHaveLength(2);
  });

  it('starts no clean-up beside a workflow that is at work, and takes the access back all the same', async () => {
    const world = overdue('ending', 91, { endingAt: '2026-01-05T13:00:00.000Z' });
    world.executions.running.add('r1');
    await sweepFor(world, 24);
    expect(world.workflow.started).toEqual([]);
    expect([world.assignments.has(ANAS_ASSIGNMENT), world.requests.now('r1').state]).toEqual([false, 'ended']);
  });

  it('starts one clean-up beside a workflow that may sleep until the end, because access was to end early', async () => {
    const world = overdue('ending', -1800, { endingAt: '2026-01-05T12:10:00.000Z' });
    world.executions.running.add('r1');
    await sweepFor(world, 1);
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-early']);
  });

  it('starts a clean-up when it cannot be known whether a workflow runs', async () => {
    const world = overdue('active', 91);
    world.executions.runningFor = () => Promise.reject(new Error('away'));
    expect(await sweep(world)).toMatchObject({ failures: 0 });
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010513']);
  });

  it('starts a clean-up even if the removal fails, so that the failure is announced', async () => {
    const world = overdue('active', 91);
    world.assignments.remove = () => Promise.reject(new Error('away'));
    expect(await sweep(world)).toMatchObject({ failures: 1 });
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010513']);
  });
});
