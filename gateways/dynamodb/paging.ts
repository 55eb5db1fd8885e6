import { type DynamoDBDocumentClient, paginateQuery, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Listing } from '../../core/access/listing.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { OutOfTimeError } from '../../core/model/errors.ts';
import { ACCESS_PREFIX, PRINCIPAL_PREFIX } from '../../core/model/stored-ids.ts';
import type { Item } from './conditional.ts';
import { BY_STATE_INDEX } from './requests/request-item.ts';

/**
 * The items of the request table in one state, from the by-state index; a page is read only when its items are asked
 * for.
 *
 * @param from ISO 8601; only items whose `endsAt`, the index's sort key, is not earlier
 * @param until ISO 8601; only items whose `endsAt` is not later; not used together with `from`
 * @throws OutOfTimeError if `goOn` returns false before a page
 */
export async function* itemsInState(
  client: DynamoDBDocumentClient,
  TableName: string,
  state: string,
  { from, until, goOn }: Listing & { readonly from?: string | undefined; readonly until?: string } = {},
): AsyncIterable<Item> {
  const bound = from ?? until;
  const mayRead = () => {
    if (goOn?.() === false) throw new OutOfTimeError(`no time to list all that is ${state}`);
  };
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: BY_STATE_INDEX,
      KeyConditionExpression: `#state = :state${bound === undefined ? '' : ` AND endsAt ${from === undefined ? '<=' : '>='} :bound`}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state, ...(bound === undefined ? {} : { ':bound': bound }) },
    },
  );
  mayRead();
  for await (const page of pages) {
    yield* page.Items ?? [];
    if (page.LastEvaluatedKey !== undefined) mayRead();
  }
}

/**
 * The items of the access table whose ids begin with a prefix.
 *
 * @param ConsistentRead also reads what was written a moment ago, for twice the price
 */
export async function itemsByPrefix(
  client: DynamoDBDocumentClient,
  TableName: string,
  prefix: string,
  { ConsistentRead }: { readonly ConsistentRead: boolean },
): Promise<AccessItem[]> {
  return scanned(client, {
    TableName,
    ConsistentRead,
    FilterExpression: 'begins_with(id, :prefix)',
    ExpressionAttributeValues: { ':prefix': prefix },
  });
}

/**
 * The policies of the access table, and every item that is neither an access nor a principal record: a policy with a
 * mistyped id is found nowhere else. A scan reads every item anyway, so this costs no more than the policies alone.
 * Strongly consistent.
 */
export async function policiesAndStrays(client: DynamoDBDocumentClient, TableName: string): Promise<AccessItem[]> {
  return scanned(client, {
    TableName,
    ConsistentRead: true,
    FilterExpression: 'NOT begins_with(id, :access) AND NOT begins_with(id, :principal)',
    ExpressionAttributeValues: { ':access': ACCESS_PREFIX, ':principal': PRINCIPAL_PREFIX },
  });
}

async function scanned(client: DynamoDBDocumentClient, input: ScanCommandInput): Promise<AccessItem[]> {
  const items: AccessItem[] = [];
  for await (const page of paginateScan({ client }, input)) items.push(...((page.Items ?? []) as AccessItem[]));
  return items;
}
