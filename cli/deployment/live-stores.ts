import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { heldNow } from '../../core/access/request/held.ts';
import { documentClientOver } from '../../gateways/dynamodb/document-client.ts';
import { createFreezeStore } from '../../gateways/dynamodb/freeze-store.ts';
import { createHoldStore } from '../../gateways/dynamodb/leases/hold-store.ts';
import { createLockStore } from '../../gateways/dynamodb/lock-store.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { operatorsAssignees } from '../../gateways/identity-center/assignees.ts';
import type { LiveStores, TableNames } from '../terminal/io.ts';

/** What the request table has about people besides their requests, read as the functions read it. */
export function liveStores({ requestTable: tableName }: TableNames, now: () => Date): LiveStores {
  const client = documentClientOver(new DynamoDBClient({}));
  const options = { client, tableName, now, newId: randomUUID };
  const services = { holds: createHoldStore(options), requests: createRequestStore(options), now };
  return {
    ...operatorsAssignees(now),
    async held(principalId, target, isExtension) {
      const { current, past } = await heldNow({ requester: { principalId }, target }, services);
      return { current, past, isExtension };
    },
    frozen: () => createFreezeStore(options).frozen(),
    locked: (principalId) => createLockStore(options).get(principalId),
  };
}
