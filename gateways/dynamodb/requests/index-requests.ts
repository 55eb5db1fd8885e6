import { type DynamoDBDocumentClient, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MalformedItemError } from '../../../core/model/errors.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { conditionally, type Item } from '../conditional.ts';
import { fromItem, listedAs } from './request-item.ts';

/**
 * Puts requests that are older than the list of all requests into it. Nothing else of them changes; a second run finds
 * none.
 *
 * @returns how many were put there
 */
export async function indexRequests(client: DynamoDBDocumentClient, TableName: string): Promise<number> {
  const pages = paginateScan(
    { client },
    {
      TableName,
      // Only requests have events.
      FilterExpression: 'attribute_exists(events) AND attribute_exists(requestedAt) AND attribute_not_exists(askedIn)',
    },
  );
  let put = 0;
  for await (const page of pages) {
    for (const request of (page.Items ?? []).flatMap(readable)) {
      const { askedIn, find } = listedAs(request);
      const written = await conditionally(() =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { id: request.id },
            UpdateExpression: 'SET askedIn = :month, find = :find',
            ConditionExpression: 'requestedAt = :at AND attribute_not_exists(askedIn)',
            ExpressionAttributeValues: { ':month': askedIn, ':find': find, ':at': request.requestedAt },
          }),
        ),
      );
      if ('done' in written) put += 1;
    }
  }
  return put;
}

/** A request that cannot be read is shown nowhere, and does not stop the others. */
function readable(item: Item): AccessRequest[] {
  try {
    return [fromItem(item)];
  } catch (error) {
    if (error instanceof MalformedItemError) return [];
    throw error;
  }
}
