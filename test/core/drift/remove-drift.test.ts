import { stepPass } from '../../../core/drift/check-provisioned.ts';
import type { DriftStore } from '../../../core/drift/ports.ts';
import { type RemovedDrift, removeDrift } from '../../../core/drift/remove-drift.ts';
import { type DriftItem, readable } from '../../../core/drift/types.ts';
import { OutOfTimeError } from '../../../core/model/errors.ts';
import { BENS, READ_ONLY, REVOKE, STAGING, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;
let rules = [REVOKE];

const remove = (): Promise<RemovedDrift> =>
  removeDrift({
    ...bench.services,
    assignments: bench.assignments,
    rules,
    hasTimeLeft: () => true,
    onFailure: (error) => bench.told.failures.push(error),
  });
const switchTo = (mode: 'enforcing' | 'report-only') =>
  bench.services.drift.setMode({ mode, by: 'cli:olga', at: bench.now().toISOString() });
const remembered = async (): Promise<DriftItem | undefined> => {
  const item = await bench.services.drift.get(BENS);
  return readable(item);
};

/** An enforced finding whose grace has passed. */
beforeEach(async () => {
  rules = [REVOKE];
  bench = workbench({ rules });
  bench.give(BENS);
  await switchTo('enforcing');
  await stepPass(bench.services);
  bench.pass(1801);
});

/** Runs the sweep's part until Identity Center is done. */
async function removeAll(): Promise<void> {
  await remove();
  bench.pass(300);
  await remove();
}

test('drift that was announced and that no lease holds is removed after its grace period', async () => {
  expect((await remembered())?.status).toBe('to-remove');
  await remove();
  bench.pass(300);
  expect(await remove()).toMatchObject({ removed: 1, ids: [`user-ben ${STAGING} ${READ_ONLY}`] });
  expect(bench.has(BENS)).toBe(false);
  expect((await remembered())?.status).toBe('removed');
  expect(await bench.leaseStore.get(BENS)).toBeUndefined();
});

test('nothing is removed before the grace period is over', async () => {
  const early = workbench({ rules });
  early.give(BENS);
  bench = early;
  await switchTo('enforcing');
  await stepPass(bench.services);
  bench.pass(1700);
  expect(await remove()).toEqual({ removed: 0, failures: 0, complete: true, ids: [] });
  expect(bench.calls.snapshot()['sso-admin:DeleteAccountAssignment']).toBeUndefined();
});

test('nothing is removed once an operator has gone back to report-only', async () => {
  await switchTo('report-only');
  await removeAll();
  expect(bench.has(BENS)).toBe(true);
});

test('nothing is removed if the rules have changed since it was announced', async () => {
  rules = [{ ...REVOKE, action: 'warn' }];
  await removeAll();
  expect(bench.has(BENS)).toBe(true);
});

test('an assignment that a request holds by now is not removed, and its lease stays as it was', async () => {
  await bench.leaseStore.add(BENS, 'r1');
  await bench.leaseStore.noteStanding(BENS, true);
  await removeAll();
  expect(bench.has(BENS)).toBe(true);
  expect((await bench.leaseStore.get(BENS))?.leases).toEqual(['r1']);
});

test('no request can get a lease on the assignment while it is being removed', async () => {
  await remove();
  await expect(bench.leaseStore.add(BENS, 'r1')).rejects.toThrow('being removed');
  bench.pass(300);
  await remove();
  expect((await bench.leaseStore.add(BENS, 'r1')).leases).toEqual(['r1']);
});

test('drift that somebody else has removed is forgotten without a call to delete it', async () => {
  bench.take(BENS);
  await remove();
  expect(await remembered()).toBeUndefined();
  expect(bench.calls.snapshot()['sso-admin:DeleteAccountAssignment']).toBeUndefined();
});

test('a removal that Identity Center fails is tried again', async () => {
  bench.faults.add({ operation: 'sso-admin:DeleteAccountAssignment', asyncFailure: 'no reason', times: 1 });
  await removeAll();
  bench.pass(300);
  await remove();
  expect(bench.has(BENS)).toBe(false);
});

test('one assignment that cannot be removed does not keep the others from being removed', async () => {
  const cleos = { ...BENS, principalId: 'user-cleo' };
  bench.give(cleos);
  bench.pass(7 * 3600);
  await stepPass(bench.services);
  bench.pass(1801);
  bench.faults.add({ operation: 'sso-admin:DeleteAccountAssignment', error: 'ConflictException', times: 1 });
  const first = await remove();
  expect(first.failures).toBe(1);
  bench.pass(300);
  await remove();
  expect([bench.has(BENS), bench.has(cleos)].filter(Boolean)).toHaveLength(1);
});

test('drift that comes back after its removal is announced again before it is removed again', async () => {
  await removeAll();
  bench.give(BENS);
  bench.pass(7 * 3600);
  await stepPass(bench.services);
  expect((await remembered())?.status).toBe('to-remove');
  expect(bench.told.found).toHaveLength(2);
});

test('a list of findings that somebody has made longer than the time of the sweep is left to the next run, and counts', async () => {
  const listed = bench.services.drift.inStatus;
  const drift: DriftStore = {
    ...bench.services.drift,
    async *inStatus(status, how) {
      if (how?.goOn === undefined) throw new Error('nothing says when to stop');
      yield* listed(status, how);
      while (how.goOn());
      throw new OutOfTimeError('no time is left');
    },
  };
  let looks = 0;
  const services = { ...bench.services, drift, assignments: bench.assignments, rules, onFailure: () => {} };
  expect(await removeDrift({ ...services, hasTimeLeft: () => ++looks < 10 })).toMatchObject({
    failures: 0,
    complete: false,
  });
});
