import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import type { AuditLog } from '../../core/audit/ports.ts';
import { factId, lostFactId, recordChangeId, refusalId } from '../../core/model/stored-ids.ts';
import { conditionally, type Item } from './conditional.ts';

/**
 * The write of a fact, to be sent alone or in one transaction with the change that it reports, so that neither exists
 * without the other.
 *
 * @param id of the item; its prefix shows which kind of fact it is
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

/** Writes facts of refused actions, under ids of their own. */
export function createRefusalLog(table: FactTable): AuditLog {
  return logUnder(refusalId, table);
}

/** Writes facts of changed records, under ids of their own: the sequence numbers of the stream. */
export function createRecordChangeLog(table: FactTable): AuditLog {
  return logUnder(recordChangeId, table);
}

/** Writes facts of access that no record spoke of, under ids of their own. */
export function createLostLog(table: FactTable): AuditLog {
  return logUnder(lostFactId, table);
}

/**
 * Writes facts that belong to no request into the request table, whose stream carries every event on to the archive and
 * the bus.
 */
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
