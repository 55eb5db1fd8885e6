import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { AuditHistory } from '../../core/audit/ports.ts';
import { FACT_PREFIX, RECORD_CHANGE_PREFIX, REFUSAL_PREFIX, STOP_FACT_PREFIX } from '../../core/model/stored-ids.ts';

/** Every item of the request table that has history. A scan: for an operator after an outage, never for a function. */
export function createAuditHistory(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditHistory {
  return {
    async *items() {
      const pages = paginateScan(
        { client: options.client },
        {
          TableName: options.tableName,
          ConsistentRead: true,
          FilterExpression:
            'attribute_exists(events) OR begins_with(id, :fact) OR begins_with(id, :refusal) OR begins_with(id, :change) OR begins_with(id, :stop)',
          ExpressionAttributeValues: {
            ':fact': FACT_PREFIX,
            ':refusal': REFUSAL_PREFIX,
            ':change': RECORD_CHANGE_PREFIX,
            ':stop': STOP_FACT_PREFIX,
          },
        },
      );
      for await (const page of pages) yield* page.Items ?? [];
    },
  };
}
