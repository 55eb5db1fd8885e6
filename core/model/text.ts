/**
 * Characters that nobody sees or that change how their neighbours are read: control and format characters, line ends,
 * halves of surrogate pairs, variation selectors and everything else that Unicode marks as not to be displayed. Also
 * the few characters that Unicode counts as signs or letters although they are blank (U+2800, U+16FE4, U+1D159, the
 * control block of the hieroglyphs). Spaces are not among them.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 * @see https://www.unicode.org/charts/PDF/U13430.pdf
 */
export const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}\u{13430}-\u{1345f}]/gu;

const BETWEEN_WORDS = new RegExp(`(?:${INVISIBLE.source}|\\s)+`, 'gu');
const WRITTEN = new RegExp(`(?!${INVISIBLE.source})[\\p{L}\\p{N}]`, 'gu');

/**
 * Text that people typed, made safe for one line: line breaks, control characters and invisible characters (which could
 * reorder or hide what is read) become a space, and the text is cut to `most` characters.
 */
export function oneLine(value: string, most: number): string {
  const line = isPlainAscii(value) ? value.trim() : value.replace(BETWEEN_WORDS, ' ').trim();
  if (line.length <= most) return line;
  // Do not cut in the middle of a surrogate pair.
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** True for text that takes one byte per character and needs no cleaning. */
export function isPlainAscii(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}

/** How many bytes a text takes as UTF-8. AWS counts its limits for stored and sent text in these bytes. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // A surrogate pair is four bytes, so each half counts two. A lone half does not occur in JSON: JSON.stringify
    // escapes it.
    if (code > 0x7f) bytes += code <= 0x7ff || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Orders text by character code: instants of one format by time, and names equally on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * How many letters and digits of any script a text has. Blanks, dots and invisible characters do not count, nor do the
 * invisible characters that Unicode classes as letters (the fillers of Hangul, the blanks among the hieroglyphs).
 */
export function writtenLength(text: string): number {
  return text.match(WRITTEN)?.length ?? 0;
}
