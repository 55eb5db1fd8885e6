import { INVISIBLE } from '../../core/model/text.ts';

/**
 * Text fit for a terminal: what could move the cursor, recolour, or reorder what is read (control characters, bidirectional and
 * invisible ones) stands as `\\u001b`, so that nothing people wrote elsewhere can pass for a line of ours. Line ends and tabs stay.
 * In a string of JSON that is the same character, so `--json` stays what it was.
 */
export function forTerminal(text: string): string {
  return text.replace(UNSEEN, (found) => (KEPT.has(found) ? found : escaped(found)));
}

const UNSEEN = new RegExp(`\\r\\n|${INVISIBLE.source}`, 'gu');

/** Ends of lines, those of a spreadsheet's file among them, and tabs. */
const KEPT: ReadonlySet<string> = new Set(['\r\n', '\n', '\t']);

/** Parts of one line, parted by tabs; none of them can hold a tab or an end of line of its own. */
export function row(...cells: readonly string[]): string {
  return `${cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')}\n`;
}

/** A line of its own, whatever stands in it. */
export function line(text: string): string {
  return `${text.replace(/ *[\t\n\r]\s*/g, ' ').trim()}\n`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
