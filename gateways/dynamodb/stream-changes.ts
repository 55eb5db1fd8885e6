import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { StoredChange, StoredItem } from '../../core/audit/stored-item.ts';

const image = z.optional(z.record(z.string(), z.custom<AttributeValue>()));

/** A batch of stream records with new and old images as Lambda delivers it; only the members that are used. */
const streamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        /** Epoch seconds. */
        ApproximateCreationDateTime: z.number(),
        NewImage: image,
        OldImage: image,
      }),
    }),
  ),
});

/** The writes in a batch of stream records, in order. @throws ZodError if it is no such batch */
export function readChanges(event: unknown): StoredChange[] {
  return z.parse(streamEvent, event).Records.map(({ dynamodb }) => ({
    sequenceNumber: dynamodb.SequenceNumber,
    at: new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString(),
    ...(dynamodb.OldImage === undefined ? {} : { before: readImage(dynamodb.OldImage) }),
    ...(dynamodb.NewImage === undefined ? {} : { after: readImage(dynamodb.NewImage) }),
  }));
}

/** Numbers stay text, as written: one that JavaScript cannot hold, typed by hand, must not stop the stream. */
function readImage(item: Record<string, AttributeValue>): StoredItem {
  return unmarshall(item, { wrapNumbers: true });
}
