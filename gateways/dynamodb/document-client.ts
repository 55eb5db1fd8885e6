import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * DynamoDB holds numbers of 38 digits. One that JavaScript cannot hold, typed by hand into one record, makes the SDK refuse the whole
 * page it is on; kept as its text, it is that record alone that cannot be read.
 *
 * @see https://github.com/aws/aws-sdk-js-v3/issues/2014
 */
const UNMARSHALL = {
  wrapNumbers: (text: string) => {
    const value = Number(text);
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : NumberValue.from(text);
  },
};

/** The document client for every table: sets come back as `Set`, and `undefined` members are left out when writing. */
export function documentClientOver(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    // A copy: the client writes options of its own into what it is given.
    unmarshallOptions: { ...UNMARSHALL },
  });
}

/** An item as DynamoDB's own JSON writes it, read as the document client reads it. */
export function readItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return unmarshall(item, UNMARSHALL);
}
