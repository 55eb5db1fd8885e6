import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { RecordList } from '../../core/access/offer-access.ts';
import type { AccessItem, Now } from '../../core/access/ports.ts';
import type { Item } from './conditional.ts';

/** Records in memory are never older than this, whatever kept the version from changing. Milliseconds. */
const OLDEST_RECORDS_MS = 60_000;

/** The `access#…` records of the access table, read once per version and process. */
export function createRecordList(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly now: Now;
}): RecordList {
  const { client, accessTable: TableName, now } = options;
  let kept: { readonly version: string; readonly readAt: number; readonly records: Promise<AccessItem[]> } | undefined;

  async function scan(): Promise<AccessItem[]> {
    const items: AccessItem[] = [];
    let from: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName,
          FilterExpression: 'begins_with(id, :prefix)',
          ExpressionAttributeValues: { ':prefix': 'access#' },
          ExclusiveStartKey: from,
        }),
      );
      items.push(...((page.Items ?? []) as AccessItem[]));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items;
  }

  return {
    async records(version) {
      const at = now().getTime();
      if (kept === undefined || kept.version !== version || at - kept.readAt >= OLDEST_RECORDS_MS) {
        const entry = { version, readAt: at, records: scan() };
        kept = entry;
        // A failed read must not be remembered as the answer.
        entry.records.catch(() => {
          if (kept === entry) kept = undefined;
        });
      }
      return kept.records;
    },
  };
}
