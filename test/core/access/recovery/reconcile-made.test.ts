import type { MadeAssignment } from '../../../../core/access/recovery/made.ts';
import { type ReconcileMadeServices, reconcileMade } from '../../../../core/access/recovery/reconcile-made.ts';
import { OutOfTimeError } from '../../../../core/model/errors.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { type Assignment, assignmentIds } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../requests.ts';
import { createWorld, spoiled, type TestWorld } from '../services.ts';

const FAR = '2036-01-01T00:00:00.000Z';
const DAY = 24 * 3600;
const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
const MEMBERSHIP: Assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };

/** Ana has the assignment from noon for an hour, by the hold of the grant. Each test adds its requests and leases. */
function given(assignment = ANAS_ASSIGNMENT): TestWorld {
  const world = createWorld();
  world.assignments.give(assignment);
  world.holds.begun(aRequest('active', { target: assignment.target }));
  world.pass(20 * 60);
  return world;
}

async function reconcile(
  world: TestWorld,
  made: Partial<MadeAssignment> = {},
  services: Partial<ReconcileMadeServices> = {},
) {
  const failures: unknown[] = [];
  const result = await reconcileMade({
    ...world,
    made: {
      async *all() {
        yield { assignment: ANAS_ASSIGNMENT, madeAt: NOON, ...made };
      },
    },
    removals: { absentAt: async () => undefined },
    hasTimeLeft: () => true,
    onFailure: (error) => failures.push(error),
    maxDurationSeconds: 12 * 3600,
    ...services,
  });
  expect(failures).toEqual([]);
  return result;
}

/** As the sweep runs, with Identity Center finishing in between. */
async function twice(world: TestWorld, ...how: [Partial<MadeAssignment>?, Partial<ReconcileMadeServices>?]) {
  const first = await reconcile(world, ...how);
  world.assignments.settle();
  world.pass(660);
  await reconcile(world, ...how);
  world.assignments.settle();
  return first;
}

const active = (parts: Partial<AccessRequest> = {}) =>
  aRequest('active', { grant: { askedAt: NOON, standing: false }, ...parts });

describe('an assignment that Glasshammer’s roles have made', () => {
  it.each<[string, (world: TestWorld) => void]>([
    ['whose request and lease are gone', () => undefined],
    ['whose request says that it is over', ({ requests }) => requests.put(active({ state: 'reported' }))],
    [
      'that request and lease call somebody else’s',
      ({ requests, leases }) => {
        requests.put(active({ state: 'ended', grant: { askedAt: NOON, standing: true }, events: [] }));
        leases.put({ assignment: ANAS_ASSIGNMENT, leases: [], standing: true });
      },
    ],
    ['whose request cannot be read any more', spoiled],
    [
      'that has a lease of a forged request',
      ({ requests, leases }) => {
        requests.put(active({ id: 'forged', endsAt: FAR, grant: { askedAt: NOON, standing: true } }));
        leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['forged'], standing: true });
      },
    ],
    ['whose request has another target by now', ({ requests }) => requests.put(active({ target: MEMBERSHIP.target }))],
    ...['in ten years', 'at an unreadable time'].map((when): [string, (world: TestWorld) => void] => [
      `whose removal is said to begin ${when}`,
      ({ leases }) =>
        leases.put({
          assignment: ANAS_ASSIGNMENT,
          leases: [],
          removing: { requestId: 'r1', since: when === 'in ten years' ? FAR : '' },
          standing: false,
        }),
    ]),
  ])('does not stay if it is one %s', async (_what, tamper) => {
    const world = given();
    tamper(world);
    expect(await twice(world)).toMatchObject({
      unrequested: 1,
      complete: true,
      ids: expect.arrayContaining([assignmentIds(ANAS_ASSIGNMENT)]),
    });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is removed also if it is a group membership', async () => {
    const world = given(MEMBERSHIP);
    expect(await twice(world, { assignment: MEMBERSHIP })).toMatchObject({ unrequested: 1 });
    expect(world.assignments.has(MEMBERSHIP)).toBe(false);
  });

  it('ends at the end that the grant set, whatever the request says, and a clean-up tells its person', async () => {
    const world = given();
    world.requests.put(active({ endsAt: FAR }));
    expect(await reconcile(world)).toMatchObject({ unrequested: 0 });
    world.pass(45 * 60);
    await twice(world);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(world.requests.now('r1').state).toBe('ending');
    expect(world.workflow.started).toEqual(['r1-cleanup-sweep-2026010513']);
  });

  it('lasts no longer than the maximum duration, even if the stored hold is forged', async () => {
    const world = given();
    world.requests.put(active({ endsAt: FAR }));
    await world.holds.note(ANAS_ASSIGNMENT, { accessId: 'r1', startedAt: NOON, endsAt: FAR });
    world.pass(DAY / 2 - 20 * 60 + 60);
    expect(await reconcile(world)).toMatchObject({ unrequested: 0 });
    world.pass(60);
    expect(await twice(world)).toMatchObject({ unrequested: 1 });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it.each<[string, Partial<MadeAssignment>, (world: TestWorld) => void]>([
    ['a live request has', {}, ({ requests }) => requests.put(active())],
    ['somebody else has given as well', { theirsAt: at(5) }, () => undefined],
    ['somebody else may have given first', { theirsAt: at(-0.5) }, () => undefined],
    ['was made minutes ago', { madeAt: at(12) }, () => undefined],
    [
      'a request has just begun to remove',
      {},
      ({ leases }) =>
        leases.put({
          assignment: ANAS_ASSIGNMENT,
          leases: [],
          removing: { requestId: 'r1', since: at(19) },
          standing: false,
        }),
    ],
  ])('is left alone if it is one that %s', async (_what, made, arrange) => {
    const world = given();
    arrange(world);
    expect(await reconcile(world, made)).toMatchObject({ unrequested: 0 });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is not taken from a live request that the list does not show yet', async () => {
    const world = given();
    world.requests.put(active());
    const { requests } = world;
    const behind = { ...requests, holding: (ids: string[]) => requests.holding(ids), async *inStates() {} };
    expect(await reconcile(world, {}, { requests: behind as unknown as TestWorld['requests'] })).toMatchObject({
      unrequested: 0,
    });
  });

  it.each(['reported', 'active'] as const)(
    'is removed before requests are listed, for which there may be no time, also if its request is %s',
    async (state) => {
      const world = given();
      world.requests.put(active({ state, endsAt: FAR }));
      world.pass(60 * 60);
      const removed: number[] = [];
      world.requests.inStates = async function* long() {
        removed.push(world.assignments.asked.remove);
        for (let n = 0; n < 1000; n++)
          yield active({ id: `forged-${n}`, requester: { ...active().requester, principalId: 'x' } });
      };
      let looks = 0;
      expect(await reconcile(world, {}, { hasTimeLeft: () => ++looks < 20 })).toMatchObject({
        unrequested: 1,
        complete: false,
      });
      expect(removed).toEqual([1]);
    },
  );

  it('is removed even if there is no time to list all such assignments', async () => {
    const world = given();
    const made = {
      async *all() {
        yield { assignment: ANAS_ASSIGNMENT, madeAt: NOON };
        throw new OutOfTimeError('no time');
      },
    };
    expect(await reconcile(world, {}, { made })).toMatchObject({ unrequested: 1, failures: 0, complete: false });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it.each(['r1', 'forged'])(
    'is removed even if the request that holds it cannot be ended, which is reported: %s',
    async (id) => {
      const world = given();
      world.requests.put(active({ id, endsAt: FAR }));
      world.requests.change = () => Promise.reject(new Error('refused'));
      world.pass(60 * 60);
      const failures: unknown[] = [];
      const onFailure = (error: unknown) => failures.push(error);
      expect(await reconcile(world, {}, { onFailure })).toMatchObject({ unrequested: 1, failures: 1 });
      expect(failures).toEqual([new Error('refused')]);
      world.assignments.settle();
      expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    },
  );

  it('is removed an hour after the stored time of its removal, if CloudTrail has not told of that', async () => {
    const world = given();
    const says = (absentAt: string) => ({ removals: { absentAt: async () => absentAt } });
    expect(await reconcile(world, {}, says(at(15)))).toMatchObject({ unrequested: 0 });
    world.pass(3000);
    expect(await reconcile(world, {}, says(at(15)))).toMatchObject({ unrequested: 0 });
    world.pass(600);
    expect(await twice(world, {}, says(at(15)))).toMatchObject({ unrequested: 1 });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
    expect(await reconcile(given(), {}, says(FAR))).toMatchObject({ unrequested: 1 });
  });

  it('costs no look at Identity Center while a live request holds it, and three calls for all of them', async () => {
    const world = given();
    world.requests.put(active());
    const bens = { ...ANAS_ASSIGNMENT, principalId: 'user-ben' };
    const ben = { ...active().requester, principalId: 'user-ben' };
    world.requests.put(active({ id: 'r2', requester: ben }));
    world.holds.begun(aRequest('active', { id: 'r2', requester: ben }));
    const calls: string[] = [];
    const watched = <T extends object>(name: string, service: T): T =>
      new Proxy(service, {
        get: (from, property) => {
          const value: unknown = Reflect.get(from, property);
          if (typeof value !== 'function') return value;
          return (...parts: unknown[]) => {
            calls.push(`${name}.${String(property)}`);
            return value.apply(from, parts);
          };
        },
      });
    const made = {
      async *all() {
        for (const assignment of [ANAS_ASSIGNMENT, bens]) yield { assignment, madeAt: NOON };
      },
    };
    const removals = { absentAt: async () => undefined };
    const services = {
      assignments: watched('assignments', world.assignments),
      executions: watched('executions', world.executions),
      holds: watched('holds', world.holds),
      leases: watched('leases', world.leases),
      made: watched('made', made),
      removals: watched('removals', removals),
      requests: watched('requests', world.requests),
    };
    expect(await reconcile(world, {}, services)).toMatchObject({ unrequested: 0, failures: 0, complete: true });
    expect(calls).toEqual(['made.all', 'holds.given', 'requests.holding']);
  });
});
