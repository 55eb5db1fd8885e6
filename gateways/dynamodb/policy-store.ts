import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Now, PolicyStore, PolicyStoreState } from '../../core/access/ports.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import {
  ACCESS_VERSION_ID,
  FREEZE_ID,
  LOCK_PREFIX,
  lockId,
  PRINCIPAL_PREFIX,
  principalRecordId,
} from '../../core/model/stored-ids.ts';
import type { Item } from './conditional.ts';
import { itemsByPrefix, policiesAndStrays } from './paging.ts';

/** DynamoDB takes at most this many keys in one BatchGetItem. */
const BATCH = 100;

/**
 * However the version was kept from changing (a stream that stands still), policies in memory are never older than this.
 * Milliseconds.
 */
const OLDEST_POLICIES_MS = 60_000;

const SWITCHES: readonly string[] = [FREEZE_ID, ACCESS_VERSION_ID];

/** The access table, read only, and the switches in the request table. */
export function createPolicyStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly requestTable: string;
  readonly now: Now;
}): PolicyStore {
  const { client, accessTable, requestTable } = options;
  let cached:
    | { readonly version: string; readonly readAt: number; readonly policies: Promise<readonly AccessItem[]> }
    | undefined;

  async function batch(
    accessIds: readonly string[],
    requestIds: readonly string[],
  ): Promise<{ access: Item[]; request: Item[] }> {
    const found = { access: [] as Item[], request: [] as Item[] };
    const keys = [
      ...accessIds.map((id) => ({ table: accessTable, id })),
      ...requestIds.map((id) => ({ table: requestTable, id })),
    ];
    for (let at = 0; at < keys.length; at += BATCH) {
      let wanted = requestItems(keys.slice(at, at + BATCH));
      while (Object.keys(wanted).length > 0) {
        const answer = await client.send(new BatchGetCommand({ RequestItems: wanted }));
        found.access.push(...(answer.Responses?.[accessTable] ?? []));
        found.request.push(...(answer.Responses?.[requestTable] ?? []));
        wanted = (answer.UnprocessedKeys ?? {}) as typeof wanted;
      }
    }
    return found;
  }

  return {
    async principal(slackId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: accessTable, Key: { id: principalRecordId(slackId) }, ConsistentRead: true }),
      );
      return Item as AccessItem | undefined;
    },

    async read(recordIds, principalId) {
      const found = await batch([...new Set(recordIds)], [...SWITCHES, lockId(principalId)]);
      return { records: found.access as AccessItem[], storeState: storeStateOf(found.request) };
    },

    async storeState(principalId) {
      const ids = principalId === undefined ? SWITCHES : [...SWITCHES, lockId(principalId)];
      return storeStateOf((await batch([], ids)).request);
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

function requestItems(
  keys: readonly { table: string; id: string }[],
): Record<string, { Keys: { id: string }[]; ConsistentRead: boolean }> {
  const items: Record<string, { Keys: { id: string }[]; ConsistentRead: boolean }> = {};
  for (const { table, id } of keys) {
    items[table] ??= { Keys: [], ConsistentRead: true };
    items[table].Keys.push({ id });
  }
  return items;
}

function storeStateOf(items: readonly Item[]): PolicyStoreState {
  const freeze = items.find((item) => item.id === FREEZE_ID);
  const version = items.find((item) => item.id === ACCESS_VERSION_ID);
  const lock = items.find((item) => String(item.id).startsWith(LOCK_PREFIX));
  return {
    accessVersion: String(version?.version ?? '0'),
    // The item's presence is the switch: one that cannot be read still freezes.
    ...(freeze === undefined
      ? {}
      : { frozen: { by: String(freeze.by ?? ''), at: String(freeze.at ?? ''), reason: String(freeze.reason ?? '') } }),
    ...(lock === undefined ? {} : { locked: { reason: String(lock.reason ?? '') } }),
  };
}
