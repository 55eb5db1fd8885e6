import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ACCESS_VERSION_ID } from '../../../core/model/stored-ids.ts';

/**
 * Says that the access table changed: whoever keeps policies in memory reads them again. It expects nothing of the stored number, which
 * only has to be another one than before; once too often is harmless.
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
