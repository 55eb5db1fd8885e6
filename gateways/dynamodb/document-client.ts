import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UNMARSHALL } from './read-item.ts';

/** The document client for every table: sets come back as `Set`, and `undefined` members are left out when writing. */
export function documentClientOver(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // A copy: the client writes options of its own into the object.
    unmarshallOptions: { ...UNMARSHALL },
  });
}
