import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { SCHEMA_ID } from '../../core/model/stored-ids.ts';

/** The item with the schema version of the tables; tables without it are of version 1. */
export async function schemaItem(
  client: DynamoDBDocumentClient,
  requestTable: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: requestTable, Key: { id: SCHEMA_ID } }));
  return Item;
}
