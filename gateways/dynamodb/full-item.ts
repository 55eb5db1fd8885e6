import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ItemFullError } from '../../core/model/errors.ts';
import { conditionally, type Item, Update } from './conditional.ts';

/*
 * DynamoDB takes items of 400 KB. What the program writes stays far below; whoever else may write an item can fill it up to the last
 * byte, and then no state of it can be moved any more. So a write that is refused for the size makes room and is tried once more.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */

/** What an item may hold of each attribute once it had become too large; what is not named here goes. Bytes. */
export interface Room {
  readonly of: (attribute: string) => number | undefined;
  /** Of which there may be many, each small: the largest go as well where the rest is too much. */
  readonly isSpare?: (attribute: string) => boolean;
  /** Goes as a whole where it is too large: a part of it would be none. */
  readonly isWhole?: (attribute: string) => boolean;
}

/** Told of an item that somebody had filled, or spoiled, and of what was taken out of it. */
export type OnFull = (id: string, attributes: readonly string[]) => void;

/** An item, and what it may hold. */
export interface Roomy {
  readonly client: DynamoDBDocumentClient;
  readonly TableName: string;
  readonly id: string;
  readonly room: Room;
  readonly onFull?: OnFull | undefined;
}

/** Where an item is left with more than this, spare attributes go. Bytes. */
const MOST_KEPT = 300_000;
/** An expression holds 4 KB, which are so many names and a few values. */
const MOST_TAKEN = 300;

/**
 * Writes an item, if need be after taking out what it should not hold.
 *
 * @throws ItemFullError where there is no room for the write all the same
 */
export async function makingRoom<T>(item: Roomy, write: () => Promise<T>): Promise<T> {
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
 * An update that makes room if need be.
 *
 * @returns the item as it is then; `conflict`: as it is where the condition does not hold
 * @throws ItemFullError as above
 */
export function updateMakingRoom(item: Roomy, expression: ReturnType<Update['build']>) {
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

/** DynamoDB has no error of its own for it. */
function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'ValidationException' &&
    /Item size\b.*\bexceeded the maximum allowed size/.test(error.message)
  );
}

async function makeRoom({ client, TableName, id, room, onFull }: Roomy): Promise<void> {
  const item = await look(client, TableName, id);
  if (item === undefined) return;
  const { taken, cut } = roomIn(item, room);
  if (taken.length + cut.length === 0) return;
  const update = new Update().when('attribute_exists(id)');
  for (const name of taken) update.removeAttribute(name);
  for (const [name, value] of cut) {
    update.setAttribute(name, value);
    // What has been added since must not be lost with the rest.
    const old = item[name];
    if (Array.isArray(old)) update.when(`size(${update.name(name)}) = ${update.value(old.length)}`);
  }
  const written = await conditionally(() =>
    client.send(new UpdateCommand({ TableName, Key: { id }, ...update.build() })),
  );
  if ('done' in written) onFull?.(id, [...taken, ...cut.map(([name]) => name)]);
}

/** The item as it is, by a write that never happens: not everybody who may write one may read it. */
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

/** What is to go, and what is to be shorter: that only where it is not enough that what the program does not write goes. */
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
    const kept = bytes <= most ? value : room.isWhole?.(name) === true ? undefined : within(value, most);
    left += kept === undefined ? 0 : Buffer.byteLength(name) + bytesOf(kept);
    if (kept === undefined) taken.push(name);
    else if (kept !== value) cut.push([name, kept]);
  }
  if (left > MOST_KEPT) taken.push(...parts.filter(({ name }) => room.isSpare?.(name)).map(({ name }) => name));
  return { taken: taken.slice(0, MOST_TAKEN), cut };
}

/** About what DynamoDB counts. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value) || value instanceof Set)
    return [...value].reduce<number>((sum, one) => sum + 1 + bytesOf(one), 3);
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + bytesOf(one), 3);
}

/** A part that may be kept whole in a list or a map, and what one that is larger is cut to; of what all of it may have. */
const WHOLE = 1 / 4;
const SHORT = 1 / 20;

/** As much of a value as has room; `undefined` where that is nothing. */
function within(value: unknown, bytes: number): unknown {
  if (bytesOf(value) <= bytes) return value;
  // A character of a text in JavaScript is three bytes at most.
  if (typeof value === 'string') return value.slice(0, Math.floor(bytes / 3));
  const short = (one: unknown) => (bytesOf(one) <= bytes * WHOLE ? one : within(one, bytes * SHORT));
  if (value instanceof Set) {
    const members = fitting([...value].filter((one) => typeof one === 'string').map(short), bytes);
    return members.length === 0 ? undefined : new Set(members);
  }
  if (Array.isArray(value)) {
    // How it began says what was given, and how it went on last says where it stands.
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

/** The first of them for which there is room. */
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
