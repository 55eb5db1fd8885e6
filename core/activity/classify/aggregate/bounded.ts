import { compareText, isPlainAscii, oneLine } from '../../../model/text.ts';
import { remembered } from '../remember.ts';

/*
 * These functions keep a digest small whatever the calls contain. They cut values so that different ones stay
 * different, and keep lists whose contents do not depend on the order of reading.
 */

const MOST_BYTES = 100;
/** Only this much of a longer value is read; the hash covers all of it. Characters. */
const LONGEST_READ = 2000;

/**
 * Cuts text from a call to about `most` bytes and replaces `|`, which separates the parts of a row key. A longer ASCII
 * text keeps its beginning and its end, where ARNs differ; other text keeps its beginning. Both get a hash of the
 * whole, so that different values stay different.
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

/** Adds a bounded text to a list as `keep` does. A text that the list has already is not bounded again. */
export function keepBounded(list: string[], value: string, most: number): boolean {
  return value !== '' && !list.includes(value) && keep(list, bounded(value), most);
}

/** Bounds texts that repeat, such as the names of calls. */
export const boundedName = remembered((name) => bounded(name));

/** FNV-1a, 32 bits, in hexadecimal: to tell values apart, not to protect them. */
export function hashOf(value: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at += 1) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Counts a name. If there are too many names, the last one by `compare`, then alphabetically, is removed.
 *
 * @returns whether a name was left out
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
 * Adds a value to a sorted list that holds the first `most` values by `compare`, so that its contents do not depend on
 * the order of reading.
 *
 * @param compare alphabetical unless given
 * @returns whether a value was left out
 */
export function keep(list: string[], value: string, most: number, compare = compareText): boolean {
  if (value === '' || list.includes(value)) return false;
  // The usual case once the list is full: the value would be put last, and left out.
  const last = list[most - 1];
  if (last !== undefined && compare(value, last) > 0) return true;
  const place = list.findIndex((other) => compare(value, other) < 0);
  list.splice(place === -1 ? list.length : place, 0, value);
  if (list.length <= most) return false;
  list.pop();
  return true;
}
