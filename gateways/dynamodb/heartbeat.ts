import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

/**
 * Leaves a sign that something was done or heard, for whoever looks whether it still is. Nothing depends on it.
 *
 * @param at ISO 8601
 */
export async function beat(
  client: DynamoDBDocumentClient,
  requestTable: string,
  id: string,
  at: string,
): Promise<void> {
  await client.send(new PutCommand({ TableName: requestTable, Item: { id, at } }));
}

/** When the last sign was left: ISO 8601. */
export async function lastBeat(
  client: DynamoDBDocumentClient,
  requestTable: string,
  id: string,
): Promise<string | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: requestTable, Key: { id } }));
  return typeof Item?.at === 'string' ? Item.at : undefined;
}
