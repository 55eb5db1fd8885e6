import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { stepPass } from '../../../core/drift/check-provisioned.ts';
import { handleChange } from '../../../core/drift/handle-change.ts';
import { DRIFT_PASS_ID, driftId } from '../../../core/model/stored-ids.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { REQUEST_TABLE } from '../../contracts/emulated.ts';
import { BENS, REVOKE, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});

const put = (Item: Record<string, unknown>) => bench.dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
const drop = (id: string) => bench.dynamo.send(new DeleteCommand({ TableName: REQUEST_TABLE, Key: { id } }));
const step = () => {
  bench.beginStep();
  return stepPass(bench.services);
};

describe.each([
  ['with no revision', {}],
  ['with a revision that is no number', { revision: ['x', 1] }],
  ['with the highest possible revision', { revision: Number.MAX_SAFE_INTEGER }],
  ['with a negative revision', { revision: -1 }],
  ['that lacks only its assignment', { revision: 7, state: 'drift', endsAt: '2026-01-05T09:00:00.000Z' }],
])('a spoiled drift item %s', (_, written) => {
  beforeEach(() => put({ id: driftId(assignmentKey(BENS)), ...written }));

  test('does not hide the assignment, which is reported once', async () => {
    bench.give(BENS);
    for (let pass = 0; pass < 3; pass += 1) {
      expect(await step()).toMatchObject({ outcome: 'finished', failures: 0, told: pass === 0 ? 1 : 0 });
      bench.pass(7 * 3600);
    }
    expect(bench.told.found.map(({ assignment }) => assignment)).toEqual([BENS]);
    expect(await bench.services.drift.get(BENS)).toMatchObject({ status: 'told', assignment: BENS });
  });

  test('is deleted when a rule ignores the assignment', async () => {
    bench = workbench({ rules: [{ ...REVOKE, action: 'ignore' }] });
    await put({ id: driftId(assignmentKey(BENS)), ...written });
    bench.give(BENS);
    expect(await step()).toMatchObject({ outcome: 'finished', failures: 0, told: 0 });
    expect(await bench.services.drift.get(BENS)).toBeUndefined();
  });
});

describe('the stored progress of the full pass', () => {
  test.each([
    ['it cannot be read at all', { startedAt: 12, revision: 'x' }],
    ['it has no revision', { startedAt: '2026-01-05T09:00:00.000Z', checked: 0, found: 0, failures: 0 }],
    ['its start time is no date', { startedAt: 'never', checked: 0, found: 0, failures: 0, revision: 4 }],
  ])('does not keep passes from running when %s', async (_, written) => {
    await put({ id: DRIFT_PASS_ID, ...written });
    bench.give(BENS);
    expect(await step()).toMatchObject({ outcome: 'finished', told: 1 });
    expect(bench.told.failures).toHaveLength(1);
    expect(await step()).toMatchObject({ outcome: 'not-due' });
    expect(bench.told.failures).toHaveLength(1);
  });

  test('does not put off the next pass by a start time in the future, finished or under way', async () => {
    for (const rest of [{ finishedAt: '2026-01-05T09:00:00.000Z' }, { unit: '~memberships' }]) {
      await drop(DRIFT_PASS_ID);
      await put({
        id: DRIFT_PASS_ID,
        ...{ startedAt: '9999-01-01T00:00:00.000Z', checked: 0, found: 0, failures: 0, revision: 4 },
        ...rest,
      });
      expect(await step()).toMatchObject({ outcome: 'finished' });
      expect(await bench.services.drift.pass()).toMatchObject({ startedAt: bench.now().toISOString(), revision: 5 });
    }
  });
});

test('a change in CloudTrail is reported, once, even if the stored drift item is spoiled', async () => {
  await put({ id: driftId(assignmentKey(BENS)), state: 'drift' });
  bench.give(BENS);
  const change = {
    ...{ kind: 'made' as const, eventId: 'event-1', at: bench.now().toISOString(), assignment: BENS },
    ...{ by: { id: 'arn:olga', name: 'olga' }, caller: 'other' as const, principalType: 'USER' as const },
  };
  await handleChange(change, bench.services);
  expect(bench.told.found.map(({ assignment }) => assignment)).toEqual([BENS]);
  await handleChange(change, bench.services);
  expect(bench.told.found).toHaveLength(1);
});
