import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Now } from '../../../core/access/ports.ts';
import type { RecordList } from '../../../core/access/request/target/offer-access.ts';
import type { AccessItem } from '../../../core/model/access-item.ts';
import { ACCESS_PREFIX } from '../../../core/model/stored-ids.ts';
import { itemsByPrefix } from '../paging.ts';

/** Records in memory are never older than this, even if the version did not move. Milliseconds. */
const OLDEST_RECORDS_MS = 60_000;

/** The `access#…` records of the access table, read once per version and process. */
export function createRecordList(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly now: Now;
}): RecordList {
  const { client, accessTable: TableName, now } = options;
  let kept: { readonly version: string; readonly readAt: number; readonly records: Promise<AccessItem[]> } | undefined;

  return {
    async records(version) {
      const at = now().getTime();
      if (kept === undefined || kept.version !== version || at - kept.readAt >= OLDEST_RECORDS_MS) {
        const entry = {
          version,
          readAt: at,
          records: itemsByPrefix(client, TableName, ACCESS_PREFIX, { ConsistentRead: false }),
        };
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
