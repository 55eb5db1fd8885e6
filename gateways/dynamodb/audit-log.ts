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

/** Facts of refused actions, under ids of their own. */
export function createRefusalLog(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditLog {
  return {
    async write(id, fact) {
      await conditionally(() => options.client.send(new PutCommand(factPut(options.tableName, refusalId(id), fact))));
    },
  };
}

/** Facts of changed records, under ids of their own. */
export function createRecordChangeLog(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditLog {
  return {
    async write(sequenceNumber, fact) {
      const put = factPut(options.tableName, recordChangeId(sequenceNumber), fact);
      await conditionally(() => options.client.send(new PutCommand(put)));
    },
  };
}

/** Facts of access that no record spoke of, under ids of their own. */
export function createLostLog(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditLog {
  return {
    async write(id, fact) {
      await conditionally(() => options.client.send(new PutCommand(factPut(options.tableName, lostFactId(id), fact))));
    },
  };
}

/** Facts that belong to no request, in the request table, whose stream carries every event to where it is kept. */
export function createAuditLog(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditLog {
  return {
    async write(id, fact) {
      await conditionally(() => options.client.send(new PutCommand(factPut(options.tableName, factId(id), fact))));
    },
  };
}
