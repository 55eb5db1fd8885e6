import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ACCESS_VERSION_ID } from '../../../core/model/stored-ids.ts';

/**
 * Says that the access table changed, so that functions that keep policies in memory read them again. The stored number
 * only has to be another one than before, so it has no condition, and one change too many is harmless.
 */
export async function bumpAccessVersion(client: DynamoDBDocumentClient, requestTable: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: requestTable,
      Key: { id: ACCESS_VERSION_ID },
      UpdateExpression: 'ADD #version :one',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
}
