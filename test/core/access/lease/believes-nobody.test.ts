import { castVote } from '../../../../core/access/approval/cast-vote.ts';
import { grantAccess } from '../../../../core/access/lease/grant/grant-access.ts';
import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { type AccessRequest, assignmentOf, type Vote } from '../../../../core/model/request.ts';
import { assignmentKey } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, ANAS_TARGET, aRequest, NOON } from '../requests.ts';
import { caller, createWorld, needsLeads, type TestWorld } from '../services.ts';

const LATER = '2026-12-31T00:00:00.000Z';
const BENS = { ...aRequest('approved').requester, principalId: 'user-ben', slackId: 'U0BEN' };

/** A request that an attacker has written, with the rights of a function that may write requests. */
function forged(overrides: Partial<AccessRequest>, state: AccessRequest['state'] = 'approved'): TestWorld {
  const world = createWorld();
  world.policyStore.write(needsLeads());
  world.requests.put(aRequest(state, { decidedAt: NOON, accessVersion: '2', path: 'with-leads', ...overrides }));
  return world;
}

const bens = () => assignmentOf({ ...aRequest('approved'), requester: BENS });

const aVote = (principalId: string): Vote => ({ principalId, slackId: 'U0CLEO', vote: 'approve', at: NOON });

async function expectNothingGiven(world: TestWorld): Promise<void> {
  const { next } = await grantAccess('r1', world);
  expect(['tell', 'revoke', 'start']).toContain(next);
  expect(world.assignments.asked.create).toBe(0);
}

describe('a forged request that says it was approved', () => {
  it.each<[string, Partial<AccessRequest>]>([
    ['decided a moment ago', { requester: BENS }],
    ['decided tomorrow', { requester: BENS, decidedAt: LATER }],
    ['with votes in the request itself', { requester: BENS, votes: [aVote('user-cleo'), aVote('user-dan')] }],
    ['for a year', { durationSeconds: 365 * 24 * 3600 }],
    ['for a length that is no number', { durationSeconds: Number.NaN }],
    ['for a negative length', { durationSeconds: -1 }],
    [
      'for a target under the name of another permission set',
      { requester: BENS, target: otherSet(), votes: [aVote('user-cleo')] },
    ],
  ])('gets nothing, %s', async (_what, overrides) => expectNothingGiven(forged(overrides)));

  it('gets nothing by saying that its grant has begun or that it is active', async () => {
    for (const state of ['granting', 'active'] as const) {
      const world = forged({ endsAt: LATER }, state);
      expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
      expect(world.assignments.asked.create).toBe(0);
    }
  });

  it('gets no more than its length by saying that its window has not begun', async () => {
    const world = forged({ windowFrom: LATER });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'check' });
    expect(world.requests.now('r1').endsAt).toBe('2026-01-05T13:00:00.000Z');
  });

  it('cannot extend another person’s access', async () => {
    const world = forged({ extends: 'r0' });
    const root = aRequest('active', { id: 'r0', requester: BENS });
    world.requests.put(root);
    world.holds.begun(root);
    await expectNothingGiven(world);
    expect(world.requests.now('r0').endsAt).toBe(root.endsAt);
  });
});

describe('a vote', () => {
  /** Ben asks, Cleo approves, and then the stored request is changed. */
  async function votedOn(change: Partial<AccessRequest>): Promise<TestWorld> {
    const world = forged({ requester: BENS, expiresAt: LATER }, 'pending');
    await castVote('r1', caller('cleo'), { vote: 'approve' }, world);
    expect(world.requests.now('r1').state).toBe('approved');
    world.requests.put({ ...world.requests.now('r1'), ...change });
    return world;
  }

  it('grants the request that it was given for', async () => {
    const world = await votedOn({});
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'check' });
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['somebody else', { requester: { ...BENS, principalId: 'user-dan' } }],
    ['another target', { target: { ...ANAS_TARGET, accountId: '234567890123' } }],
    ['another reason', { reason: 'because' }],
    ['another ticket', { ticket: 'INC-1' }],
  ])('does not count for %s that is put into the request after it', async (_what, change) => {
    const world = await votedOn(change);
    const records = { accounts: ['*'], permissionSets: ['*'], who: ['everyone'] };
    world.policyStore.write({ ...needsLeads(), ...records });
    await expectNothingGiven(world);
  });

  it('counts for the length that was asked for, even if the request says more since', async () => {
    const world = await votedOn({ durationSeconds: 7200 });
    await grantAccess('r1', world);
    expect(world.requests.now('r1')).toMatchObject({ durationSeconds: 3600, endsAt: '2026-01-05T13:00:00.000Z' });
  });
});

describe('an approval that has been used', () => {
  const DAY = 24 * 3600;

  /** Ben's request, approved by Cleo. */
  async function used(overrides: Partial<AccessRequest> = {}): Promise<TestWorld> {
    const world = forged({ requester: BENS, expiresAt: '2026-01-05T20:00:00.000Z', ...overrides }, 'pending');
    await castVote('r1', caller('cleo'), { vote: 'approve' }, world);
    return world;
  }

  it('gives nothing again when the records of its use are gone', async () => {
    const world = await used();
    expect((await grantAccess('r1', world)).next).toBe('check');
    const { votesUntil } = (await world.holds.given([bens()])).get(assignmentKey(bens()))?.[0] ?? {};
    world.assignments.settle();
    await revokeAccess('r1', world);
    world.assignments.settle();
    await checkRemoval('r1', world);
    world.holds.held.clear();
    world.leases.items.clear();
    world.pass(3 * DAY);
    // The hold is kept until the votes expire: after that neither counts.
    expect(votesUntil && votesUntil < world.now().toISOString()).toBe(true);
    world.requests.put({ ...world.requests.now('r1'), state: 'approved', startsAt: NOON, expiresAt: LATER });
    expect((await grantAccess('r1', world)).next).toBe('tell');
    expect(world.requests.now('r1').state).toBe('refused');
    expect(world.assignments.asked.create).toBe(1);
  });

  it('counts for a limited time, whatever expiry a forged request has', async () => {
    for (const expiresAt of ['9999-12-31T23:59:59.000Z', 'never']) {
      const world = await used({ expiresAt });
      const [vote] = (await world.requests.getWithVotes('r1'))?.votes ?? [];
      expect(vote?.countsUntil?.slice(0, 4)).toBe(expiresAt === 'never' ? '2026' : '2027');
    }
  });

  it('counts for a later start until that has come', async () => {
    const windowFrom = '2026-03-05T12:00:00.000Z';
    const world = await used({ windowFrom, startsAt: windowFrom });
    world.pass(59 * DAY);
    expect((await grantAccess('r1', world)).next).toBe('check');
  });

  it.each([
    [2, 'check'],
    [9, 'tell'],
  ])('whose votes are stored without an expiry and are %d days old leads to %s', async (days, next) => {
    const world = await used();
    const { votes } = (await world.requests.getWithVotes('r1')) ?? { votes: [] };
    const undated = votes.map(({ countsUntil: _, ...vote }) => vote);
    const requests = Object.assign(Object.create(world.requests), {
      getWithVotes: async () => ({ request: world.requests.now('r1'), votes: undated }),
    });
    world.pass(days * DAY);
    expect((await grantAccess('r1', { ...world, requests, now: world.now })).next).toBe(next);
  });
});

describe('the end of an access', () => {
  it('is the one that the grant set, whatever the request says, and the correction is in its history', async () => {
    const world = forged({});
    const { operationId } = await grantAccess('r1', world);
    world.assignments.settle();
    const begun = world.requests.now('r1');
    world.requests.put({
      ...begun,
      state: 'active',
      grant: { askedAt: NOON, standing: false, operationId },
      endsAt: LATER,
    });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'announce', endsAt: begun.endsAt });
    expect(world.requests.now('r1').endsAt).toBe(begun.endsAt);
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ type: 'duration-shortened' });
    world.requests.put({ ...world.requests.now('r1'), endsAt: LATER });
    world.pass(3600);
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
  });

  it('cannot be forged to be later by joining another request to the access', async () => {
    const world = forged({});
    await grantAccess('r1', world);
    world.assignments.give(ANAS_ASSIGNMENT);
    world.requests.put({ ...world.requests.now('r1'), state: 'active', endsAt: LATER });
    world.requests.put(aRequest('approved', { id: 'r2', durationSeconds: 200 * 24 * 3600 }));
    await grantAccess('r2', world);
    expect(world.requests.now('r2').state).toBe('refused');
    expect(world.requests.now('r1').endsAt).toBe('2026-01-05T13:00:00.000Z');
  });
});

describe('the longest uninterrupted hold', () => {
  const RECORD = `access#${ANAS_TARGET.accountId}#${ANAS_TARGET.permissionSetArn}#user-ana`;
  const HOUR = 3600;

  /** Ana has held the access since noon, for one hour of the two that her record allows. */
  async function held(): Promise<TestWorld> {
    const world = createWorld();
    world.policyStore.write({ id: RECORD, maxDuration: '2h' });
    world.requests.put(aRequest('approved'));
    await grantAccess('r1', world);
    world.assignments.settle();
    world.requests.put({ ...world.requests.now('r1'), state: 'active' });
    return world;
  }

  /** What comes of a request for two more hours now. The grant is retried as by the workflow. */
  async function asksForMore(world: TestWorld, overrides: Partial<AccessRequest> = {}): Promise<AccessRequest> {
    world.requests.put(aRequest('approved', { id: 'r2', durationSeconds: 2 * HOUR, ...overrides }));
    for (let run = 0; run < 3 && world.requests.now('r2').state === 'approved'; run++)
      await grantAccess('r2', world).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'RequestChangedError' });
      });
    return world.requests.now('r2');
  }

  const tooLong = { state: 'refused', refusal: { reason: 'hold-limit' } };

  it('counts from the first grant, whatever start the request says', async () => {
    for (const startsAt of ['2026-01-05T12:50:00.000Z', LATER, 'never']) {
      const world = await held();
      world.requests.put({ ...world.requests.now('r1'), startsAt });
      world.pass(3000);
      expect(await asksForMore(world, { extends: 'r1' })).toMatchObject(tooLong);
      expect(await asksForMore(world, { id: 'r2', durationSeconds: HOUR, extends: 'r1' })).toMatchObject({
        state: 'joined',
        endsAt: '2026-01-05T14:00:00.000Z',
      });
    }
  });

  it.each<[string, (world: TestWorld) => unknown]>([
    ['its request is lost', (world) => world.requests.requests.delete('r1')],
    [
      'its request says that it is over',
      (world) => world.requests.put({ ...world.requests.now('r1'), state: 'ended', endedAt: NOON }),
    ],
    [
      'its request and its lease are lost',
      (world) => {
        world.requests.requests.delete('r1');
        world.leases.items.clear();
      },
    ],
  ])('counts from the first grant if %s, before the end and after it', async (_what, lose) => {
    for (const seconds of [3000, 4000]) {
      const world = await held();
      lose(world);
      world.pass(seconds);
      expect(await asksForMore(world)).toMatchObject(tooLong);
    }
  });

  it('is over when the access was removed, so that it can be granted again', async () => {
    const world = await held();
    await revokeAccess('r1', world);
    world.assignments.settle();
    await checkRemoval('r1', world);
    world.pass(60);
    expect((await asksForMore(world)).state).toBe('granting');
  });

  it('does not begin anew when the rest of it is granted after its request was lost', async () => {
    const world = await held();
    world.requests.requests.delete('r1');
    world.pass(3000);
    expect((await asksForMore(world, { durationSeconds: HOUR })).state).toBe('granting');
    world.assignments.settle();
    world.requests.put({ ...world.requests.now('r2'), state: 'active' });
    world.pass(3000);
    world.requests.put(aRequest('approved', { id: 'r3', durationSeconds: HOUR, extends: 'r2' }));
    await grantAccess('r3', world);
    expect(world.requests.now('r3')).toMatchObject(tooLong);
  });
});

describe('the limits cooldown and perDay', () => {
  const HOUR = 3600;

  /** Ana has had access from noon for an hour, or for `takenBackAfter` seconds. */
  async function had(conditions: Record<string, string>, takenBackAfter?: number): Promise<TestWorld> {
    const world = forged({ id: 'r1' });
    world.policyStore.items = [];
    const { approval: _, ...free } = needsLeads();
    world.policyStore.write({ ...free, ...conditions, id: 'policy#free', who: ['everyone'], accounts: ['*'] });
    await grantAccess('r1', world);
    world.assignments.settle();
    world.requests.put({
      ...world.requests.now('r1'),
      state: 'active',
      events: [...world.requests.now('r1').events, GRANTED],
    });
    world.pass(takenBackAfter ?? HOUR);
    await revokeAccess('r1', world);
    world.assignments.settle();
    await checkRemoval('r1', world);
    return world;
  }

  const GRANTED = { type: 'granted', at: NOON, by: 'workflow', state: 'active' } as const;
  const asksAgain = async (world: TestWorld, durationSeconds = HOUR) => {
    world.requests.put(aRequest('approved', { id: 'r2', durationSeconds }));
    await grantAccess('r2', world);
    return world.requests.now('r2');
  };

  it.each<[string, Record<string, string>]>([
    ['cooldown', { cooldown: '1h' }],
    ['perDay', { perDay: '90m', maxDuration: '90m' }],
  ])('%s does not go by the end that the request says', async (_limit, conditions) => {
    for (const forgery of [
      { endedAt: NOON },
      { endedAt: '2025-01-01T00:00:00.000Z' },
      { state: 'ending', endedAt: NOON },
    ] as const) {
      const world = await had(conditions);
      world.pass(60);
      world.requests.put({ ...world.requests.now('r1'), ...forgery });
      expect((await asksAgain(world)).state).toBe('refused');
    }
  });

  it.each<[string, Record<string, string>]>([
    ['cooldown', { cooldown: '1h' }],
    ['perDay', { perDay: '90m', maxDuration: '90m' }],
  ])('%s counts to the granted end if no removal is recorded, not by the request', async (_limit, conditions) => {
    const world = await had(conditions, 600);
    world.leases.ended.clear();
    world.pass(60);
    world.requests.put({ ...world.requests.now('r1'), endedAt: '2025-01-01T00:00:00.000Z' });
    expect((await asksAgain(world)).state).toBe('refused');
  });

  it('perDay counts to the removal of access that ended early', async () => {
    const world = await had({ perDay: '90m', maxDuration: '90m' }, 600);
    world.pass(60);
    expect((await asksAgain(world)).state).toBe('granting');
  });

  it('cooldown begins at the removal of access that ended early', async () => {
    const world = await had({ cooldown: '30m' }, 600);
    world.pass(1900);
    expect((await asksAgain(world)).state).toBe('granting');
  });
});

describe('a request that has been granted before', () => {
  it('is not granted again by its votes when its state is set back to approved', async () => {
    const world = forged({});
    expect((await grantAccess('r1', world)).next).toBe('check');
    world.assignments.settle();
    world.pass(3600);
    world.requests.put({ ...world.requests.now('r1'), state: 'approved' });
    expect((await grantAccess('r1', world)).next).toBe('revoke');
    expect(world.requests.now('r1').state).toBe('approved');
    expect(world.assignments.asked.create).toBe(1);
  });

  it('is not granted again either when its time was joined to another access that is over', async () => {
    const world = forged({});
    await grantAccess('r1', world);
    world.assignments.settle();
    world.requests.put({ ...world.requests.now('r1'), state: 'active' }, aRequest('approved', { id: 'r2' }));
    expect((await grantAccess('r2', world)).next).toBe('tell');
    expect(world.requests.now('r2').state).toBe('joined');
    world.pass(3700);
    world.requests.put(
      { ...world.requests.now('r1'), state: 'ended' },
      { ...world.requests.now('r2'), state: 'approved' },
    );
    await world.leases.drop(ANAS_ASSIGNMENT, 'r1');
    expect((await grantAccess('r2', world)).next).toBe('revoke');
    expect(world.assignments.asked.create).toBe(1);
  });
});

it('a break-glass grant owes a review, even if the request says that it was reviewed', async () => {
  const world = forged({ requester: BENS, breakGlass: true, review: { status: 'acknowledged', approvers: [] } });
  const { approval: _, ...glass } = needsLeads();
  world.policyStore.write({ ...glass, id: 'policy#glass', breakGlass: true });
  await grantAccess('r1', world);
  expect(world.requests.now('r1')).toMatchObject({
    state: 'granting',
    review: { status: 'owed', approvers: ['user-cleo', 'user-dan'] },
  });
});

/** AdministratorAccess, in a request that calls it by the name of what Ben may ask for. */
function otherSet() {
  return {
    accountId: ANAS_TARGET.accountId,
    permissionSetArn: ANAS_TARGET.permissionSetArn.replace('ps-12345', 'ps-admin'),
  };
}
