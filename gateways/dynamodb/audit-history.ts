import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { FACT_PREFIXES } from '../../core/audit/facts.ts';
import type { AuditHistory } from '../../core/audit/ports.ts';

/**
 * Every item of the request table that is a fact or has a history. A scan: for an operator after an outage, never for a
 * function.
 */
export function createAuditHistory(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): AuditHistory {
  const facts = FACT_PREFIXES.map((prefix, at) => [`:fact${at}`, prefix] as const);
  return {
    async *items() {
      const pages = paginateScan(
        { client: options.client },
        {
          TableName: options.tableName,
          ConsistentRead: true,
          FilterExpression: ['attribute_exists(events)', ...facts.map(([name]) => `begins_with(id, ${name})`)].join(
            ' OR ',
          ),
          ExpressionAttributeValues: Object.fromEntries(facts),
        },
      );
      for await (const page of pages) yield* page.Items ?? [];
    },
  };
}
