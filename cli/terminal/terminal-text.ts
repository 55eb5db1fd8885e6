import { INVISIBLE } from '../../core/model/text.ts';

/**
 * Makes text safe for a terminal. Characters that could move the cursor, change colours or reorder the text (control
 * characters, bidirectional and invisible ones) are printed as `\u001b`, so a text that people wrote elsewhere cannot
 * imitate this program's output. Line ends and tabs stay. In a JSON string the escape means the same character, so
 * `--json` output keeps its meaning.
 */
export function forTerminal(text: string): string {
  return text.replace(UNSEEN, (found) => (KEPT.has(found) ? found : escaped(found)));
}

const UNSEEN = new RegExp(`\\r\\n|${INVISIBLE.source}`, 'gu');

/** Line ends, including those of CSV files, and tabs. */
const KEPT: ReadonlySet<string> = new Set(['\r\n', '\n', '\t']);

/** One line of cells separated by tabs; white space within a cell becomes a single space. */
export function row(...cells: readonly string[]): string {
  return `${cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')}\n`;
}

/** One line: line ends within the text become spaces. */
export function line(text: string): string {
  return `${text.replace(/ *[\t\n\r]\s*/g, ' ').trim()}\n`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
