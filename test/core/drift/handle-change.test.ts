import { handleChange } from '../../../core/drift/handle-change.ts';
import type { AssignmentChange } from '../../../core/drift/types.ts';
import { enter } from '../../../core/model/events.ts';
import { readTrailEvent } from '../../../lambdas/watch-assignments/trail-event.ts';
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

test('what Glasshammer makes and removes itself is not reported as drift', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect(await heed(aChange({ ...ANAS, caller: 'ours', operationId: 'operation-1' }))).toEqual({
    outcome: 'own',
    told: 0,
  });
  expect(await heed(aChange({ ...ANAS, kind: 'removed', caller: 'ours' }))).toEqual({ outcome: 'own', told: 0 });
  expect(bench.told.messages).toBe(0);
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
});

test('an assignment with the operation id of a request ends with it, even if the caller’s role is unknown', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect((await heed(aChange({ ...ANAS, caller: 'unknown', operationId: 'operation-1' }))).outcome).toBe('own');
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
});

test('an unknown role in Glasshammer’s account cannot make access stay after its request', async () => {
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
  expect((await heed(aChange({ ...ANAS, caller: 'unknown', operationId: 'operation-2' }))).outcome).toBe('told');
  expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  expect(await types()).not.toContain('made-standing');
});

test('an assignment that one of Glasshammer’s roles made under no live request is claimed for removal by the sweep', async () => {
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
  // The same event delivered again does not claim it again.
  expect((await heed(aChange({ caller: 'ours', operationId: 'nobody-asked' }))).outcome).toBe('own');
});

test('a group assignment made with a role of Glasshammer, which may be stolen, is reported whatever rules ignore', async () => {
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

test('a late event of an assignment that Glasshammer has removed since does not take away what an administrator gave anew', async () => {
  bench.give(BENS);
  await bench.leaseStore.noteAbsent(BENS, bench.now().toISOString());
  expect((await heed(aChange({ caller: 'ours', operationId: 'of-an-ended-request' }))).outcome).toBe('own');
  expect(await bench.services.leases.get(BENS)).toBeUndefined();
});

describe('when an administrator gave and removed the access before the grant, and the events come in the wrong order', () => {
  const standing = async () => (await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing;

  it.each([
    ['within a second', 60],
    ['some seconds later', 65],
  ])('the request’s access does not outlast its end (removed %s)', async (_when, takenAfter) => {
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, takenAfter));
    await bench.grant();
    await heed(aChange(ANAS));
    expect(await standing()).toBe(false);
    expect(await types()).not.toContain('made-standing');
  });

  it('the access stays if the administrator gave it anew after that', async () => {
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 65));
    await bench.grant();
    await heed(aChange({ ...ANAS, eventId: 'event-3' }, 70));
    expect(await standing()).toBe(true);
    expect(await types()).toContain('made-standing');
  });
});

describe('an assignment that both Glasshammer and an administrator have made', () => {
  const OURS = { caller: 'ours', operationId: 'operation-1', eventId: 'ours' } as const;

  it('stays when CloudTrail repeats Glasshammer’s event after the request has ended and left the assignment', async () => {
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

  it('stays when the event of Glasshammer’s making comes last and its request is over', async () => {
    bench.give(BENS);
    await heed(aChange({}, 70));
    expect((await heed(aChange(OURS, 60))).outcome).toBe('own');
    expect(await bench.services.leases.get(BENS)).toBeUndefined();
  });

  it.each([
    ['stays', 70, false],
    ['is still removed, if the administrator’s is much older and was gone by then,', -70, true],
  ])('%s when the administrator’s event comes after the claim for removal', async (_what, seconds, isClaimed) => {
    bench.give(BENS);
    expect((await heed(aChange(OURS, 60))).outcome).toBe('to-remove');
    await heed(aChange({}, seconds));
    expect((await bench.services.leases.get(BENS)) !== undefined).toBe(isClaimed);
    expect(await bench.services.leases.absentAt(BENS)).toBeUndefined();
  });

  it.each([
    ['stays if the administrator made it just before the lease', 60, true],
    ['ends with the request if the administrator made it long before the lease', 10, false],
  ])('%s', async (_when, seconds, standing) => {
    await heed(aChange(ANAS, seconds));
    await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
    await heed(aChange({ ...ANAS, ...OURS }, 90));
    expect((await bench.services.leases.get(ANAS_ASSIGNMENT))?.standing).toBe(standing);
    expect((await types()).includes('made-standing')).toBe(standing);
  });
});

test('an assignment of a permission set that is not in the configuration is left alone', async () => {
  const elsewhere = {
    ...BENS,
    target: { accountId: '234567890123', permissionSetArn: 'arn:aws:sso:::permissionSet/x/y' },
  };
  expect((await heed(aChange({ assignment: elsewhere }))).outcome).toBe('out-of-scope');
});

test('an assignment made by somebody else is reported with names and its maker, once for repeated events', async () => {
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

test('drift that could not be reported while Slack was down is reported when the event comes again', async () => {
  bench.told.slackIsDown = true;
  await expect(heed(aChange())).rejects.toThrow('Slack is down');
  bench.told.slackIsDown = false;
  await heed(aChange());
  expect(bench.told.messages).toBe(1);
});

test('an assignment that is removed and made again is reported again', async () => {
  await heed(aChange());
  await heed(aChange({ kind: 'removed', eventId: 'event-2' }, 70));
  await heed(aChange({ eventId: 'event-3' }, 80));
  expect(bench.told.found).toHaveLength(2);
});

test('a late event of an older removal does not forget the drift or change its grace period', async () => {
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

test('drift that a rule ignores is neither reported nor remembered', async () => {
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

  test('one that somebody else makes as well is standing from then on, and the request says who made it', async () => {
    await heed(aChange(ANAS));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
    const event = (await bench.services.requests.get('r1'))?.events.at(-1);
    expect(event).toMatchObject({ type: 'made-standing', by: ADMINISTRATOR.id, note: `by ${ADMINISTRATOR.name}` });
    expect(bench.told.found).toEqual([expect.objectContaining({ leased: true })]);
    expect(bench.told.stories).toEqual(['r1']);
  });

  test.each([
    ['failed to make', { asyncFailure: 'Received a 409 status error' }, false],
    ['made', undefined, true],
  ])('one that others asked for counts only if it was made (Identity Center %s it)', async (_how, fault, standing) => {
    if (fault !== undefined) bench.faults.add({ operation: 'sso-admin:CreateAccountAssignment', ...fault });
    const { operationId = '' } = await bench.assignments.create(ANAS_ASSIGNMENT);
    bench.pass(60);
    await heed(aChange({ ...ANAS, operationId }, 100));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(standing);
    expect((await types()).includes('made-standing')).toBe(standing);
    expect(bench.told.messages).toBe(standing ? 1 : 0);
  });

  test('one that seems some seconds older than the request, by another clock, is standing all the same', async () => {
    await heed(aChange(ANAS, -20));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
    expect(await types()).toContain('made-standing');
  });

  test('the same event delivered again adds nothing to the request’s history', async () => {
    await heed(aChange(ANAS));
    await heed(aChange(ANAS));
    expect((await types()).filter((type) => type === 'made-standing')).toHaveLength(1);
    expect(bench.told.messages).toBe(1);
  });

  test('the request’s history says last that somebody else made it anew after removing it', async () => {
    await heed(aChange(ANAS, 60));
    await heed(aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70));
    for (const _twice of [1, 2]) await heed(aChange({ ...ANAS, eventId: 'event-3' }, 80));
    expect((await types()).slice(-3)).toEqual(['made-standing', 'removed-by-others', 'made-standing']);
  });

  test('one that somebody else made an hour before the lease is not standing: the grant has looked since', async () => {
    await heed(aChange(ANAS, -3600));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  });

  test.each([
    ['in order', [aChange(ANAS, 60), aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70)]],
    ['in the wrong order', [aChange({ ...ANAS, kind: 'removed', eventId: 'event-2' }, 70), aChange(ANAS, 60)]],
  ])('one that others made and removed again does not outlast the request (events come %s)', async (_how, changes) => {
    for (const change of changes) await heed(change);
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
  });

  test.each([
    ['in order', [aChange({ ...ANAS, kind: 'removed', eventId: 'event-0' }, 50), aChange(ANAS, 60)]],
    ['in the wrong order', [aChange(ANAS, 60), aChange({ ...ANAS, kind: 'removed', eventId: 'event-0' }, 50)]],
  ])('one that somebody else removed and made again is standing (events come %s)', async (_how, changes) => {
    for (const change of changes) await heed(change);
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
  });

  test('when somebody else removes it, the request ends at once and its workflow is woken', async () => {
    bench.take(ANAS_ASSIGNMENT);
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    const request = await bench.services.requests.get('r1');
    expect(request).toMatchObject({ state: 'ending', endingAt: '2026-01-05T12:01:30.000Z' });
    expect(request?.events.at(-1)).toMatchObject({ type: 'removed-by-others', state: 'ending', by: ADMINISTRATOR.id });
    expect(bench.told.woken).toEqual(['r1']);
    expect(bench.told.lost).toEqual([expect.objectContaining({ by: ADMINISTRATOR })]);
  });

  test('when somebody else removes it during the grant, the request ends unless the assignment is still there', async () => {
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

  test('a removal event delivered twice ends the request once and notifies once', async () => {
    bench.take(ANAS_ASSIGNMENT);
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    expect((await types()).filter((type) => type === 'removed-by-others')).toHaveLength(1);
    expect(bench.told.lost).toHaveLength(1);
  });

  test('a late event of a removal from just before the grant does not cost the requester their access', async () => {
    await heed(aChange({ ...ANAS, kind: 'removed' }, -20));
    expect((await bench.services.requests.get('r1'))?.state).toBe('active');
  });

  test('a removal in the second in which the access began ends it only if the assignment is gone', async () => {
    const { accountId, permissionSetArn } = { accountId: '', permissionSetArn: '', ...ANAS_ASSIGNMENT.target };
    const detail = {
      eventID: 'event-1',
      eventName: 'DeleteAccountAssignment',
      eventSource: 'sso.amazonaws.com',
      eventTime: '2026-01-05T12:00:00Z',
      userIdentity: { arn: ADMINISTRATOR.id },
      requestParameters: {
        instanceArn: bench.instanceArn,
        targetId: accountId,
        targetType: 'AWS_ACCOUNT',
        permissionSetArn,
        principalType: 'USER',
        principalId: ANAS_ASSIGNMENT.principalId,
      },
    };
    const { instanceArn, identityStoreId } = bench;
    const change = readTrailEvent(
      { 'detail-type': 'AWS API Call via CloudTrail', detail },
      { instanceArn, identityStoreId, ownRoles: [] },
    );
    if (change === undefined) throw new Error('the event changes nothing');
    await bench.services.requests.change('r1', { from: ['active'], set: { startsAt: '2026-01-05T12:00:00.500Z' } });
    await heed(change);
    expect((await bench.services.requests.get('r1'))?.state).toBe('active');
    bench.take(ANAS_ASSIGNMENT);
    await heed({ ...change, eventId: 'event-2' });
    expect((await bench.services.requests.get('r1'))?.state).toBe('ending');
  });

  test('only the request that holds the removed assignment ends, not another person’s', async () => {
    const first = await bench.services.requests.get('r1');
    if (first === undefined) throw new Error('r1 is not there');
    await bench.grant({ id: 'r3', requester: { ...first.requester, principalId: 'user-cleo' } });
    await heed(aChange({ ...ANAS, kind: 'removed' }));
    const states = await Promise.all(['r1', 'r3'].map((id) => bench.services.requests.get(id)));
    expect(states.map((request) => request?.state)).toEqual(['ending', 'active']);
  });

  test('one that Glasshammer is already removing does not become standing when somebody else makes it', async () => {
    await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
    await bench.leaseStore.beginRemoval(ANAS_ASSIGNMENT, 'r1', '2026-01-05T12:01:20.000Z');
    await heed(aChange(ANAS));
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(false);
    expect(await types()).not.toContain('made-standing');
  });

  test('the request ends even if Slack is down and nobody can be notified', async () => {
    bench.services.teller.interfered = () => Promise.reject(new Error('Slack is down'));
    await expect(heed(aChange({ ...ANAS, kind: 'removed' }))).rejects.toThrow('Slack is down');
    expect((await bench.services.requests.get('r1'))?.state).toBe('ending');
  });
});

test('a removed membership, which CloudTrail names by an opaque id, is found even if another cannot be read', async () => {
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
  // The error has the event delivered again, so that the other membership is looked at once more.
  await expect(heed(removed)).rejects.toThrow('AccessDenied');
  const states = await Promise.all(['r1', 'r2'].map((id) => bench.services.requests.get(id)));
  expect(states.map((request) => request?.state)).toEqual(['active', 'ending']);
});
