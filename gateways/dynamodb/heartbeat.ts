import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

/**
 * Writes down when something was last done or heard, for checks that it still happens. Nothing else depends on it, but
 * that the first comparison of the executions with the requests begins where the last sweep was.
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

/** When `beat` was last called with this id: ISO 8601. */
export async function lastBeat(
  client: DynamoDBDocumentClient,
  requestTable: string,
  id: string,
): Promise<string | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: requestTable, Key: { id } }));
  return typeof Item?.at === 'string' ? Item.at : undefined;
}
