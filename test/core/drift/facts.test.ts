import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { handleChange } from '../../../core/drift/handle-change.ts';
import { factId } from '../../../core/model/stored-ids.ts';
import { assignmentIds } from '../../../core/model/target.ts';
import { REQUEST_TABLE } from '../../contracts/emulated.ts';
import { ANAS_ASSIGNMENT } from '../access/requests.ts';
import { ADMINISTRATOR, aChange, BENS, type Workbench, workbench } from './workbench.ts';

let bench: Workbench;

beforeEach(() => {
  bench = workbench();
  bench.pass(90);
});

/** A fact in the audit. */
async function audited(id: string): Promise<unknown> {
  const Key = { id: factId(id) };
  return (await bench.dynamo.send(new GetCommand({ TableName: REQUEST_TABLE, Key }))).Item;
}

test('the claim of an assignment that one of Glasshammer’s roles made under no live request is said in the audit', async () => {
  bench.give(BENS);
  await handleChange(aChange({ caller: 'ours', operationId: 'nobody-asked' }), bench.services);
  expect(await audited('drift-event-1-unrequested')).toMatchObject({
    type: 'drift-found',
    by: ADMINISTRATOR.id,
    note: 'made by a role of Glasshammer under no live request; it is removed',
    ids: [assignmentIds(BENS)],
  });
});

test('the end of a request whose assignment somebody else removed is said in the audit', async () => {
  await bench.grant();
  bench.take(ANAS_ASSIGNMENT);
  await handleChange(aChange({ assignment: ANAS_ASSIGNMENT, kind: 'removed' }), bench.services);
  expect(await audited('drift-r1-2026-01-05T12:01:00.000Z')).toMatchObject({
    type: 'drift-found',
    by: ADMINISTRATOR.id,
    note: 'removed outside of Glasshammer; request r1 ends',
    ids: [assignmentIds(ANAS_ASSIGNMENT)],
  });
});

test('an assignment that somebody else made is said in the audit', async () => {
  bench.give(BENS);
  await handleChange(aChange(), bench.services);
  expect(await audited('drift-event-1-2026-01-05T12:01:30.000Z')).toMatchObject({
    type: 'drift-found',
    by: ADMINISTRATOR.id,
    note: 'made outside of Glasshammer; warn',
    ids: [assignmentIds(BENS)],
  });
});
