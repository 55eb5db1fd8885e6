import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { newEvents } from '../../core/audit/new-events.ts';
import { ALL_STATES } from '../../core/model/life-cycle.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { parsePolicySet } from '../../core/policy/records/policy-set.ts';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { createAuditHistory } from '../../gateways/dynamodb/audit-history.ts';
import { createDriftStore } from '../../gateways/dynamodb/drift-store.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { createMadeStore } from '../../gateways/dynamodb/leases/made-store.ts';
import { createPolicyStore } from '../../gateways/dynamodb/policies/policy-store.ts';
import { createProposalStore } from '../../gateways/dynamodb/policies/proposal-store.ts';
import { createRecordList } from '../../gateways/dynamodb/policies/record-list.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { createReviewStore } from '../../gateways/dynamodb/requests/review-store.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { type AnyItem, anyItem, anyRecord } from '../scenarios/support/any-item.ts';
import { ACCESS_TABLE, all, emulateAws, REQUEST_TABLE } from './emulated.ts';

const BEFORE = '2026-01-05T11:00:00.000Z';
const OURS = new Set(['r1', assignmentKey(ANAS_ASSIGNMENT), 'p1', 'principal#U0ANA', 'sound']);

/** Tables with one item of each kind, as the program writes it, and items that somebody else wrote. */
async function tables(records: readonly AnyItem[], items: readonly AnyItem[]) {
  const { dynamo: client, now } = emulateAws();
  const own = { client, tableName: REQUEST_TABLE, now };
  const requests = createRequestStore(own);
  const leases = createLeaseStore(own);
  const made = createMadeStore(own);
  const drift = createDriftStore(own);
  const reviews = createReviewStore(own);
  const looks = createReportLooks(own);
  const both = { client, accessTable: ACCESS_TABLE, requestTable: REQUEST_TABLE, now };
  const proposals = createProposalStore({ ...both, sha256: (text) => text });
  const policies = createPolicyStore(both);
  const list = createRecordList(both);
  await requests.create(aRequest('active'));
  await leases.add(ANAS_ASSIGNMENT, 'r1');
  await made.noteMadeByGlasshammer(ANAS_ASSIGNMENT, NOON);
  const found = {
    assignment: ANAS_ASSIGNMENT,
    due: NOON,
    foundAt: NOON,
    names: {},
    action: 'warn',
    rules: '',
  } as const;
  await drift.put({ ...found, status: 'told' }, undefined);
  await reviews.owe('r1', NOON);
  await looks.begin('r1', BEFORE);
  const proposal = {
    id: 'p1',
    principalId: 'user-ana',
    userName: 'ana',
    at: NOON,
    expiresAt: '2026-01-09T12:00:00.000Z',
  };
  await proposals.put({ ...proposal, text: '', base: '', note: '', state: 'proposed' }, 'note');
  const allow = { effect: 'allow', who: ['everyone'], accounts: ['*'], permissionSets: ['*'] };
  const written = [
    { id: 'principal#U0ANA', ssoPrincipal: 'user-ana' },
    { id: 'policy#sound', ...allow },
  ];
  for (const Item of written) await client.send(new PutCommand({ TableName: ACCESS_TABLE, Item }));

  let taken = 0;
  const put = async (TableName: string, Item: AnyItem) =>
    client.send(new PutItemCommand({ TableName, Item: Item as never })).then(
      () => {
        taken += 1;
      },
      // DynamoDB refuses some items, for example one with an index key of another type; these are in no table.
      (error: Error) => expect(error.name).toBe('ValidationException'),
    );
  for (const record of records) await put(ACCESS_TABLE, record);
  for (const item of items) await put(REQUEST_TABLE, item);

  const ours = (ids: readonly string[]) => ids.filter((id) => OURS.has(id));
  const keys = (some: readonly { readonly assignment: Parameters<typeof assignmentKey>[0] }[]) =>
    ours(some.map(({ assignment }) => assignmentKey(assignment)));
  const set = parsePolicySet(await policies.policies('1'));
  return {
    taken,
    read: {
      requests: ours((await all(requests.inStates(ALL_STATES))).map(({ id }) => id)),
      leases: keys(await all(leases.all())),
      made: keys(await all(made.all())),
      drift: keys(await all(drift.inStatus('told'))),
      others: ours(
        (await all(drift.inStatus('removed'))).concat(await all(drift.inStatus('to-remove'))).map(({ rules }) => rules),
      ),
      reviews: ours((await all(reviews.owed())).map(({ requestId }) => requestId)),
      looks: ours(await all(looks.due(NOON))),
      proposals: ours((await proposals.open(NOON)).map(({ id }) => id)),
      principals: ours(
        (await policies.principals()).filter((item) => recordProblem(item) === undefined).map(({ id }) => id),
      ),
      policies: ours(set.policies.map(({ name }) => name)),
      records: ours((await list.records('1')).map(({ id }) => id)),
      history: ours(
        (await all(createAuditHistory(own).items())).flatMap((after) =>
          newEvents({ after, sequenceNumber: '1' } as never).map(({ requestId }) => requestId ?? ''),
        ),
      ),
    },
  };
}

test("every list still shows the program's own items, and none fails, whatever other items the tables hold", async () => {
  const { read } = await tables([], []);
  expect(read).toMatchObject({
    requests: ['r1'],
    leases: [assignmentKey(ANAS_ASSIGNMENT)],
    made: [assignmentKey(ANAS_ASSIGNMENT)],
    drift: [assignmentKey(ANAS_ASSIGNMENT)],
    reviews: ['r1'],
    looks: ['r1'],
    proposals: ['p1'],
    principals: ['principal#U0ANA'],
    policies: ['sound'],
  });
  let taken = 0;
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { maxLength: 12 }),
      fc.array(anyItem, { maxLength: 12 }),
      async (records, items) => {
        const beside = await tables(records, items);
        taken += beside.taken;
        tried += records.length + items.length;
        expect(beside.read).toEqual(read);
      },
    ),
    { numRuns: 25 },
  );
  expect(taken).toBeGreaterThan(tried * 0.7);
});
