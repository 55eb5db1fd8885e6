import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { NumberValueImpl as NumberValue, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * DynamoDB holds numbers of 38 digits. One that JavaScript cannot hold, typed by hand into a record, makes the SDK
 * refuse the whole page that the record is on. Kept as its text, it makes only that record unreadable.
 *
 * @see https://github.com/aws/aws-sdk-js-v3/issues/2014
 */
export const UNMARSHALL = {
  wrapNumbers: (text: string) => {
    const value = Number(text);
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : NumberValue.from(text);
  },
};

/** Reads an item in DynamoDB's own JSON as the document client does. */
export function readItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return unmarshall(item, UNMARSHALL);
}
