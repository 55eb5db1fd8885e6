import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { AccessItem } from '../../core/access/ports.ts';
import type { Item } from './conditional.ts';
import { BY_STATE_INDEX } from './request-item.ts';

/** The items of the request table that are in one state, by its index; a page is read only when its items are asked for. */
export async function* itemsInState(
  client: DynamoDBDocumentClient,
  TableName: string,
  state: string,
): AsyncIterable<Item> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: BY_STATE_INDEX,
      KeyConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state },
    },
  );
  for await (const page of pages) yield* page.Items ?? [];
}

/**
 * The items of the access table whose ids begin so.
 *
 * @param ConsistentRead also what was written a moment ago, for twice the price
 */
export async function itemsByPrefix(
  client: DynamoDBDocumentClient,
  TableName: string,
  prefix: string,
  { ConsistentRead }: { readonly ConsistentRead: boolean },
): Promise<AccessItem[]> {
  const items: AccessItem[] = [];
  const pages = paginateScan(
    { client },
    {
      TableName,
      ConsistentRead,
      FilterExpression: 'begins_with(id, :prefix)',
      ExpressionAttributeValues: { ':prefix': prefix },
    },
  );
  for await (const page of pages) items.push(...((page.Items ?? []) as AccessItem[]));
  return items;
}
