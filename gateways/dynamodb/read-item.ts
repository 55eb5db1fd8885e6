import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { NumberValueImpl as NumberValue, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * DynamoDB holds numbers of 38 digits. One that JavaScript cannot hold, typed by hand into one record, makes the SDK refuse the whole
 * page it is on; kept as its text, it is that record alone that cannot be read.
 *
 * @see https://github.com/aws/aws-sdk-js-v3/issues/2014
 */
export const UNMARSHALL = {
  wrapNumbers: (text: string) => {
    const value = Number(text);
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : NumberValue.from(text);
  },
};

/** An item as DynamoDB's own JSON writes it, read as the document client reads it. */
export function readItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return unmarshall(item, UNMARSHALL);
}
