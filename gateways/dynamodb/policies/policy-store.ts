import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Now, PolicyStore, PolicyStoreState } from '../../../core/access/ports.ts';
import type { AccessItem } from '../../../core/model/access-item.ts';
import { SYSTEM_ACTOR } from '../../../core/model/request.ts';
import { unknownSchema } from '../../../core/model/schema-version.ts';
import {
  ACCESS_VERSION_ID,
  FREEZE_ID,
  LOCK_PREFIX,
  lockId,
  PRINCIPAL_PREFIX,
  principalRecordId,
  SCHEMA_ID,
} from '../../../core/model/stored-ids.ts';
import { readerOf } from '../batch-reader.ts';
import type { Item } from '../conditional.ts';
import { itemsByPrefix, policiesAndStrays } from '../paging.ts';

/**
 * Policies in memory are never older than this, even if a stream stands still and the version does not move.
 * Milliseconds.
 */
const OLDEST_POLICIES_MS = 60_000;

const STORE_STATE_IDS: readonly string[] = [FREEZE_ID, ACCESS_VERSION_ID, SCHEMA_ID];

/** Reads the access table, and the freeze and the locks in the request table. */
export function createPolicyStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly requestTable: string;
  readonly now: Now;
}): PolicyStore {
  const { client, accessTable, requestTable } = options;
  const readByIds = readerOf(client);
  let cached:
    | { readonly version: string; readonly readAt: number; readonly policies: Promise<readonly AccessItem[]> }
    | undefined;

  return {
    async principal(slackId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: accessTable, Key: { id: principalRecordId(slackId) }, ConsistentRead: true }),
      );
      return Item as AccessItem | undefined;
    },

    async read(recordIds, principalId) {
      const [records, state] = await Promise.all([
        readByIds(accessTable, recordIds),
        readByIds(requestTable, [...STORE_STATE_IDS, lockId(principalId)]),
      ]);
      return { records: records as AccessItem[], storeState: storeStateOf(state) };
    },

    async storeState(principalId) {
      const ids = principalId === undefined ? STORE_STATE_IDS : [...STORE_STATE_IDS, lockId(principalId)];
      return storeStateOf(await readByIds(requestTable, ids));
    },

    principals: () => itemsByPrefix(client, accessTable, PRINCIPAL_PREFIX, { ConsistentRead: true }),

    async policies(version) {
      const now = options.now().getTime();
      if (cached === undefined || cached.version !== version || now - cached.readAt >= OLDEST_POLICIES_MS) {
        const entry = {
          version,
          readAt: now,
          policies: policiesAndStrays(client, accessTable),
        };
        cached = entry;
        // A failed read must not be remembered as the answer.
        entry.policies.catch(() => {
          if (cached === entry) cached = undefined;
        });
      }
      return cached.policies;
    },
  };
}

function storeStateOf(items: readonly Item[]): PolicyStoreState {
  const freeze = items.find((item) => item.id === FREEZE_ID);
  const version = items.find((item) => item.id === ACCESS_VERSION_ID);
  const lock = items.find((item) => String(item.id).startsWith(LOCK_PREFIX));
  // What a newer version wrote may mean something unknown to this one: it grants nothing, but still removes access.
  const newer = unknownSchema(items.find((item) => item.id === SCHEMA_ID));
  const frozenBy = freeze ?? (newer === undefined ? undefined : { by: SYSTEM_ACTOR, reason: newer });
  return {
    accessVersion: String(version?.version ?? '0'),
    // The item's presence is the switch: one that cannot be read still freezes.
    ...(frozenBy === undefined
      ? {}
      : {
          frozen: {
            by: String(frozenBy.by ?? ''),
            at: String(freeze?.at ?? ''),
            reason: String(frozenBy.reason ?? ''),
          },
        }),
    ...(lock === undefined ? {} : { locked: { reason: String(lock.reason ?? '') } }),
  };
}
