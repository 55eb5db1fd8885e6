import { checkRemoval, revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import type { LeaseItem } from '../../../../../core/access/ports.ts';
import type { AccessRequest, RequestState } from '../../../../../core/model/request.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../../requests.ts';
import { createWorld, type TestWorld } from '../../services.ts';

const LATER = '2026-01-05T12:30:00.000Z';

/** A world half an hour later, with Ana's request in this state, the assignment there, and this lease item. */
function held(state: RequestState, item: Partial<LeaseItem> | undefined, request: Partial<AccessRequest> = {}) {
  const world = createWorld();
  world.pass(1800);
  world.requests.put(aRequest(state, state === 'ending' ? { endingAt: LATER, ...request } : request));
  world.assignments.give(ANAS_ASSIGNMENT);
  if (item !== undefined) world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false, ...item });
  return world;
}

const untouched = (world: TestWorld) => expect(world.assignments.asked).toEqual({ create: 0, remove: 0 });

describe('taking access back', () => {
  it('asks for the removal, and is done only when Identity Center says it is gone', async () => {
    const world = held('active', {});
    expect(await revokeAccess('r1', world)).toEqual({
      next: 'wait',
      report: false,
      reportAt: '',
      firstReportAt: '',
      waitSeconds: 2,
    });
    expect(world.requests.now('r1')).toMatchObject({ state: 'ending', endingAt: LATER });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'wait' });
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done', report: true });
    expect(world.requests.now('r1')).toMatchObject({ state: 'ended', endedAt: LATER });
    expect(world.leases.items.size).toBe(0);
  });

  it('leaves a released lease item of a grant that never finished, because its assignment may still appear', async () => {
    const world = held('granting', {});
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done', report: false });
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toEqual({
      assignment: ANAS_ASSIGNMENT,
      leases: [],
      standing: false,
      releasedAt: LATER,
    });
  });

  it('plans the report for when the last session is over and CloudTrail has delivered', async () => {
    const world = held('active', undefined);
    const answer = await revokeAccess('r1', world);
    expect(answer).toMatchObject({
      next: 'done',
      report: true,
      reportAt: '2026-01-05T13:45:00.000Z',
      // CloudTrail has most calls within minutes, so a first edition does not wait for the rest.
      firstReportAt: '2026-01-05T12:35:00.000Z',
    });
  });

  it('says in the history that the time was up', async () => {
    const world = held('active', undefined);
    world.pass(1800);
    await revokeAccess('r1', world);
    expect(world.requests.now('r1').events).toContainEqual(
      expect.objectContaining({ type: 'ending', note: 'time is up' }),
    );
  });

  it("leaves the assignment alone while another's lease is on it, and ends this request all the same", async () => {
    const world = held('active', { leases: ['r1', 'r2'] });
    world.requests.put(aRequest('active', { id: 'r2' }));
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: true });
    untouched(world);
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r2'], standing: false });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({
      state: 'ended',
      note: expect.stringMatching('another'),
    });
  });

  it('never removes a standing assignment', async () => {
    const world = held('active', { standing: true });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done' });
    untouched(world);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(true);
    expect(world.leases.items.size).toBe(0);
  });

  it('removes nothing if the grant stopped before it looked: the assignment that is there is not its own', async () => {
    const world = createWorld();
    world.requests.put(aRequest('granting'));
    world.assignments.give(ANAS_ASSIGNMENT);
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'] });
    await revokeAccess('r1', world);
    expect(world.requests.now('r1').state).toBe('failed');
    untouched(world);
    expect(world.leases.items.size).toBe(0);
  });

  it('removes a group membership at once', async () => {
    const target = { groupId: 'group-oncall' };
    const assignment = { principalId: 'user-ana', target };
    const world = createWorld();
    world.requests.put(aRequest('active', { target }));
    world.assignments.give(assignment);
    world.leases.put({ assignment, leases: ['r1'], standing: false });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done' });
    expect(world.assignments.has(assignment)).toBe(false);
  });

  it('waits for a removal that another began, instead of starting a second one', async () => {
    const world = held('ending', { leases: [], removing: { requestId: 'sweep', since: NOON, operationId: 'o1' } });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
    untouched(world);
  });

  it('finishes a removal whose worker died before it asked Identity Center', async () => {
    const world = held('ending', { leases: [], removing: { requestId: 'sweep', since: NOON } });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
    expect(world.assignments.asked.remove).toBe(1);
  });

  it('needs no policy, no directory and no Slack: all of them may be gone', async () => {
    const { requests, holds, leases, assignments, now } = held('active', {});
    const account = async () => Promise.reject(new Error('no directory'));
    const services = { requests, holds, leases, assignments, now, deliveryDelaySeconds: 0, directory: { account } };
    expect(await revokeAccess('r1', services)).toMatchObject({ next: 'wait' });
  });

  it('leaves the request ending while Identity Center is down, so that the next try goes on', async () => {
    const world = held('active', {});
    world.assignments.remove = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    await expect(revokeAccess('r1', world)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(world.requests.now('r1').state).toBe('ending');
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ removing: { requestId: 'r1' } });
  });

  it.each<[RequestState, string, boolean]>([
    ['refused', 'over', false],
    ['denied', 'over', false],
    ['expired', 'done', false],
    ['cancelled', 'done', false],
    ['failed', 'done', false],
    ['ended', 'done', true],
    ['reported', 'over', false],
  ])('changes nothing of a request that is %s', async (state, next, report) => {
    const world = held(state, undefined, { endedAt: LATER });
    const before = world.requests.now('r1');
    expect(await revokeAccess('r1', world)).toMatchObject({ next, report });
    expect(await checkRemoval('r1', world)).toMatchObject({ next, report });
    expect(world.requests.now('r1')).toEqual(before);
    untouched(world);
  });

  it.each<RequestState>(['approved', 'scheduled', 'granting'])(
    'closes a request that was only %s as failed, because access never began',
    async (state) => {
      const world = held(state, undefined, { failure: 'no such account' });
      expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: false, reportAt: '' });
      expect(world.requests.now('r1')).toMatchObject({
        state: 'failed',
        failure: 'no such account',
        refusal: { reason: 'grant-failed', detail: 'no such account' },
      });
    },
  );

  it('cancels a request that still waited for approvers when its workflow died', async () => {
    const world = held('pending', undefined);
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'done', report: false });
    expect(world.requests.now('r1').state).toBe('cancelled');
  });

  it('closes a request that was never decided as refused', async () => {
    const world = held('requested', undefined);
    expect(await revokeAccess('r1', world)).toMatchObject({ report: false });
    expect(world.requests.now('r1').state).toBe('refused');
  });

  it('goes by the new state when somebody else changes the request in between', async () => {
    const world = held('pending', {});
    const change = world.requests.change.bind(world.requests);
    world.requests.change = async (id, wanted) => {
      world.requests.change = change;
      // The request is approved and granted just before the write of the revoke.
      world.requests.put(aRequest('active'));
      return change(id, wanted);
    };
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
    expect(world.requests.now('r1').state).toBe('ending');
  });

  it('fails with RequestNotFoundError when there is no such request', async () => {
    await expect(revokeAccess('r9', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
    await expect(checkRemoval('r9', createWorld())).rejects.toMatchObject({ name: 'RequestNotFoundError' });
  });
});

describe('a removal that does not go through', () => {
  it('is asked for again after Identity Center ended it as FAILED, and each time is in the history', async () => {
    const world = held('active', {});
    for (const reason of ['busy', 'still busy']) {
      world.assignments.failNext = reason;
      expect(await revokeAccess('r1', world)).toMatchObject({ next: 'wait' });
      world.assignments.settle();
      expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
    }
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
    const retries = world.requests.now('r1').events.filter(({ type }) => type === 'removal-retried');
    expect(retries.map(({ note }) => note)).toEqual(['busy', 'still busy']);
  });

  it('is asked for again when Identity Center refuses it at once', async () => {
    const world = held('active', {});
    world.assignments.remove = async () => ({ status: 'failed', reason: 'no' });
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'again' });
    expect(world.requests.now('r1').state).toBe('ending');
  });

  it('counts as done when somebody else has deleted the assignment', async () => {
    const world = held('active', {});
    world.assignments.held.clear();
    await revokeAccess('r1', world);
    world.assignments.settle();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
  });

  it('is checked at growing intervals of up to half a minute', async () => {
    const world = held('active', {});
    const waits = [(await revokeAccess('r1', world)).waitSeconds];
    for (const seconds of [20, 100, 1000]) {
      world.pass(seconds);
      waits.push((await checkRemoval('r1', world)).waitSeconds);
    }
    expect(waits).toEqual([2, 5, 30, 30]);
  });

  it('goes back to the revoke when no operation is stored', async () => {
    const world = held('ending', { leases: [], removing: { requestId: 'r1', since: NOON } });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
  });

  it("closes this request when another's lease came after the removal was done and forgotten", async () => {
    const world = held('ending', {});
    await revokeAccess('r1', world);
    world.assignments.settle();
    const { change } = world.requests;
    world.requests.change = () => Promise.reject(new Error('the function died'));
    await expect(checkRemoval('r1', world)).rejects.toThrow('the function died');
    world.requests.change = change;
    world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    world.requests.put(aRequest('approved', { id: 'r2' }));
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
    expect(world.assignments.asked.remove).toBe(1);
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r2'] });
  });

  it('does not close while its own lease is still there', async () => {
    const world = held('ending', { leases: ['r1'] });
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
    expect(world.requests.now('r1').state).toBe('ending');
  });
});

describe('overlapping requests for the same assignment', () => {
  it('remove it exactly once, after the last of them, in whatever order they end', async () => {
    for (const order of [
      ['r1', 'r2', 'r3'],
      ['r3', 'r1', 'r2'],
    ]) {
      const world = held('active', { leases: ['r1', 'r2', 'r3'] });
      world.requests.put(aRequest('active', { id: 'r2' }), aRequest('active', { id: 'r3' }));
      const answers = [];
      for (const id of order) answers.push((await revokeAccess(id, world)).next);
      expect(answers).toEqual(['done', 'done', 'wait']);
      expect(world.assignments.asked.remove).toBe(1);
    }
  });

  it('ask for one removal when their revokes run side by side', async () => {
    const world = held('active', { leases: ['r1', 'r2'] });
    world.requests.put(aRequest('active', { id: 'r2' }));
    await Promise.all(['r1', 'r2'].map((id) => revokeAccess(id, world)));
    expect(world.assignments.asked.remove).toBe(1);
    world.assignments.settle();
    await Promise.all(['r1', 'r2'].map((id) => checkRemoval(id, world)));
    expect([world.requests.now('r1').state, world.requests.now('r2').state]).toEqual(['ended', 'ended']);
    expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
  });
});

describe('a lease item that is lost or altered', () => {
  const OURS = { askedAt: NOON, standing: false, operationId: 'operation-1' } as const;
  const THEIRS = { askedAt: NOON, standing: true } as const;

  async function ended(world: TestWorld) {
    for (let step = 0; step < 6 && world.requests.now('r1').state !== 'ended'; step++) {
      await revokeAccess('r1', world);
      world.assignments.settle();
      await checkRemoval('r1', world);
    }
    expect(world.requests.now('r1').state).toBe('ended');
    return world.assignments.has(ANAS_ASSIGNMENT);
  }

  it.each([
    ['is deleted', undefined],
    ['no longer says whether it is standing', { standing: undefined }],
    ['says that the assignment is standing', { standing: true }],
  ] as const)('that %s does not keep an assignment that the request knows it made', async (_how, item) => {
    const world = held('active', item as Partial<LeaseItem> | undefined, { grant: OURS });
    expect(await ended(world)).toBe(false);
    expect(world.leases.items.size).toBe(0);
  });

  it('that is deleted does not remove a standing assignment', async () => {
    expect(await ended(held('active', undefined, { grant: THEIRS }))).toBe(true);
  });

  it('that is deleted during the removal does not close the request while the assignment is still there', async () => {
    const world = held('active', {}, { grant: OURS });
    await revokeAccess('r1', world);
    world.leases.items.clear();
    expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
    expect(world.requests.now('r1').state).toBe('ending');
    world.assignments.settle();
    expect(await ended(world)).toBe(false);
  });

  it('that is deleted before the grant has finished is made anew, because the assignment may still appear', async () => {
    const world = held('granting', undefined, { grant: OURS });
    world.assignments.held.clear();
    expect(await revokeAccess('r1', world)).toMatchObject({ next: 'cut', failed: true });
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: [], standing: false, releasedAt: LATER });
  });

  it('that is deleted leaves the assignment to another live request of the same person', async () => {
    const world = held('active', undefined, { grant: OURS });
    const other = aRequest('active', { id: 'r2', grant: OURS });
    world.requests.put(other);
    world.holds.begun(other);
    expect(await ended(world)).toBe(true);
  });

  it.each([
    ['is deleted', undefined],
    ['no longer says whether it is standing', { standing: undefined }],
  ] as const)(
    'that %s keeps what somebody else has given by the request’s history, and says so',
    async (_how, item) => {
      const { events } = aRequest('active');
      const given = { type: 'made-standing', at: NOON, by: 'someone' } as const;
      const taken = { type: 'removed-by-others', state: 'ending', at: NOON, by: 'someone' } as const;
      const world = held('active', item as Partial<LeaseItem> | undefined, { grant: OURS, events: [...events, given] });
      expect(await ended(world)).toBe(true);
      expect(world.requests.now('r1').events.at(-1)?.note).toBe(
        'kept: somebody else has given the same access meanwhile',
      );
      const again = { grant: OURS, events: [...events, given, taken], endingAt: NOON };
      expect(await ended(held('ending', item as Partial<LeaseItem> | undefined, again))).toBe(false);
    },
  );

  it('that is deleted does not keep the history from saying that a standing assignment stays', async () => {
    const world = held('active', undefined, { grant: THEIRS });
    expect(await ended(world)).toBe(true);
    expect(world.requests.now('r1').events.at(-1)?.note).toBe('kept: the assignment was there before us');
  });

  it('is trusted to be standing if the history says that somebody else has given the same meanwhile', async () => {
    const request = aRequest('active');
    const given = { type: 'made-standing', at: NOON, by: 'someone' } as const;
    const world = held('active', { standing: true }, { grant: OURS, events: [...request.events, given] });
    expect(await ended(world)).toBe(true);
  });
});

it('does not call an assignment gone that Identity Center still lists after its removal', async () => {
  const world = held('active', {});
  await revokeAccess('r1', world);
  world.assignments.settle();
  world.assignments.give(ANAS_ASSIGNMENT);
  expect(await checkRemoval('r1', world)).toMatchObject({ next: 'again' });
  expect(world.requests.now('r1').events.at(-1)).toMatchObject({ type: 'removal-retried' });
  await revokeAccess('r1', world);
  world.assignments.settle();
  expect(await checkRemoval('r1', world)).toMatchObject({ next: 'done' });
  expect(world.assignments.has(ANAS_ASSIGNMENT)).toBe(false);
});
