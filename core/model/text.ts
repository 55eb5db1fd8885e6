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

/** How many bytes a text takes as UTF-8, which is what AWS counts where a text is stored or sent. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Half of a surrogate pair is two of its four bytes; JSON writes one that stands alone in ASCII.
    if (code > 0x7f) bytes += code <= 0x7ff || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Orders text by its characters' codes: instants of one form by time, names the same way on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * How many letters and digits of any script a text has: blanks, dots and characters nobody sees say nothing. Unicode counts the
 * fillers of Hangul as letters, and as nothing to be shown; the two blanks among the hieroglyphs (U+13441, U+13442) as letters only.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 * @see https://www.unicode.org/charts/PDF/U13430.pdf
 */
export function writtenLength(text: string): number {
  return text.match(/(?![\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}])[\p{L}\p{N}]/gu)?.length ?? 0;
}
