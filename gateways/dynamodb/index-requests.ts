import { type DynamoDBDocumentClient, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { monthOf } from '../../core/access/request/find-requests.ts';
import { conditionally } from './conditional.ts';

/**
 * Puts requests that were made before there was the list of all into it. Nothing else of them changes; run again, it finds none.
 *
 * @returns how many it has put there
 */
export async function indexRequests(client: DynamoDBDocumentClient, TableName: string): Promise<number> {
  const pages = paginateScan(
    { client },
    {
      TableName,
      ProjectionExpression: 'id, requestedAt',
      // Nothing but requests has events.
      FilterExpression: 'attribute_exists(events) AND attribute_exists(requestedAt) AND attribute_not_exists(askedIn)',
    },
  );
  let put = 0;
  for await (const page of pages) {
    for (const { id, requestedAt } of page.Items ?? []) {
      const written = await conditionally(() =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { id },
            UpdateExpression: 'SET askedIn = :month',
            ConditionExpression: 'requestedAt = :at AND attribute_not_exists(askedIn)',
            ExpressionAttributeValues: { ':month': monthOf(String(requestedAt)), ':at': requestedAt },
          }),
        ),
      );
      if ('done' in written) put += 1;
    }
  }
  return put;
}
