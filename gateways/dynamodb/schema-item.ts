import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { SCHEMA_ID } from '../../core/model/stored-ids.ts';

/** The item that says which version the tables have; tables that have none are of version 1. */
export async function schemaItem(
  client: DynamoDBDocumentClient,
  requestTable: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: requestTable, Key: { id: SCHEMA_ID } }));
  return Item;
}
