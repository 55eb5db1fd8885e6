import { GIVEN_MEANWHILE } from '../../../../core/access/lease/revoke/end-notes.ts';
import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { updateStatusOnNews } from '../../../../core/access/notify/status-messages.ts';
import { sweepAccess } from '../../../../core/access/recovery/sweep-access.ts';
import { happen } from '../../../../core/model/events.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const GRANTED = happen('granted', NOON);
const named = (name: string) => Object.assign(new Error(name), { name });

/** Ana's access in the middle of its hour, about to be taken back. */
function held(): TestWorld {
  const world = createWorld();
  world.pass(1800);
  world.requests.put(aRequest('active'));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  return world;
}

it('leaves what others have given between the first look at the request and the write of the lease item', async () => {
  const world = held();
  world.requests.put(aRequest('active', { grant: { askedAt: NOON, standing: false }, events: [GRANTED] }));
  const drop = world.leases.drop.bind(world.leases);
  world.leases.drop = async (assignment, id) => {
    const at = world.now().toISOString();
    world.leases.put({ assignment, leases: [id], standing: true, standingAt: at });
    const event = { type: 'made-standing' as const, at, by: 'olga' };
    await world.requests.change(id, { from: ['ending'], event });
    return drop(assignment, id);
  };
  expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done' });
  expect([world.assignments.asked.remove, world.requests.now('r1').sessionsLeft]).toEqual([0, 'kept']);
  expect(world.requests.now('r1').events.at(-1)?.note).toBe(GIVEN_MEANWHILE);
});

describe('a removal that fails for long', () => {
  it('is checked soon after Identity Center has accepted it at last, however late that is', async () => {
    const world = held();
    const remove = world.assignments.remove.bind(world.assignments);
    world.assignments.remove = () => Promise.reject(named('InternalServerException'));
    await expect(revokeAccess('r1', world)).rejects.toThrow();
    world.pass(3 * 3600);
    world.assignments.remove = remove;
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait', waitSeconds: 2 });
  });

  it('is announced once when it takes long, and is checked on after that', async () => {
    const world = held();
    await revokeAccess('r1', world);
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait' });
    world.pass(20);
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'slow', waitSeconds: 5 });
    await updateStatusOnNews('r1', world);
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait' });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
  });

  it('is tried again with pauses that grow to four minutes', async () => {
    const world = held();
    world.assignments.remove = async () => ({ status: 'failed', reason: 'no' });
    const pauses = [(await revokeAccess('r1', world)).waitSeconds];
    for (const seconds of [100, 500, 5000]) {
      world.pass(seconds);
      pauses.push((await revokeAccess('r1', world)).waitSeconds);
    }
    expect(pauses).toEqual([5, 25, 150, 240]);
  });

  it('is in the history when calls go on failing, but not for one that fails once', async () => {
    const world = held();
    world.assignments.remove = () => Promise.reject(named('InternalServerException'));
    const retries = () => world.requests.now('r1').events.filter(({ type }) => type === 'removal-retried');
    await expect(revokeAccess('r1', world)).rejects.toThrow();
    expect(retries()).toEqual([]);
    world.pass(60);
    await expect(revokeAccess('r1', world)).rejects.toThrow();
    expect(retries()).toMatchObject([{ note: 'InternalServerException' }]);
  });

  it('leaves room in the history for the end, whatever AWS says and however long it takes', async () => {
    const world = held();
    const reason = `Received a 500 status error: ${'x'.repeat(970)}`;
    for (let tries = 0; tries < 1000; tries += 1) {
      world.assignments.failNext = `${tries} ${reason}`;
      await revokeAccess('r1', world);
      world.assignments.settle();
      await checkRemoval('r1', world);
      world.pass(240);
    }
    const { events, removalTries } = world.requests.now('r1');
    expect(JSON.stringify(world.requests.now('r1')).length).toBeLessThan(25_000);
    expect([removalTries, events.at(-1)?.type]).toEqual([1000, 'removal-retried']);
    // Not every attempt is written, but their number is.
    expect(Number(/\(attempt (\d+)\)$/.exec(events.at(-1)?.note ?? '')?.[1])).toBeGreaterThan(600);
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
  });

  it('goes on although its retry cannot be written into the request', async () => {
    const world = held();
    world.assignments.failNext = 'busy';
    await revokeAccess('r1', world);
    world.assignments.settle();
    world.requests.change = () => Promise.reject(named('ValidationException'));
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
  });

  it('that comes before its time because the workflow stopped says so', async () => {
    const world = held();
    const { events } = world.requests.now('r1');
    world.requests.put(aRequest('active', { events: [...events, happen('workflow-stopped', NOON)] }));
    await revokeAccess('r1', world);
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({
      type: 'ending',
      note: 'its workflow stopped, so it was taken back before its time',
    });
  });

  it('that comes before its time because the grant failed after it had given access says so', async () => {
    const world = held();
    const { events } = world.requests.now('r1');
    world.requests.put(aRequest('active', { events: [...events, GRANTED] }));
    await revokeAccess('r1', world, { error: 'Lambda.Unknown', cause: 'the function exited' });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({
      type: 'ending',
      note: 'its workflow stopped (Lambda.Unknown: the function exited), so it was taken back before its time',
    });
    expect(world.requests.now('r1').failure).toBeUndefined();
  });
});

it('keeps what somebody else gave, even if the answer to the deletion of the lease item is lost', async () => {
  const world = createWorld();
  const request = aRequest('active', { grant: { askedAt: NOON, standing: false } });
  world.requests.put({ ...request, events: [...request.events, happen('made-standing', NOON, { by: 'olga' })] });
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true });
  world.pass(3600);
  const forget = world.leases.forget.bind(world.leases);
  world.leases.forget = async (item) => {
    await forget(item);
    throw new Error('the answer is lost');
  };
  await revokeAccess('r1', world).catch(() => undefined);
  world.leases.forget = forget;
  await revokeAccess('r1', world);
  world.assignments.settle();
  expect(world.assignments.asked.remove).toBe(0);
  expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(true);
});

it('keeps what somebody else gave after the removal, even if the function died before it could close the request', async () => {
  const world = held();
  const granted = aRequest('active').events;
  world.requests.put(aRequest('active', { grant: { askedAt: NOON, standing: false }, events: [...granted, GRANTED] }));
  await revokeAccess('r1', world);
  world.assignments.settle();
  const forget = world.leases.forget.bind(world.leases);
  world.leases.forget = async (item) => {
    await forget(item);
    throw new Error('the function died');
  };
  await expect(checkRemoval('r1', world)).rejects.toThrow('the function died');
  world.leases.forget = forget;
  expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  world.assignments.give(ANAS_ASSIGNMENT);
  const asked = world.assignments.asked.remove;
  expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
  expect(await revokeAccess('r1', world)).toMatchObject({ next: 'cut', report: true });
  expect(world.requests.now('r1').state).toBe('ended');
  expect(world.assignments.asked.remove).toBe(asked);
  expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(true);
});

it.each([
  ['keeps', 120, 0],
  ['removes, as clocks may differ by more than has passed since the grant,', 30, 1],
])(
  '%s what somebody else gave after the sweep had removed what a dead function left',
  async (_what, passed, removals) => {
    const world = held();
    const granted = happen('granted', world.now().toISOString());
    const events = [...aRequest('active').events, granted];
    world.requests.put(aRequest('active', { grant: { askedAt: NOON, standing: false }, events }));
    world.pass(passed);
    const drop = world.leases.drop.bind(world.leases);
    world.leases.drop = async (...which) => {
      await drop(...which);
      throw new Error('the function died');
    };
    await expect(revokeAccess('r1', world)).rejects.toThrow('the function died');
    world.leases.drop = drop;
    await sweepAccess({ ...world, hasTimeLeft: () => true, onFailure: () => undefined });
    world.assignments.settle();
    await sweepAccess({ ...world, hasTimeLeft: () => true, onFailure: () => undefined });
    expect([world.assignments.has(ANAS_ASSIGNMENT), world.leases.items.size]).toEqual([false, 0]);
    world.assignments.give(ANAS_ASSIGNMENT);
    const asked = world.assignments.asked.remove;
    await revokeAccess('r1', world);
    expect(world.assignments.asked.remove).toBe(asked + removals);
  },
);
