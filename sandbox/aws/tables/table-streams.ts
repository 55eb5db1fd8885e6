import { isDeepStrictEqual } from 'node:util';
import type { Item } from './table-store.ts';

/** One change of an item, as DynamoDB Streams delivers it to a function. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  eventSourceARN: string;
  dynamodb: {
    /** Epoch seconds. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamViewType;
  };
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** An item that is written, with its state before the write. */
export interface Change {
  tableName: string;
  keys: Item;
  before: Item | undefined;
}

/** The source of a record. */
export interface StreamSource {
  tableName: string;
  accountId: string;
  region: string;
  view: StreamViewType;
}

/** The stream record of a change; `undefined` when the item did not change, as in DynamoDB. */
export function streamRecord(
  source: StreamSource,
  change: { keys: Item; before: Item | undefined; after: Item | undefined },
  stamp: { id: string; sequence: number; nowMs: number },
): StreamRecord | undefined {
  const { keys, before, after } = change;
  if (isDeepStrictEqual(before, after)) return undefined;
  const showsNew = source.view === 'NEW_IMAGE' || source.view === 'NEW_AND_OLD_IMAGES';
  const showsOld = source.view === 'OLD_IMAGE' || source.view === 'NEW_AND_OLD_IMAGES';
  const images = {
    ...(showsNew && after !== undefined ? { NewImage: after } : {}),
    ...(showsOld && before !== undefined ? { OldImage: before } : {}),
  };
  return {
    eventID: stamp.id,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: source.region,
    eventSourceARN: `arn:aws:dynamodb:${source.region}:${source.accountId}:table/${source.tableName}/stream/sandbox`,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(stamp.nowMs / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: String(stamp.sequence).padStart(21, '0'),
      SizeBytes: Buffer.byteLength(JSON.stringify({ keys, ...images })),
      StreamViewType: source.view,
    },
  };
}
