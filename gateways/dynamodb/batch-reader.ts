import { BatchGetCommand, type BatchGetCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './conditional.ts';

/** DynamoDB takes at most this many keys in one BatchGetItem. */
const BATCH = 100;

type Wanted = Record<string, { Keys: { id: string }[]; ConsistentRead: boolean }>;

/** Reads items of one table by their ids, strongly consistent. What does not exist is left out. */
export type ReadByIds = (table: string, ids: readonly string[]) => Promise<Item[]>;

interface Round {
  readonly ids: Map<string, Set<string>>;
  readonly answer: Promise<ReadonlyMap<string, readonly Item[]>>;
}

const readers = new WeakMap<DynamoDBDocumentClient, ReadByIds>();

/**
 * The reader of a client. What several stores ask for at the same moment becomes one call: a decision needs records,
 * the freeze, leases and what the person holds, and each call would delay access.
 */
export function readerOf(client: DynamoDBDocumentClient): ReadByIds {
  const known = readers.get(client);
  if (known !== undefined) return known;
  let open: Round | undefined;

  const read: ReadByIds = async (table, ids) => {
    if (ids.length === 0) return [];
    open ??= begin();
    const asked = open.ids.get(table) ?? new Set();
    open.ids.set(table, asked);
    for (const id of ids) asked.add(id);
    const wanted = new Set(ids);
    const found = (await open.answer).get(table) ?? [];
    return found.filter((item) => wanted.has(String(item.id)));
  };

  function begin(): Round {
    const ids: Round['ids'] = new Map();
    const answer = Promise.resolve().then(() => {
      open = undefined;
      return readAll(client, ids);
    });
    return { ids, answer };
  }

  readers.set(client, read);
  return read;
}

async function readAll(
  client: DynamoDBDocumentClient,
  ids: Round['ids'],
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const found = new Map<string, Item[]>();
  const keys = [...ids].flatMap(([table, some]) => [...some].map((id) => ({ table, id })));
  for (let at = 0; at < keys.length; at += BATCH) {
    let wanted = wantedOf(keys.slice(at, at + BATCH));
    while (Object.keys(wanted).length > 0) {
      const answer: BatchGetCommandOutput = await client.send(new BatchGetCommand({ RequestItems: wanted }));
      for (const [table, items] of Object.entries(answer.Responses ?? {}))
        found.set(table, [...(found.get(table) ?? []), ...items]);
      wanted = (answer.UnprocessedKeys ?? {}) as Wanted;
    }
  }
  return found;
}

function wantedOf(keys: readonly { readonly table: string; readonly id: string }[]): Wanted {
  const wanted: Wanted = {};
  for (const { table, id } of keys) {
    wanted[table] ??= { Keys: [], ConsistentRead: true };
    wanted[table].Keys.push({ id });
  }
  return wanted;
}
