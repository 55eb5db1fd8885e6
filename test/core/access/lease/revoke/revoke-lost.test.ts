import { WAS_THERE } from '../../../../../core/access/lease/grant/check-creation.ts';
import { checkRemoval, revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import { type Made, revokeUnrecorded } from '../../../../../core/access/lease/revoke/revoke-lost.ts';
import { sweepAccess } from '../../../../../core/access/recovery/sweep-access.ts';
import type { AccessRequest } from '../../../../../core/model/request.ts';
import { type Assignment, assignmentKey } from '../../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest, BREAK_GLASS, NOON } from '../../requests.ts';
import { createWorld, spoiled, type TestWorld } from '../../services.ts';

/** What a request remembers of a grant that made the assignment. */
const GIVEN = {
  grant: { askedAt: NOON, standing: false },
  events: [{ type: 'granted' as const, at: NOON, by: 'glasshammer', state: 'active' as const }],
};

const later = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1000).toISOString();

/** A world with the assignment, and with only these requests in the table. */
function knowing(...requests: readonly AccessRequest[]): TestWorld {
  const world = createWorld();
  for (const request of requests) {
    world.requests.put(request);
    if (request.id !== 'r1') world.holds.begun(request);
  }
  world.assignments.give(ANAS_ASSIGNMENT);
  return world;
}

/** What a workflow gave, as it remembers it. */
const remembered = (known: Assignment | undefined): Made => ({ known, recall: async () => undefined });

const revoke = (world: TestWorld) =>
  revokeUnrecorded('r1', remembered(ANAS_ASSIGNMENT), () => revokeAccess('r1', world), world);
const check = (world: TestWorld) =>
  revokeUnrecorded('r1', remembered(ANAS_ASSIGNMENT), () => checkRemoval('r1', world), { ...world, part: 'follows' });

describe('an assignment that the workflow made and the request table has lost', () => {
  it('is removed although no record is left, and its sessions are cut when Identity Center says that it is gone', async () => {
    const world = knowing();
    expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
    expect(await check(world)).toMatchObject({ next: 'wait' });
    expect(await revoke(world)).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(1);
    world.assignments.settle();
    expect(await check(world)).toMatchObject({ next: 'cut', lost: true, report: false });
    expect(world.leases.items.size).toBe(0);
    // Asked again after a cut that did not work.
    expect(await revoke(world)).toMatchObject({ next: 'cut', waitSeconds: 60 });
  });

  it('is left to the sweep if it is not there, because Identity Center may still be making it', async () => {
    const world = createWorld();
    expect(await revoke(world)).toMatchObject({ next: 'cut', lost: true });
    const [left] = [...world.leases.items.values()];
    expect(left).toMatchObject({ leases: [], standing: false, releasedAt: NOON });
    expect(left?.removing).toBeUndefined();
    world.assignments.give(ANAS_ASSIGNMENT);
    const sweep = { ...world, hasTimeLeft: () => true, onFailure: () => undefined };
    expect(await sweepAccess(sweep)).toMatchObject({ orphans: 1, failures: 0 });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('stays if an earlier clean-up has taken it back: by then somebody else has given it', async () => {
    const world = knowing();
    const claimed = await world.leases.claim(ANAS_ASSIGNMENT, 'r1', NOON);
    if (claimed !== undefined) await world.leases.forget(claimed);
    expect(await revoke(world)).toMatchObject({ next: 'cut', lost: true });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is removed if somebody has spoiled the request so that it cannot be read', async () => {
    const world = spoiled(knowing());
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
    expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
    world.assignments.settle();
    expect(await check(world)).toMatchObject({ next: 'cut', lost: true });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['account', { target: { accountId: '234567890123', permissionSetArn: BREAK_GLASS } }],
    ['person', { requester: { ...aRequest('active').requester, principalId: 'user-zoe' } }],
  ])('is removed if somebody has altered the request, so that it names another %s', async (_what, altered) => {
    const request = aRequest('active', { grant: { askedAt: NOON, standing: false }, ...altered });
    const world = knowing(request);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
    expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
    world.assignments.settle();
    expect(await check(world)).toMatchObject({ next: 'cut', lost: true });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('is given up when the longest session has expired, and at once for a group membership', async () => {
    const world = createWorld();
    const later = (cutSince: string) =>
      revokeUnrecorded('r1', remembered(ANAS_ASSIGNMENT), () => revokeAccess('r1', world), { ...world, cutSince });
    expect(await later('2026-01-05T00:00:00.000Z')).toMatchObject({ next: 'cut' });
    expect(await later('2026-01-04T23:59:00.000Z')).toMatchObject({ next: 'over' });
    const member = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    expect(await revokeUnrecorded('r1', remembered(member), () => revokeAccess('r1', world), world)).toMatchObject({
      next: 'over',
    });
  });

  it('is not removed again while its sessions are being cut: by then somebody else has given it', async () => {
    const cutting = (world: TestWorld) =>
      revokeUnrecorded('r1', remembered(ANAS_ASSIGNMENT), () => revokeAccess('r1', world), {
        ...world,
        cutSince: NOON,
      });
    const byHand = knowing();
    expect(await cutting(byHand)).toMatchObject({ next: 'cut' });
    const byRequest = knowing(aRequest('active', { id: 'r2' }));
    byRequest.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    expect(await cutting(byRequest)).toMatchObject({ next: 'cut' });
    expect([byHand, byRequest].map(({ assignments }) => assignments.asked.remove)).toEqual([0, 0]);
  });

  it.each(['requested', 'pending', 'approved', 'scheduled'] as const)(
    'is removed if the request is from before the grant, %s',
    async (state) => {
      const world = knowing(aRequest(state, { decidedAt: undefined }));
      expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
      world.assignments.settle();
      await check(world);
      expect(await world.assignments.exists(ANAS_ASSIGNMENT)).toBe(false);
    },
  );

  it.each(['failed', 'cancelled', 'expired', 'refused'] as const)(
    'is removed if the request was closed as %s meanwhile',
    async (state) => {
      expect(await revoke(knowing(aRequest(state)))).toMatchObject({ next: 'wait', lost: true });
    },
  );

  it('stays while another live request holds the same, and is removed after it if that is lost as well', async () => {
    const world = knowing(aRequest('active', { id: 'r2' }));
    expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
    expect(await check(world)).toMatchObject({ next: 'wait' });
    // People are told how their request ended, where there still is one.
    world.requests.put(aRequest('cancelled'));
    expect(await check(world)).toMatchObject({ next: 'slow' });
    expect(world.assignments.asked.remove).toBe(0);
    world.requests.requests.delete('r2');
    world.leases.items.clear();
    // The function that looks has no right to begin a removal.
    expect(await check(world)).toMatchObject({ next: 'again', waitSeconds: 5 });
    expect(world.assignments.asked.remove).toBe(0);
    expect(await revoke(world)).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('does not make a workflow that waits for a year reach the 25,000 events that an execution may have', async () => {
    const world = knowing(aRequest('active', { id: 'r2', endsAt: later(365 * 86400) }));
    let looks = 0;
    for (;;) {
      const { next, waitSeconds } = await check(world);
      if (next !== 'wait') break;
      looks += 1;
      world.pass(waitSeconds);
    }
    expect(looks * 14).toBeLessThan(22_000);
  });

  it.each([
    ['five minutes', 300, 240],
    ['twelve hours', 12 * 3600, 864],
    ['a month', 30 * 86400, 3600],
    ['a year', 365 * 86400, 12 * 3600],
  ])('is looked at soon after another request with %s left ends, and not too often', async (_left, seconds, wait) => {
    const world = knowing(aRequest('active', { id: 'r2', endsAt: later(seconds) }));
    expect(await revoke(world)).toMatchObject({ next: 'wait', waitSeconds: wait });
  });

  it.each([
    ['has a lease', [{ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: true }]],
    ['has lost its lease', []],
  ])('is removed at the end of another request that found it there and %s', async (_what, items) => {
    const granted = { type: 'granted' as const, at: NOON, by: 'glasshammer', note: WAS_THERE };
    const grant = { askedAt: NOON, standing: true };
    const world = knowing(aRequest('active', { id: 'r2', grant, events: [granted] }));
    for (const item of items) world.leases.put(item);
    expect(await revoke(world)).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(0);
    expect(await revokeAccess('r2', world)).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('is removed even if its own request took it for a standing one, because the workflow knows its grant', async () => {
    const granted = { type: 'granted' as const, at: NOON, by: 'glasshammer', note: WAS_THERE };
    const world = knowing(aRequest('active', { grant: { askedAt: NOON, standing: true }, events: [granted] }));
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true });
    expect(await revoke(world)).toMatchObject({ next: 'wait', lost: true });
    world.assignments.settle();
    expect(await check(world)).toMatchObject({ next: 'cut', lost: true });
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('stays if CloudTrail has told that somebody else gave it', async () => {
    const world = knowing();
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true, standingAt: NOON });
    expect(await revoke(world)).toMatchObject({ next: 'over' });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it.each([
    ['is not begun', aRequest('approved', { id: 'r2' })],
    ['is said to begin in a year', aRequest('scheduled', { id: 'r2', startsAt: later(365 * 86400) })],
    ['is unknown', aRequest('ended', { id: 'r3' })],
  ])('does not wait for the claim of another request whose access %s', async (_what, other) => {
    const world = knowing();
    world.requests.put(other);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    expect(await revoke(world)).toMatchObject({ next: 'wait', waitSeconds: 2 });
    expect(world.leases.items.get(assignmentKey(ANAS_ASSIGNMENT))?.leases).toEqual([]);
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('is left to a request whose access begins while its claim is dropped', async () => {
    const world = knowing(aRequest('approved', { id: 'r2' }));
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    const drop = world.leases.drop.bind(world.leases);
    world.leases.drop = (assignment, id) => {
      const begun = aRequest('granting', { id: 'r2' });
      world.requests.put(begun);
      world.holds.begun(begun);
      return drop(assignment, id);
    };
    expect(await revoke(world)).toMatchObject({ next: 'wait', waitSeconds: 240 });
    expect(world.leases.items.get(assignmentKey(ANAS_ASSIGNMENT))?.leases).toEqual(['r2']);
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is waited for while Identity Center is creating it, whatever else is lost meanwhile', async () => {
    const world = createWorld();
    const { operationId } = await world.assignments.create(ANAS_ASSIGNMENT);
    const known = { ...ANAS_ASSIGNMENT, ...(operationId === undefined ? {} : { operationId }) };
    const look = (part: 'begins' | 'follows' = 'begins') => {
      const step = () => revokeAccess('r1', world);
      return revokeUnrecorded('r1', { known, recall: async () => undefined }, step, { ...world, part });
    };
    expect(await look()).toMatchObject({ next: 'wait', waitSeconds: 30, lost: true });
    world.requests.put(aRequest('cancelled'));
    // A removal that is said to be done, by an older table or by an attacker, changes nothing.
    world.leases.put({
      ...{ assignment: ANAS_ASSIGNMENT, leases: [], standing: false },
      removing: { requestId: 'r0', since: NOON, operationId: 'operation-of-before' },
    });
    expect(await look()).toMatchObject({ next: 'wait', waitSeconds: 2 });
    expect(await look('follows')).toMatchObject({ next: 'wait', waitSeconds: 30 });
    expect([...world.leases.items.values()]).toMatchObject([{ leases: [], releasedAt: NOON }]);
    // Nobody is told that no access was given.
    expect(await look()).toMatchObject({ next: 'wait', waitSeconds: 30 });
    world.requests.requests.clear();
    world.assignments.settle();
    expect(await look()).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it.each(['ended', 'reported'] as const)(
    'is not removed if the request is %s and knows of the grant: by then somebody else has given it',
    async (state) => {
      const world = knowing(aRequest(state, { endedAt: '2026-01-05T11:00:00.000Z', ...GIVEN }));
      expect((await revoke(world)).lost).toBeUndefined();
      expect(world.assignments.asked.remove).toBe(0);
    },
  );

  it.each(['reported', 'cancelled', 'failed'] as const)(
    'is reported if the request says that it is %s, unless the access was never confirmed',
    async (state) => {
      const before = { endedAt: undefined, ...GIVEN };
      const owed = { next: 'done', report: true, firstReportAt: later(300) };
      expect(await revoke(knowing(aRequest(state, before)))).toMatchObject(owed);
      const never = knowing(aRequest(state, { ...before, events: [] }));
      expect((await revoke(never)).report).toBe(false);
    },
  );

  it.each(['ended', 'reported', 'cancelled'] as const)(
    'is reported in time if the request is %s with an end in the far future',
    async (state) => {
      const request = aRequest(state, { ...GIVEN, endedAt: '9999-12-30T00:00:00.000Z' });
      expect(await revoke(knowing(request))).toMatchObject({ report: true, firstReportAt: later(300) });
    },
  );

  it('stays if a grant failed because somebody else had given the same meanwhile', async () => {
    const { grant } = GIVEN;
    const world = knowing(
      aRequest('granting', { grant, events: [{ type: 'made-standing', at: NOON, by: 'user-olga' }] }),
    );
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: true });
    expect(await revoke(world)).toMatchObject({ next: 'done', failed: true });
    expect(world.assignments.asked.remove).toBe(0);
  });

  it('is a RequestNotFoundError if nothing was given and there is no request', async () => {
    const world = knowing();
    await expect(
      revokeUnrecorded('r1', remembered(undefined), () => revokeAccess('r1', world), world),
    ).rejects.toMatchObject({
      name: 'RequestNotFoundError',
    });
  });
});
