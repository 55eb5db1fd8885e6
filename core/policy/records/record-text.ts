import type { AccessItem } from '../../model/access-item.ts';
import type { PolicyText } from '../../model/request.ts';
import { POLICY_PREFIX } from '../../model/stored-ids.ts';
import { compareText } from '../../model/text.ts';

/** The most of a record's text that an event carries, in characters; its hash is of the whole. */
const LONGEST_TEXT = 4000;

/**
 * A record of the access table as one line of JSON that is the same however the record was read or written: members sorted, sets
 * as sorted lists, numbers that JavaScript cannot hold and binary as texts.
 */
export function recordText(item: AccessItem): string {
  return JSON.stringify(plain(item));
}

/** By which two texts of a record are known to be the same: SHA-256 of `recordText`, hexadecimal; empty where there is none. */
export function recordHash(item: AccessItem | undefined, sha256: (text: string) => string): string {
  return item === undefined ? '' : sha256(recordText(item));
}

/**
 * The record of a grant rule as it stands in this moment.
 *
 * @param path as a decision names it: a policy by its name, an access record by its id
 * @param version of the access table
 */
export function policyTextOf(
  path: string,
  items: readonly AccessItem[],
  version: string,
  sha256: (text: string) => string,
): PolicyText | undefined {
  const item = items.find(({ id }) => id === `${POLICY_PREFIX}${path}`) ?? items.find(({ id }) => id === path);
  if (item === undefined) return undefined;
  return { record: item.id, hash: recordHash(item, sha256), version, text: cutText(recordText(item)) };
}

/** No longer than an event may carry. */
export function cutText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return [...value].map(plain).sort(byText);
  if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // A number that JavaScript cannot hold, as the document client wraps it.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.sort(byText).map(([name, member]) => [name, plain(member)]));
}

function byText(a: unknown, b: unknown): number {
  return compareText(String(a), String(b));
}
