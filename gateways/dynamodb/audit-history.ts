import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { FACT_PREFIX } from '../../core/audit/facts.ts';
import type { AuditHistory } from '../../core/audit/ports.ts';
import type { Item } from './conditional.ts';

/** Every item of the request table that has history. A scan: for an operator after an outage, never for a function. */
export function createAuditHistory(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditHistory {
  return {
    async *items() {
      let from: Item | undefined;
      do {
        const page = await options.client.send(
          new ScanCommand({
            TableName: options.tableName,
            ConsistentRead: true,
            FilterExpression: 'attribute_exists(events) OR begins_with(id, :fact)',
            ExpressionAttributeValues: { ':fact': FACT_PREFIX },
            ExclusiveStartKey: from,
          }),
        );
        yield* page.Items ?? [];
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
    },
  };
}
