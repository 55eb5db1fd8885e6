import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import type { AuditLog } from '../../core/audit/ports.ts';
import { factId, lostFactId, recordChangeId, refusalId } from '../../core/model/stored-ids.ts';
import { conditionally, type Item } from './conditional.ts';

/**
 * The write of a fact, to be sent alone or in a transaction with the change it tells of, so that neither is there without the
 * other.
 *
 * @param id of the item, by which it is known to be a fact of its kind
 */
export function factPut(
  TableName: string,
  id: string,
  fact: AuditFact,
): { readonly TableName: string; readonly Item: Item; readonly ConditionExpression: string } {
  return {
    TableName,
    Item: { id, ...fact },
    ConditionExpression: 'attribute_not_exists(id)',
  };
}

interface FactTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Facts of refused actions, under ids of their own. */
export function createRefusalLog(table: FactTable): AuditLog {
  return logUnder(refusalId, table);
}

/** Facts of changed records, under ids of their own: the sequence numbers of the stream. */
export function createRecordChangeLog(table: FactTable): AuditLog {
  return logUnder(recordChangeId, table);
}

/** Facts of access that no record spoke of, under ids of their own. */
export function createLostLog(table: FactTable): AuditLog {
  return logUnder(lostFactId, table);
}

/** Facts that belong to no request, in the request table, whose stream carries every event to where it is kept. */
export function createAuditLog(table: FactTable): AuditLog {
  return logUnder(factId, table);
}

function logUnder(idOf: (rest: string) => string, { client, tableName }: FactTable): AuditLog {
  return {
    async write(id, fact) {
      await conditionally(() => client.send(new PutCommand(factPut(tableName, idOf(id), fact))));
    },
  };
}
