import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ItemFullError } from '../../core/model/errors.ts';
import { conditionally, type Item, Update } from './conditional.ts';

/*
 * DynamoDB takes items of up to 400 KB. The program's own items stay far below that, but an attacker who may write an
 * item can fill it up to the last byte, and then its state can no longer be changed. So a write that is refused for the
 * item's size makes room in the item and is tried once more.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */

/** What an item that became too large may keep of each attribute; attributes without a limit are removed. Bytes. */
export interface Room {
  readonly of: (attribute: string) => number | undefined;
  /**
   * Attributes of a kind of which there may be many small ones. One that is too large is removed, not cut. The largest go
   * as well if the rest is too large.
   */
  readonly isSpare?: (attribute: string) => boolean;
  /** Removed as a whole if it is too large, because a part of it would be useless. */
  readonly isWhole?: (attribute: string) => boolean;
}

/** Called with an item that somebody had filled, or spoiled, and the attributes that were removed from it or cut. */
export type OnFull = (id: string, attributes: readonly string[]) => void;

/** An item, and what it may keep. */
export interface FillableItem {
  readonly client: DynamoDBDocumentClient;
  readonly TableName: string;
  readonly id: string;
  readonly room: Room;
  readonly onFull?: OnFull | undefined;
}

/** If an item would keep more than this, spare attributes go. Bytes. */
const MOST_KEPT = 300_000;
/** The SDK loses an attribute of this name where it reads an item, but anybody who may write the item can fill it. */
const UNSEEN = '__proto__';
/** An expression holds 4 KB: that is room for this many names and a few values. */
const MOST_TAKEN = 300;

/**
 * Writes an item; if the item is too large, takes out what it should not hold and tries once more.
 *
 * @throws ItemFullError if there is still no room for the write
 */
export async function makingRoom<T>(item: FillableItem, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  await makeRoom(item);
  return write().catch((error: unknown) => {
    if (!isFull(error)) throw error;
    throw new ItemFullError(`there is no room left in ${item.id}`, { cause: error });
  });
}

/**
 * Updates an item, making room if need be.
 *
 * @returns the item after the update; `conflict`: the item as it is if the condition does not hold
 * @throws ItemFullError as above
 */
export function updateMakingRoom(item: FillableItem, expression: ReturnType<Update['build']>) {
  const { client, TableName, id } = item;
  const command = new UpdateCommand({
    TableName,
    Key: { id },
    ...expression,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return conditionally(() => makingRoom(item, () => client.send(command)));
}

/** DynamoDB has no error type for an item that is too large, only a message. */
function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'ValidationException' &&
    /Item size\b.*\bexceeded the maximum allowed size/.test(error.message)
  );
}

async function makeRoom({ client, TableName, id, room, onFull }: FillableItem): Promise<void> {
  const item = await look(client, TableName, id);
  if (item === undefined) return;
  const { taken, cut } = roomIn(item, room);
  const update = new Update().when('attribute_exists(id)');
  for (const name of [...taken, UNSEEN]) update.removeAttribute(name);
  for (const [name, value] of cut) {
    update.setAttribute(name, value);
    // A member that was added to the list since must not be lost.
    const old = item[name];
    if (Array.isArray(old)) update.when(`size(${update.name(name)}) = ${update.value(old.length)}`);
  }
  const written = await conditionally(() =>
    client.send(new UpdateCommand({ TableName, Key: { id }, ...update.build() })),
  );
  if ('done' in written) onFull?.(id, [...taken, ...cut.map(([name]) => name)]);
}

/** Reads the item by a write whose condition never holds: not every role that may write an item may read it. */
async function look(client: DynamoDBDocumentClient, TableName: string, id: string): Promise<Item | undefined> {
  const looked = await conditionally(() =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: { id },
        ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  return 'done' in looked ? undefined : looked.conflict;
}

/** What to remove, and what to cut. Nothing is cut if it is enough to remove what the program does not write. */
function roomIn(item: Item, room: Room) {
  const parts = Object.entries(item)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => ({ name, value, bytes: bytesOf(value), most: room.of(name) }))
    .sort((a, b) => b.bytes - a.bytes);
  const taken = parts.filter(({ most }) => most === undefined).map(({ name }) => name);
  const cut: [string, unknown][] = [];
  const own = parts.filter(({ most }) => most !== undefined);
  const all = own.reduce((sum, { name, bytes }) => sum + Buffer.byteLength(name) + bytes, 0);
  if (taken.length > 0 && all <= MOST_KEPT) return { taken: taken.slice(0, MOST_TAKEN), cut };
  let left = 0;
  for (const { name, value, bytes, most } of own) {
    if (most === undefined) continue;
    const isWhole = room.isWhole?.(name) === true || room.isSpare?.(name) === true;
    const kept = bytes <= most ? value : isWhole ? undefined : cutTo(value, most);
    left += kept === undefined ? 0 : Buffer.byteLength(name) + bytesOf(kept);
    if (kept === undefined) taken.push(name);
    else if (kept !== value) cut.push([name, kept]);
  }
  // DynamoDB refuses an update that names an attribute twice.
  const isLeft = (name: string) => room.isSpare?.(name) === true && !taken.includes(name);
  if (left > MOST_KEPT) taken.push(...parts.filter(({ name }) => isLeft(name)).map(({ name }) => name));
  return { taken: taken.slice(0, MOST_TAKEN), cut };
}

/** About the size that DynamoDB counts. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value) || value instanceof Set)
    return [...value].reduce<number>((sum, one) => sum + 1 + bytesOf(one), 3);
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + bytesOf(one), 3);
}

/** The shares of a list's or map's limit up to which a member is kept whole, and to which a larger one is cut. */
const WHOLE_SHARE = 1 / 4;
const CUT_SHARE = 1 / 20;

/** As much of a value as there is room for; `undefined` if that is nothing. */
function cutTo(value: unknown, bytes: number): unknown {
  if (bytesOf(value) <= bytes) return value;
  // A UTF-16 code unit takes at most three bytes in UTF-8.
  if (typeof value === 'string') return value.slice(0, Math.floor(bytes / 3));
  const short = (one: unknown) => (bytesOf(one) <= bytes * WHOLE_SHARE ? one : cutTo(one, bytes * CUT_SHARE));
  if (value instanceof Set) {
    const members = fitting([...value].filter((one) => typeof one === 'string').map(short), bytes);
    return members.length === 0 ? undefined : new Set(members);
  }
  if (Array.isArray(value)) {
    // The first members say what was given, and the last ones how far the request has come.
    const parts = value.map(short).filter((one) => one !== undefined);
    const first = fitting(parts, bytes / 2);
    return [...first, ...fitting(parts.slice(first.length).reverse(), bytes / 2).reverse()];
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  const entries = Object.entries(value).map(([name, one]) => [name, short(one)] as const);
  return Object.fromEntries(
    fitting(
      entries.filter(([, one]) => one !== undefined),
      bytes,
    ),
  );
}

/** The first parts, as many as there is room for. */
function fitting<T>(parts: readonly T[], bytes: number): T[] {
  let left = bytes;
  const kept: T[] = [];
  for (const part of parts) {
    left -= 1 + bytesOf(part);
    if (left < 0) break;
    kept.push(part);
  }
  return kept;
}
