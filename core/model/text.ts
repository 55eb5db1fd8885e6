/**
 * Text that people chose, made fit for one line: line breaks, control characters and invisible characters (which could reorder
 * or hide what is read) become a space, and it is cut to `most` characters.
 */
export function oneLine(value: string, most: number): string {
  const line = isPlainAscii(value) ? value.trim() : value.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (line.length <= most) return line;
  // Not in the middle of a surrogate pair.
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** True for text that takes one byte per character and needs no cleaning. */
export function isPlainAscii(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}

/** Orders text by its characters' codes: instants of one form by time, names the same way on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
