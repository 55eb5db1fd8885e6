import { castVote } from '../../../../core/access/approval/cast-vote.ts';
import { grantAccess } from '../../../../core/access/lease/grant/grant-access.ts';
import { checkRemoval, revokeAccess } from '../../../../core/access/lease/revoke/revoke-access.ts';
import { type AccessRequest, assignmentOf, type Vote } from '../../../../core/model/request.ts';
import { assignmentKey } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, ANAS_TARGET, aRequest, NOON } from '../requests.ts';
import { caller, createWorld, needsLeads, type TestWorld } from '../services.ts';

const LATER = '2026-12-31T00:00:00.000Z';
const BENS = { ...aRequest('approved').requester, principalId: 'user-ben', slackId: 'U0BEN' };

/** A request that somebody has put there, with the rights of a function that may write requests. */
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

describe('an approved request that nobody has approved', () => {
  it.each<[string, Partial<AccessRequest>]>([
    ['decided this very minute', { requester: BENS }],
    ['decided tomorrow', { requester: BENS, decidedAt: LATER }],
    ['with votes in the request itself', { requester: BENS, votes: [aVote('user-cleo'), aVote('user-dan')] }],
    ['for a year', { durationSeconds: 365 * 24 * 3600 }],
    ['for a length that is no number', { durationSeconds: Number.NaN }],
    ['for less than nothing', { durationSeconds: -1 }],
    [
      'for a target that goes by the name of another',
      { requester: BENS, target: otherSet(), votes: [aVote('user-cleo')] },
    ],
  ])('gets nothing, %s', async (_what, overrides) => expectNothingGiven(forged(overrides)));

  it('gets nothing as one that has begun already, or is active already', async () => {
    for (const state of ['granting', 'active'] as const) {
      const world = forged({ endsAt: LATER }, state);
      expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
      expect(world.assignments.asked.create).toBe(0);
    }
  });

  it('gets no more than its length from a window that has not begun', async () => {
    const world = forged({ windowFrom: LATER });
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'check' });
    expect(world.requests.now('r1').endsAt).toBe('2026-01-05T13:00:00.000Z');
  });

  it('extends nobody else’s access', async () => {
    const world = forged({ extends: 'r0' });
    const root = aRequest('active', { id: 'r0', requester: BENS });
    world.requests.put(root);
    world.holds.begun(root);
    await expectNothingGiven(world);
    expect(world.requests.now('r0').endsAt).toBe(root.endsAt);
  });
});

describe('a vote', () => {
  /** Ben asks, and Cleo says yes. */
  async function votedOn(change: Partial<AccessRequest>): Promise<TestWorld> {
    const world = forged({ requester: BENS, expiresAt: LATER }, 'pending');
    await castVote('r1', caller('cleo'), { vote: 'approve' }, world);
    expect(world.requests.now('r1').state).toBe('approved');
    world.requests.put({ ...world.requests.now('r1'), ...change });
    return world;
  }

  it('lets in whom it was for', async () => {
    const world = await votedOn({});
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'check' });
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['somebody else', { requester: { ...BENS, principalId: 'user-dan' } }],
    ['another target', { target: { ...ANAS_TARGET, accountId: '234567890123' } }],
    ['another reason', { reason: 'because' }],
    ['another ticket', { ticket: 'INC-1' }],
  ])('is none for %s, put into the request after it', async (_what, change) => {
    const world = await votedOn(change);
    const records = { accounts: ['*'], permissionSets: ['*'], who: ['everyone'] };
    world.policyStore.write({ ...needsLeads(), ...records });
    await expectNothingGiven(world);
  });

  it('is for the length that was asked, however long the request says since', async () => {
    const world = await votedOn({ durationSeconds: 7200 });
    await grantAccess('r1', world);
    expect(world.requests.now('r1')).toMatchObject({ durationSeconds: 3600, endsAt: '2026-01-05T13:00:00.000Z' });
  });
});

describe('an approval that has been used', () => {
  const DAY = 24 * 3600;

  /** Ben asks for something from a day on, Cleo says yes, and what is remembered of the turn is lost when it may be. */
  async function used(overrides: Partial<AccessRequest> = {}): Promise<TestWorld> {
    const world = forged({ requester: BENS, expiresAt: '2026-01-05T20:00:00.000Z', ...overrides }, 'pending');
    await castVote('r1', caller('cleo'), { vote: 'approve' }, world);
    return world;
  }

  it('gives nothing again when nobody remembers any more that it was', async () => {
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
    // Until then the turn is remembered, and from then on the votes are none.
    expect(votesUntil && votesUntil < world.now().toISOString()).toBe(true);
    world.requests.put({ ...world.requests.now('r1'), state: 'approved', startsAt: NOON, expiresAt: LATER });
    expect((await grantAccess('r1', world)).next).toBe('tell');
    expect(world.requests.now('r1').state).toBe('refused');
    expect(world.assignments.asked.create).toBe(1);
  });

  it('is not stretched by what the request says of its times after the vote, nor beyond all by what it said before', async () => {
    for (const expiresAt of ['9999-12-31T23:59:59.000Z', 'never']) {
      const world = await used({ expiresAt });
      const [vote] = (await world.requests.getWithVotes('r1'))?.votes ?? [];
      expect(vote?.countsUntil?.slice(0, 4)).toBe(expiresAt === 'never' ? '2026' : '2027');
    }
  });

  it('counts for what begins later, until that has begun', async () => {
    const windowFrom = '2026-03-05T12:00:00.000Z';
    const world = await used({ windowFrom, startsAt: windowFrom });
    world.pass(59 * DAY);
    expect((await grantAccess('r1', world)).next).toBe('check');
  });

  it.each([
    [2, 'check'],
    [9, 'tell'],
  ])('that was cast before votes said until when they count, %d days ago, leads to %s', async (days, next) => {
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
  it('is what the grant gave it, whatever the request says, and that is written into its history', async () => {
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

  it('is not laundered by another request that joins the access', async () => {
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

  /** Ana has held it since noon, for an hour of the two that she may have it. */
  async function held(): Promise<TestWorld> {
    const world = createWorld();
    world.policyStore.write({ id: RECORD, maxDuration: '2h' });
    world.requests.put(aRequest('approved'));
    await grantAccess('r1', world);
    world.assignments.settle();
    world.requests.put({ ...world.requests.now('r1'), state: 'active' });
    return world;
  }

  /** What comes of another two hours, asked for at this time of the access; the workflow tries again. */
  async function asksForMore(world: TestWorld, overrides: Partial<AccessRequest> = {}): Promise<AccessRequest> {
    world.requests.put(aRequest('approved', { id: 'r2', durationSeconds: 2 * HOUR, ...overrides }));
    for (let run = 0; run < 3 && world.requests.now('r2').state === 'approved'; run++)
      await grantAccess('r2', world).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'RequestChangedError' });
      });
    return world.requests.now('r2');
  }

  const tooLong = { state: 'refused', refusal: { reason: 'hold-limit' } };

  it('counts from its first grant, whatever the request says of when that was', async () => {
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
    ['its record is lost', (world) => world.requests.requests.delete('r1')],
    [
      'its record says that it is over',
      (world) => world.requests.put({ ...world.requests.now('r1'), state: 'ended', endedAt: NOON }),
    ],
    [
      'its record and its lease are lost',
      (world) => {
        world.requests.requests.delete('r1');
        world.leases.items.clear();
      },
    ],
  ])('counts from its first grant where %s, before its end and after it', async (_what, lose) => {
    for (const seconds of [3000, 4000]) {
      const world = await held();
      lose(world);
      world.pass(seconds);
      expect(await asksForMore(world)).toMatchObject(tooLong);
    }
  });

  it('is over when what was held was removed, and may be had again', async () => {
    const world = await held();
    await revokeAccess('r1', world);
    world.assignments.settle();
    await checkRemoval('r1', world);
    world.pass(60);
    expect((await asksForMore(world)).state).toBe('granting');
  });

  it('does not begin anew because what may be had of it was given once more', async () => {
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

describe('the pause after an access, and what may be had within a day', () => {
  const HOUR = 3600;

  /** Ana has had it from noon for an hour, or until it was taken back. */
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
  ])('%s goes not by what the request says of its end', async (_limit, conditions) => {
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
  ])('%s goes by what was given where nobody has seen it go, whatever the request says', async (_limit, conditions) => {
    const world = await had(conditions, 600);
    world.leases.ended.clear();
    world.pass(60);
    world.requests.put({ ...world.requests.now('r1'), endedAt: '2025-01-01T00:00:00.000Z' });
    expect((await asksAgain(world)).state).toBe('refused');
  });

  it('perDay goes by when it was taken back, for whoever was done early', async () => {
    const world = await had({ perDay: '90m', maxDuration: '90m' }, 600);
    world.pass(60);
    expect((await asksAgain(world)).state).toBe('granting');
  });

  it('cooldown goes by when it was taken back, for whoever was done early', async () => {
    const world = await had({ cooldown: '30m' }, 600);
    world.pass(1900);
    expect((await asksAgain(world)).state).toBe('granting');
  });
});

describe('a request that has had its turn', () => {
  it('is not given its time once more, with its votes, because it is said to wait again', async () => {
    const world = forged({});
    expect((await grantAccess('r1', world)).next).toBe('check');
    world.assignments.settle();
    world.pass(3600);
    world.requests.put({ ...world.requests.now('r1'), state: 'approved' });
    expect((await grantAccess('r1', world)).next).toBe('revoke');
    expect(world.requests.now('r1').state).toBe('approved');
    expect(world.assignments.asked.create).toBe(1);
  });

  it('nor where its time was part of another access, which is over', async () => {
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

it('whoever breaks the glass owes the review, whatever the request says of it', async () => {
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
