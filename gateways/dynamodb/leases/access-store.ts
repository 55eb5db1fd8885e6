import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { AccessStore, Begin } from '../../../core/access/lease/ports.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { Update, written } from '../conditional.ts';
import { grantedUpdate, holdUpdate } from './hold-store.ts';

/** How often a write that collides with another one is tried. */
const MOST_ATTEMPTS = 5;

/** Writes requests, leases and holds of the request table that have to change together. */
export function createAccessStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AccessStore {
  const { client, tableName: TableName } = options;

  return {
    async begin(begin) {
      const key = assignmentKey(begin.assignment);
      const TransactItems = [
        { Update: { TableName, Key: { id: begin.requestId }, ...written(beginning(begin)) } },
        { Update: { TableName, Key: { id: key }, ...written(lookedAt(begin)) } },
        { Update: holdUpdate(TableName, begin.assignment, begin.hold) },
        { Update: grantedUpdate(TableName, begin.requestId, begin.granted) },
      ];
      for (let attempt = 1; ; attempt++) {
        try {
          await client.send(new TransactWriteCommand({ TransactItems }));
          return true;
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
          if (codes.includes('ConditionalCheckFailed')) return false;
          // Another write to one of the items is in progress; the SDK does not retry this error.
          if (!codes.includes('TransactionConflict') || attempt === MOST_ATTEMPTS) throw error;
        }
      }
    },
  };
}

function beginning({ from, set, event }: Begin): Update {
  const update = new Update();
  update.when(`${update.name('state')} IN (${from.map((state) => update.value(state)).join(', ')})`);
  update.set('state', 'granting').append('events', [event]);
  for (const [field, value] of Object.entries(set)) if (value !== undefined) update.set(field, value);
  return update;
}

/** Stores what the grant's look showed. If the lease says otherwise by now, the condition fails and nothing begins. */
function lookedAt({ requestId, standing }: Begin): Update {
  const update = new Update().set('standing', standing);
  const [known, same] = [update.name('standing'), update.value(standing)];
  return update
    .when(`contains(${update.name('leases')}, ${update.value(requestId)})`)
    .when(`attribute_not_exists(${update.name('removing')})`)
    .when(`attribute_not_exists(${known}) OR ${known} = ${same}`);
}
