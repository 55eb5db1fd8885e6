import { type DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { DoctorPorts } from '../../core/doctor/ports.ts';
import { readable } from '../../core/drift/types.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { isInstant } from '../../core/model/events.ts';
import { OPEN_STATES } from '../../core/model/life-cycle.ts';
import { assignmentOf, type RequestState } from '../../core/model/request.ts';
import { assignmentIds, assignmentKey } from '../../core/model/target.ts';
import { createDriftStore } from '../dynamodb/drift-store.ts';
import { createFreezeStore } from '../dynamodb/freeze-store.ts';
import { createLeaseStore } from '../dynamodb/leases/lease-store.ts';
import { createRequestStore } from '../dynamodb/requests/request-store.ts';
import { schemaItem } from '../dynamodb/schema-item.ts';

/** States in which the requester may have access. */
const HELD: readonly RequestState[] = ['granting', 'active', 'ending'];
/** The sweep runs every five minutes, and a removal takes some time. Milliseconds. */
const GRACE_MS = 15 * 60_000;

/** What the doctor reads of the two tables. */
export function lookAtTables(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly requestTable: string;
}): Pick<DoctorPorts, 'records' | 'frozen' | 'schema' | 'driftMode' | 'driftPass' | 'heartbeat' | 'overdue' | 'open'> {
  const { client, accessTable, requestTable } = options;
  const unused = () => '';
  const freezes = createFreezeStore({ client, tableName: requestTable, newId: unused });
  const drift = createDriftStore({ client, tableName: requestTable });
  const requests = createRequestStore({ client, tableName: requestTable, now: () => new Date(0) });
  const leases = createLeaseStore({ client, tableName: requestTable, now: () => new Date(0) });

  return {
    async records() {
      const items: AccessItem[] = [];
      for await (const page of paginateScan({ client }, { TableName: accessTable, ConsistentRead: true }))
        items.push(...((page.Items ?? []) as AccessItem[]));
      return items;
    },
    frozen: () => freezes.frozen(),
    schema: () => schemaItem(client, requestTable),
    driftMode: () => drift.mode(),
    driftPass: async () => readable(await drift.pass()),
    async heartbeat(id) {
      const { Item } = await client.send(new GetCommand({ TableName: requestTable, Key: { id } }));
      return typeof Item?.at === 'string' ? Item.at : undefined;
    },
    async *open() {
      const held = new Set<string>();
      for await (const request of requests.inStates(OPEN_STATES)) {
        const { id, state, target, names } = request;
        held.add(assignmentKey(assignmentOf(request)));
        yield { id, state, target, names };
      }
      for await (const { assignment, standing } of leases.all())
        if (standing !== true && !held.has(assignmentKey(assignment)))
          yield { id: assignmentIds(assignment), state: 'lease', target: assignment.target, names: {} };
    },
    async overdue(at) {
      const until = Date.parse(at) - GRACE_MS;
      const late = [];
      for await (const { id, state, endsAt } of requests.inStates(HELD))
        if (!isInstant(endsAt) || Date.parse(endsAt) < until) late.push({ id, state, endsAt });
      return late;
    },
  };
}
