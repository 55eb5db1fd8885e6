import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Comparison, ComparisonStore } from '../../../core/access/recovery/restart-unrecorded.ts';
import { COMPARED_ID, SWEPT_ID } from '../../../core/model/stored-ids.ts';
import { lastBeat } from '../heartbeat.ts';

const stored = z.object({ at: z.string(), following: z.record(z.string(), z.number()) });

/** How far the executions have been compared with the requests, in an item that only the sweep may write. */
export function createComparisonStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ComparisonStore {
  const { client, tableName: TableName } = options;
  const note = async (comparison: Comparison) => {
    await client.send(new PutCommand({ TableName, Item: { id: COMPARED_ID, ...comparison } }));
  };
  return {
    note,

    async last() {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { id: COMPARED_ID }, ConsistentRead: true }));
      const read = z.safeParse(stored, Item);
      if (read.success) return read.data;
      // A table of before there was this comparison, in use or restored, has only the time of the last sweep.
      const at = await lastBeat(client, TableName, SWEPT_ID);
      if (at === undefined) return undefined;
      const first = { at, following: {} };
      // Kept at once, because the sweep writes its time even if the comparison fails.
      await note(first);
      return first;
    },
  };
}
