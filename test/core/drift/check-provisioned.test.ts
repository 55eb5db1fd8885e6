import { type PassStep, stepPass } from '../../../core/drift/check-provisioned.ts';
import type { Assignment } from '../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, BREAK_GLASS } from '../access/requests.ts';
import { BENS, READ_ONLY, REVOKE, STAGING, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;

const step = (): Promise<PassStep> => {
  bench.beginStep();
  return stepPass(bench.services);
};

/** Steps until the pass is finished. */
async function wholePass(): Promise<PassStep[]> {
  const steps: PassStep[] = [];
  do steps.push(await step());
  while (steps.at(-1)?.outcome === 'to-be-continued' && steps.length < 50);
  return steps;
}

const at = (accountId: string, permissionSetArn: string, principalId = 'user-ben'): Assignment => ({
  principalId,
  target: { accountId, permissionSetArn },
});

beforeEach(() => {
  bench = workbench();
});

test('an assignment that no lease holds is reported once, not again on every pass', async () => {
  bench.give(BENS);
  await wholePass();
  bench.pass(7 * 3600);
  await wholePass();
  expect(bench.told.found.map(({ assignment }) => assignment)).toEqual([BENS]);
  expect(bench.told.messages).toBe(1);
});

test('an assignment under a lease, one that is being removed and one of a group are not reported as drift', async () => {
  await bench.grant();
  bench.give({ ...BENS, principalId: 'group-developers' }, 'GROUP');
  const cleos = at(STAGING, BREAK_GLASS, 'user-cleo');
  await bench.grant({
    id: 'r2',
    requester: { ...(await bench.grant()).requester, principalId: 'user-cleo' },
    target: { accountId: STAGING, permissionSetArn: BREAK_GLASS },
  });
  await bench.leaseStore.drop(cleos, 'r2');
  await bench.leaseStore.beginRemoval(cleos, 'r2', '2026-01-05T12:00:00.000Z');
  await wholePass();
  expect(bench.told.found).toEqual([]);
});

test('the next pass waits for its interval, but starts at once after an operator has switched the mode', async () => {
  await wholePass();
  bench.pass(60);
  expect((await step()).outcome).toBe('not-due');
  await bench.services.drift.setMode({ mode: 'enforcing', by: 'cli:olga', at: bench.now().toISOString() });
  expect((await step()).outcome).toBe('finished');
  bench.pass(6 * 3600 + 1);
  expect((await step()).outcome).toBe('finished');
});

test('a switch of mode makes exactly one pass run early, even if the operator’s clock is years off', async () => {
  await wholePass();
  for (const at of ['2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z']) {
    await bench.services.drift.setMode({ mode: 'enforcing', by: 'cli:olga', at });
    bench.pass(60);
    expect((await step()).outcome).toBe('finished');
    bench.pass(60);
    expect((await step()).outcome).toBe('not-due');
  }
});

test('a pass that is split into many steps finds the same as a single step, and hardly reads more', async () => {
  const accounts = bench.world.accounts.map(({ id }) => id).filter((id) => id !== '999999999999');
  const given = accounts.flatMap((id) => [at(id, READ_ONLY), at(id, BREAK_GLASS)]);
  for (const assignment of given) bench.give(assignment);
  bench.services.rules = [{ ...REVOKE, action: 'ignore' }];
  await wholePass();
  const whole = bench.callsMade();

  const cut = workbench({ callsPerStep: 3 });
  for (const assignment of given) cut.give(assignment);
  bench = cut;
  const steps = await wholePass();
  expect(steps.length).toBeGreaterThan(3);
  expect(cut.told.found).toHaveLength(given.length);
  // On top of what one step reads: a second look at each new finding, and for each step the list that it resumes in.
  expect(cut.callsMade()).toBeLessThanOrEqual(whole + given.length + steps.length);
});

test('when the assignments of one account and permission set cannot be read, drift elsewhere is still reported', async () => {
  bench.give(BENS);
  bench.give(at(STAGING, BREAK_GLASS));
  bench.faults.add({ operation: 'sso-admin:ListAccountAssignments', error: 'InternalServerException', times: 1 });
  const [only] = await wholePass();
  expect(only).toMatchObject({ outcome: 'finished', failures: 1, told: 1 });
  expect(bench.told.failures).toHaveLength(1);
});

test('an assignment of a user deleted from the directory is reported as such, and hides no other drift', async () => {
  bench.world.users = bench.world.users.filter(({ id }) => id !== 'user-ben');
  bench.give(BENS);
  bench.give(at('123456789012', READ_ONLY, 'user-cleo'));
  expect(await wholePass()).toMatchObject([{ outcome: 'finished', failures: 0, told: 2 }]);
  const gone = bench.told.found.map(({ assignment, names }) => [assignment.principalId, names.principalGone]);
  expect(gone.sort()).toEqual([
    ['user-ben', true],
    ['user-cleo', undefined],
  ]);
});

test('a finding whose account tags cannot be read is one failure, and drift in other accounts is still reported', async () => {
  bench.services.rules = [{ ...REVOKE, accounts: ['tag:env=prod'] }];
  bench.give(BENS);
  bench.give(at('123456789012', READ_ONLY));
  bench.faults.add({ operation: 'organizations:ListTagsForResource', error: 'TargetNotFoundException', times: 1 });
  expect(await wholePass()).toMatchObject([{ outcome: 'finished', failures: 1, told: 1 }]);
});

test('a request whose assignment has vanished ends even while Slack is down and drift cannot be reported', async () => {
  await bench.grant();
  bench.take(ANAS_ASSIGNMENT);
  bench.give(BENS);
  bench.pass(600);
  bench.told.slackIsDown = true;
  await expect(step()).rejects.toThrow('Slack is down');
  expect((await bench.services.requests.get('r1'))?.state).toBe('ending');
});

test('a step that AWS throttles stops, and the next step goes on from there', async () => {
  bench.give(BENS);
  bench.faults.add({ operation: 'sso-admin:ListAccountAssignments', error: 'ThrottlingException', times: 1 });
  expect(await step()).toMatchObject({ outcome: 'to-be-continued', told: 0 });
  expect(await step()).toMatchObject({ outcome: 'finished', told: 1 });
});

test('a pass that takes longer than the interval between passes is marked as late', async () => {
  bench = workbench({ callsPerStep: 1 });
  bench.give(BENS);
  expect((await step()).late).toBe(false);
  bench.pass(6 * 3600 + 60);
  expect((await step()).late).toBe(true);
});

test('remembered drift is forgotten once its assignment is gone, even if nothing is provisioned there any more', async () => {
  bench.give(BENS);
  await wholePass();
  bench.take(BENS);
  bench.pass(7 * 3600);
  await wholePass();
  expect(await bench.services.drift.get(BENS)).toBeUndefined();
});

test('a request ends when its assignment is found missing', async () => {
  await bench.grant();
  bench.take(ANAS_ASSIGNMENT);
  bench.pass(600);
  await wholePass();
  expect((await bench.services.requests.get('r1'))?.events.at(-1)).toMatchObject({
    type: 'removed-by-others',
    state: 'ending',
    by: 'unknown',
    note: 'found missing',
  });
});

test('a request granted a minute ago stays active although AWS does not list its assignment yet', async () => {
  await bench.grant();
  bench.take(ANAS_ASSIGNMENT);
  bench.pass(60);
  await wholePass();
  expect((await bench.services.requests.get('r1'))?.state).toBe('active');
});

test('a lease that the table’s index does not show yet causes no false alarm', async () => {
  await bench.grant();
  const { leases } = bench.services;
  bench.services.leases = { ...leases, all: async function* () {} };
  await wholePass();
  expect(bench.told.found).toEqual([]);
});

test('an assignment that Glasshammer removes while the pass is reading causes no false alarm', async () => {
  await bench.grant();
  const { leases, provisioned } = bench.services;
  bench.services.leases = { ...leases, all: async function* () {} };
  let reads = 0;
  bench.services.provisioned = {
    ...provisioned,
    usersOf: async (pair) => {
      const users = await provisioned.usersOf(pair);
      reads += 1;
      // After the first look the revoke removes the assignment, and then deletes its lease item.
      if (reads === 1) {
        const item = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
        bench.take(ANAS_ASSIGNMENT);
        if (item !== undefined) await bench.leaseStore.forget(item);
      }
      return users;
    },
  };
  await wholePass();
  expect(bench.told.found).toEqual([]);
});

test('the pass goes through accounts when the configuration has fewer accounts than permission sets', async () => {
  bench.services.scope = { ...bench.services.scope, accounts: [STAGING] };
  bench.give(BENS);
  bench.give(at('123456789012', READ_ONLY));
  await wholePass();
  expect(bench.calls.snapshot()['sso-admin:ListPermissionSetsProvisionedToAccount']).toBe(1);
  expect(bench.told.found.map(({ assignment }) => assignment)).toEqual([BENS]);
});

test('when one membership cannot be read, the request of another one that has vanished still ends', async () => {
  const grant = (id: string, principalId: string) => {
    const requester = { slackId: 'U0', principalId, userName: id, displayName: id, email: id };
    return bench.grant({
      id,
      requester,
      target: { groupId: principalId === 'user-ana' ? 'group-left-out' : 'group-oncall' },
    });
  };
  for (const [id, principalId] of [
    ['r1', 'user-ana'],
    ['r2', 'user-ben'],
  ] as const) {
    const { events } = await grant(id, principalId);
    expect(events.some(({ type }) => type === 'granted')).toBe(true);
  }
  bench.pass(600);
  const { exists } = bench.services.assignments;
  bench.services.assignments = {
    ...bench.services.assignments,
    exists: async (assignment) => {
      if (assignment.principalId === 'user-ana') throw new Error('AccessDenied');
      return exists(assignment);
    },
  };
  await wholePass();
  expect((await bench.services.requests.get('r2'))?.state).toBe('ending');
  expect(bench.told.failures).toHaveLength(1);
});

describe('drift that the sweep has removed', () => {
  beforeEach(async () => {
    const item = {
      assignment: BENS,
      status: 'removed' as const,
      due: '2026-01-05T11:00:00.000Z',
      foundAt: '2026-01-05T10:00:00.000Z',
    };
    await bench.services.drift.put({ ...item, names: {}, action: 'revoke', rules: '[]' }, undefined);
  });

  it('is reported as removed, and then forgotten', async () => {
    await step();
    await step();
    expect(bench.told.removed).toHaveLength(1);
    expect(await bench.services.drift.get(BENS)).toBeUndefined();
  });

  it('is reported by a later step if Slack was down, and lost access is found all the same', async () => {
    await bench.grant();
    bench.take(ANAS_ASSIGNMENT);
    bench.pass(600);
    const { removed } = bench.services.teller;
    bench.services.teller.removed = () => Promise.reject(new Error('Slack is down'));
    expect(await step()).toMatchObject({ outcome: 'finished', failures: 1 });
    expect((await bench.services.requests.get('r1'))?.state).toBe('ending');
    bench.services.teller.removed = removed;
    expect(await step()).toMatchObject({ failures: 0 });
    expect(bench.told.removed).toHaveLength(1);
  });
});
