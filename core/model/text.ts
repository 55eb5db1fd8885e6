/**
 * Whatever nobody sees or that changes how its neighbours are read: control and format characters, ends of lines, halves of surrogate
 * pairs, variation selectors and all else that Unicode says is not to be shown, and the few that it has as signs or letters and
 * that are blank all the same (U+2800, U+16FE4, U+1D159, the block of controls among the hieroglyphs). Spaces are none of these.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 * @see https://www.unicode.org/charts/PDF/U13430.pdf
 */
export const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}\u{13430}-\u{1345f}]/gu;

const BETWEEN_WORDS = new RegExp(`(?:${INVISIBLE.source}|\\s)+`, 'gu');
const WRITTEN = new RegExp(`(?!${INVISIBLE.source})[\\p{L}\\p{N}]`, 'gu');

/**
 * Text that people chose, made fit for one line: line breaks, control characters and invisible characters (which could reorder
 * or hide what is read) become a space, and it is cut to `most` characters.
 */
export function oneLine(value: string, most: number): string {
  const line = isPlainAscii(value) ? value.trim() : value.replace(BETWEEN_WORDS, ' ').trim();
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
 * How many letters and digits of any script a text has: blanks, dots and characters nobody sees say nothing, also where Unicode counts
 * them as letters (the fillers of Hangul, the blanks among the hieroglyphs).
 */
export function writtenLength(text: string): number {
  return text.match(WRITTEN)?.length ?? 0;
}
