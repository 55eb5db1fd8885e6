import type { AccessItem } from '../../model/access-item.ts';
import type { PolicyText } from '../../model/request.ts';
import { POLICY_PREFIX } from '../../model/stored-ids.ts';
import { compareText } from '../../model/text.ts';

/** The longest record text that an event holds, in characters. The hash covers the whole text. */
const LONGEST_TEXT = 4000;

/**
 * A record of the access table as one line of JSON that does not depend on how the record was read or written: members
 * sorted, sets as sorted lists, binary values and numbers beyond JavaScript's range as text.
 */
export function recordText(item: AccessItem): string {
  return JSON.stringify(plain(item));
}

/** SHA-256 of `recordText`, hexadecimal, to compare two texts of a record; empty where there is no record. */
export function recordHash(item: AccessItem | undefined, sha256: (text: string) => string): string {
  return item === undefined ? '' : sha256(recordText(item));
}

/**
 * The record behind a grant rule, as it reads now.
 *
 * @param path as in a decision: the name of a policy, or the id of an access record
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

/** A text cut to what an event may hold. */
export function cutText(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return [...value].map(plain).sort(byText);
  if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // The document client wraps numbers that JavaScript cannot represent in an object.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.sort(byText).map(([name, member]) => [name, plain(member)]));
}

function byText(a: unknown, b: unknown): number {
  return compareText(String(a), String(b));
}
