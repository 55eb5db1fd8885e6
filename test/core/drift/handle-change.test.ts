import { handleChange } from '../../../core/drift/handle-change.ts';
import type { AssignmentChange } from '../../../core/drift/types.ts';
import { enter } from '../../../core/model/events.ts';
import { ANAS_ASSIGNMENT } from '../access/requests.ts';
import { ADMINISTRATOR, aChange, BENS, REVOKE, STAGING, type Workbench, workbench } from './workbench.ts';

const ANAS = { assignment: ANAS_ASSIGNMENT };

let bench: Workbench;
const heed = (change: AssignmentChange) => handleChange(change, bench.services);
const types = async () => (await bench.services.requests.get('r1'))?.events.map(({ type }) => type) ?? [];

beforeEach(() => {
  bench = workbench();
  bench.pass(90);
});

test('what Glasshammer does itself is told to nobody', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect(await heed(aChange({ ...ANAS, caller: 'ours', operationId: 'operation-1' }))).toEqual({
    outcome: 'own',
    told: 0,
  });
  expect(await heed(aChange({ ...ANAS, kind: 'removed', caller: 'ours' }))).toEqual({ outcome: 'own', told: 0 });
  expect(bench.told.messages).toBe(0);
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
});

test('what a request asked for is ours, whatever our role is called, so that it is taken back', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect((await heed(aChange({ ...ANAS, caller: 'unknown', operationId: 'operation-1' }))).outcome).toBe('own');
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
});

test('a role of our own account that nobody knows makes nothing stay after the request', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect((await heed(aChange({ ...ANAS, caller: 'unknown', operationId: 'operation-2' }))).outcome).toBe('told');
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  expect(await types()).not.toContain('made-standing');
});

test('what our own role made under no live request is removed by the sweep, and said in the audit', async () => {
  bench.give(BENS);
  expect(await heed(aChange({ caller: 'ours', operationId: 'nobody-asked' }))).toEqual({
    outcome: 'to-remove',
    told: 0,
  });
  expect(await bench.services.leases.get(BENS)).toMatchObject({
    leases: [],
    standing: false,
    removing: { requestId: 'sweep' },
  });
  // Heard twice, it is claimed once.
  expect((await heed(aChange({ caller: 'ours', operationId: 'nobody-asked' }))).outcome).toBe('own');
});

test('what our own role gives to a group, which no request ever asks for, is told whatever rules and configuration leave out', async () => {
  bench.services.rules = [{ ...REVOKE, action: 'ignore' }];
  const elsewhere = { accountId: '999999999999', permissionSetArn: 'arn:of-none-of-ours' };
  for (const [eventId, target] of [
    ['event-1', BENS.target],
    ['event-2', elsewhere],
  ] as const) {
    const change = { assignment: { principalId: 'group-developers', target }, principalType: 'GROUP' } as const;
    bench.services.scope = { ...bench.services.scope, accounts: [STAGING] };
    expect(await heed(aChange({ ...change, eventId, caller: 'ours', operationId: 'nobody-asked' }))).toEqual({
      outcome: 'told',
      told: 1,
    });
  }
  expect(bench.told.found.map(({ plan }) => plan.action)).toEqual(['warn', 'warn']);
});

test('what our own role made and we have removed since is not taken from whoever has been given it anew', async () => {
  bench.give(BENS);
  await bench.leaseStore.noteAbsent(BENS, bench.now().toISOString());
  expect((await heed(aChange({ caller: 'ours', operationId: 'of-an-ended-request' }))).outcome).toBe('own');
  expect(await bench.services.leases.get(BENS)).toBeUndefined();
});

describe('what somebody gave and took away again before the grant, told of in the wrong order', () => {
  const standing = async () => (await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing;

  it.each([
    ['within a second', 60],
    ['some seconds later', 65],
  ])('does not keep our access after its end (taken away %s)', async (_when, takenAfter) => {
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, takenAfter));
    await bench.grant();
    await heed(aChange(ANAS));
    expect(await standing()).toBe(false);
    expect(await types()).not.toContain('made-standing');
  });

  it('keeps it where they gave it anew after that', async () => {
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 65));
    await bench.grant();
    await heed(aChange({ ...ANAS, eventId: 'event-3' }, 70));
    expect(await standing()).toBe(true);
    expect(await types()).toContain('made-standing');
  });
});

describe('what our own role made and an administrator has given as well', () => {
  const OURS = { caller: 'ours', operationId: 'operation-1', eventId: 'ours' } as const;

  it('stays when CloudTrail tells of ours once more after the end that left it', async () => {
    bench = workbench();
    await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
    bench.pass(90);
    await heed(aChange({ ...ANAS, ...OURS }, 5));
    await heed(aChange(ANAS));
    for (const [from, to] of [
      ['active', 'ending'],
      ['ending', 'ended'],
    ] as const)
      await bench.services.requests.change('r1', { from: [from], to, event: enter(to, bench.now().toISOString()) });
    const left = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
    if (left?.standing === true) await bench.leaseStore.forget(left);
    expect((await heed(aChange({ ...ANAS, ...OURS }, 5))).outcome).toBe('own');
    expect(await bench.services.leases.get(ANAS_ASSIGNMENT)).toBeUndefined();
  });

  it('stays when ours, of which no live request is left, is told after it', async () => {
    bench.give(BENS);
    await heed(aChange({}, 70));
    expect((await heed(aChange(OURS, 60))).outcome).toBe('own');
    expect(await bench.services.leases.get(BENS)).toBeUndefined();
  });

  it.each([
    ['stays', 70, false],
    ['goes, where theirs is from long before ours and was gone by then,', -70, true],
  ])('%s when theirs is told after ours, which was claimed for removal', async (_what, seconds, isClaimed) => {
    bench.give(BENS);
    expect((await heed(aChange(OURS, 60))).outcome).toBe('to-remove');
    await heed(aChange({}, seconds));
    expect((await bench.services.leases.get(BENS)) !== undefined).toBe(isClaimed);
    expect(await bench.services.leases.absentAt(BENS)).toBeUndefined();
  });

  it.each([
    ['before our lease was there, and is standing', 60, true],
    ['long before our lease was there, and was gone when the grant looked', 10, false],
  ])('was told %s', async (_when, seconds, standing) => {
    await heed(aChange(ANAS, seconds));
    await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
    await heed(aChange({ ...ANAS, ...OURS }, 90));
    expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(standing);
    expect((await types()).includes('made-standing')).toBe(standing);
  });
});

test('what Glasshammer may not assign is none of its business', async () => {
  const elsewhere = {
    ...BENS,
    target: { accountId: '234567890123', permissionSetArn: 'arn:aws:sso:::permissionSet/x/y' },
  };
  expect((await heed(aChange({ assignment: elsewhere }))).outcome).toBe('out-of-scope');
});

test('somebody else’s assignment is told with names and its maker, once however often the event comes', async () => {
  bench.give(BENS);
  await heed(aChange());
  await heed(aChange());
  expect(bench.told.found).toEqual([
    {
      assignment: BENS,
      principalType: 'USER',
      made: { by: ADMINISTRATOR, at: '2026-01-05T12:01:00.000Z', eventId: 'event-1' },
      names: {
        principalName: expect.stringMatching(/^Ben/),
        accountName: 'Staging',
        permissionSetName: 'ReadOnlyAccess',
      },
      plan: { action: 'warn' },
    },
  ]);
});

test('what could not be told is not remembered, so that it is told when it can be', async () => {
  bench.told.slackIsDown = true;
  await expect(heed(aChange())).rejects.toThrow('Slack is down');
  bench.told.slackIsDown = false;
  await heed(aChange());
  expect(bench.told.messages).toBe(1);
});

test('made again after it was gone, it is told again', async () => {
  await heed(aChange());
  await heed(aChange({ kind: 'removed', eventId: 'event-2' }, 70));
  await heed(aChange({ eventId: 'event-3' }, 80));
  expect(bench.told.found).toHaveLength(2);
});

test('a removal from before it was made, told late, leaves what is remembered of it, and its grace', async () => {
  bench = workbench({ rules: [REVOKE] });
  bench.pass(90);
  await bench.services.drift.setMode({ mode: 'enforcing', by: 'x', at: bench.now().toISOString() });
  bench.give(BENS);
  await heed(aChange());
  const remembered = await bench.services.drift.get(BENS);
  expect(remembered).toMatchObject({ status: 'to-remove' });
  await heed(aChange({ kind: 'removed', eventId: 'event-0' }, 50));
  expect(await bench.services.drift.get(BENS)).toEqual(remembered);
});

test('nothing is said of what a rule ignores', async () => {
  bench = workbench({ rules: [{ ...REVOKE, accounts: ['234567890123'], action: 'ignore' }] });
  await heed(aChange());
  expect(bench.told.messages).toBe(0);
  expect(await bench.services.drift.get(BENS)).toBeUndefined();
});

describe('while a lease holds the same assignment', () => {
  beforeEach(async () => {
    bench = workbench();
    await bench.grant();
    bench.pass(90);
  });

  test('one that somebody else makes is standing from then on, and the request says by whom', async () => {
    await heed(aChange(ANAS));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
    const event = (await bench.services.requests.get('r1'))?.events.at(-1);
    expect(event).toMatchObject({ type: 'made-standing', by: ADMINISTRATOR.id, note: `by ${ADMINISTRATOR.name}` });
    expect(bench.told.found).toEqual([expect.objectContaining({ leased: true })]);
    expect(bench.told.stories).toEqual(['r1']);
  });

  test.each([
    ['gave up', { asyncFailure: 'Received a 409 status error' }, false],
    ['made', undefined, true],
  ])('one that was asked for, and Identity Center %s, counts for what came of it', async (_how, fault, standing) => {
    if (fault !== undefined) bench.faults.add({ operation: 'sso-admin:CreateAccountAssignment', ...fault });
    const { operationId = '' } = await bench.assignments.create(ANAS_ASSIGNMENT);
    bench.pass(60);
    await heed(aChange({ ...ANAS, operationId }, 100));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(standing);
    expect((await types()).includes('made-standing')).toBe(standing);
    expect(bench.told.messages).toBe(standing ? 1 : 0);
  });

  test('one that seems to be from before the request, by another clock, stays when the request ends all the same', async () => {
    await heed(aChange(ANAS, -20));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
    expect(await types()).toContain('made-standing');
  });

  test('the same event again adds nothing to the history', async () => {
    await heed(aChange(ANAS));
    await heed(aChange(ANAS));
    expect((await types()).filter((type) => type === 'made-standing')).toHaveLength(1);
    expect(bench.told.messages).toBe(1);
  });

  test('made by them, removed and made by them again, the history says so last', async () => {
    await heed(aChange(ANAS, 60));
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70));
    for (const _twice of [1, 2]) await heed(aChange({ ...ANAS, eventId: 'event-3' }, 80));
    expect((await types()).slice(-3)).toEqual(['made-standing', 'removed-by-others', 'made-standing']);
  });

  test('one that was made long before the lease began does not make ours standing: the grant has looked since', async () => {
    await heed(aChange(ANAS, -3600));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  });

  test.each([
    ['in order', [aChange(ANAS, 60), aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70)]],
    ['the wrong way round', [aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70), aChange(ANAS, 60)]],
  ])('made and removed again, told %s, it is not standing: nothing of ours stays for good', async (_how, changes) => {
    for (const change of changes) await heed(change);
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  });

  test.each([
    ['in order', [aChange({ ...ANAS, kind: 'removed', eventId: 'event-0' }, 50), aChange(ANAS, 60)]],
    ['the wrong way round', [aChange(ANAS, 60), aChange({ ...ANAS, kind: 'removed', eventId: 'event-0' }, 50)]],
  ])('removed and made again, told %s, it is standing and stays', async (_how, changes) => {
    for (const change of changes) await heed(change);
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
  });

  test('removed by somebody else, the request ends at once and its workflow is woken', async () => {
    bench.take(ANAS_ASSIGNMENT);
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    const request = await bench.services.requests.get('r1');
    expect(request).toMatchObject({ state: 'ending', endingAt: '2026-01-05T12:01:30.000Z' });
    expect(request?.events.at(-1)).toMatchObject({ type: 'removed-by-others', state: 'ending', by: ADMINISTRATOR.id });
    expect(bench.told.woken).toEqual(['r1']);
    expect(bench.told.lost).toEqual([expect.objectContaining({ by: ADMINISTRATOR })]);
  });

  test('removed by somebody else before it is known to be made, the request ends, unless something is there', async () => {
    for (const isThere of [true, false]) {
      bench = workbench();
      bench.pass(90);
      await bench.grant({ state: 'granting', grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
      if (!isThere) bench.take(ANAS_ASSIGNMENT);
      await heed(aChange({ ...ANAS, kind: 'removed' }));
      expect((await bench.services.requests.get('r1'))?.state).toBe(isThere ? 'granting' : 'ending');
      expect(bench.told.woken).toEqual(isThere ? [] : ['r1']);
      expect(bench.told.lost).toHaveLength(isThere ? 0 : 1);
    }
  });

  test('a removal told twice ends the request once and tells once', async () => {
    bench.take(ANAS_ASSIGNMENT);
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    expect((await types()).filter((type) => type === 'removed-by-others')).toHaveLength(1);
    expect(bench.told.lost).toHaveLength(1);
  });

  test('a removal from just before the grant, told late, does not cost the person their access', async () => {
    await heed(aChange({ ...ANAS, kind: 'removed' }, -20));
    expect((await bench.services.requests.get('r1'))?.state).toBe('active');
  });

  test('the access that had the assignment ends, and others do not', async () => {
    const first = await bench.services.requests.get('r1');
    if (first === undefined) throw new Error('r1 is not there');
    await bench.grant({ id: 'r3', requester: { ...first.requester, principalId: 'user-cleo' } });
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    const states = await Promise.all(['r1', 'r3'].map((id) => bench.services.requests.get(id)));
    expect(states.map((request) => request?.state)).toEqual(['ending', 'active']);
  });

  test('one that is being removed by us is no standing one, whoever makes it', async () => {
    await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
    await bench.leaseStore.beginRemoval(ANAS_ASSIGNMENT, 'r1', '2026-01-05T12:01:20.000Z');
    await heed(aChange(ANAS));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
    expect(await types()).not.toContain('made-standing');
  });

  test('the request has ended even if nobody could be told', async () => {
    bench.services.teller.interfered = () => Promise.reject(new Error('Slack is down'));
    await expect(heed(aChange({ ...ANAS, kind: 'removed' }))).rejects.toThrow('Slack is down');
    expect((await bench.services.requests.get('r1'))?.state).toBe('ending');
  });
});

test('a removed membership, named by an id that nobody knows, is found though another cannot be looked at', async () => {
  const { requester } = await bench.grant({ id: 'r1', target: { groupId: 'group-left-out' } });
  await bench.grant({
    id: 'r2',
    requester: { ...requester, principalId: 'user-ben' },
    target: { groupId: 'group-oncall' },
  });
  bench.services.assignments = {
    ...bench.services.assignments,
    exists: async ({ principalId }) => {
      if (principalId === 'user-ana') throw new Error('AccessDenied');
      return false;
    },
  };
  const { assignment: _unknown, ...removed } = aChange({ kind: 'removed' }, 90);
  // Delivered again, it may be found as well.
  await expect(heed(removed)).rejects.toThrow('AccessDenied');
  const states = await Promise.all(['r1', 'r2'].map((id) => bench.services.requests.get(id)));
  expect(states.map((request) => request?.state)).toEqual(['active', 'ending']);
});
