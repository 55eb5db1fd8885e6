import { compareText, isPlainAscii, oneLine } from '../../../model/text.ts';
import { remembered } from '../remember.ts';

/*
 * What keeps a digest small whatever is in the calls: values cut so that different ones stay different, and lists whose contents do
 * not depend on the order of reading.
 */

const MOST_BYTES = 100;
/** Of a value longer than this only the beginning is looked at, and the hash of the whole. */
const LONGEST_READ = 2000;

/**
 * Text from a call, at most about 100 bytes or as many as asked for, without the bar that parts a row's key. A longer one keeps its beginning and its
 * end, where ARNs differ, and a hash of the whole: two values that differ stay two.
 */
export function bounded(value: string, most = MOST_BYTES): string {
  if (value === '') return value;
  if (value.length <= most && /^[\w:./@,=+ -]*$/.test(value)) return value;
  const line = oneLine(value.slice(0, LONGEST_READ).replaceAll('|', '/'), LONGEST_READ);
  const plain = isPlainAscii(line);
  if (line.length <= (plain ? most : Math.floor(most / 3) + 3)) return line;
  return plain
    ? `${line.slice(0, most - 64)}...${line.slice(-48)} #${hashOf(value)}`
    : `${oneLine(line, Math.floor(most / 4) - 1)} #${hashOf(value)}`;
}

/** Keeps text from a call, bounded. What is kept already is not looked at again. */
export function keepBounded(list: string[], value: string, most: number): boolean {
  return value !== '' && !list.includes(value) && keep(list, bounded(value), most);
}

/** The name of a call, bounded. */
export const boundedName = remembered((name) => bounded(name));

/** FNV-1a, 32 bits, in hexadecimal: to tell values apart, not to protect them. */
export function hashOf(value: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at += 1) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Counts a name. When there are too many, the last one leaves, by `compare` and then by its letters.
 *
 * @returns whether one was left out
 */
export function countIn(
  counts: Record<string, number>,
  name: string,
  most: number,
  compare: (a: string, b: string) => number,
): boolean {
  counts[name] = (counts[name] ?? 0) + 1;
  const names = Object.keys(counts);
  if (names.length <= most) return false;
  delete counts[names.sort((a, b) => compare(a, b) || compareText(a, b)).at(-1) ?? name];
  return true;
}

/**
 * Adds a value to a sorted list of the first ones seen, so that what is kept does not depend on the order of reading.
 *
 * @param compare by their letters where nothing else is said
 * @returns whether something was left out
 */
export function keep(list: string[], value: string, most: number, compare = compareText): boolean {
  if (value === '' || list.includes(value)) return false;
  // Most of what comes later: it would be put last, and left out.
  const last = list[most - 1];
  if (last !== undefined && compare(value, last) > 0) return true;
  const place = list.findIndex((other) => compare(value, other) < 0);
  list.splice(place === -1 ? list.length : place, 0, value);
  if (list.length <= most) return false;
  list.pop();
  return true;
}
