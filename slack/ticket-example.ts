import { matchesTicket, parseTicketPattern } from '../core/policy/records/ticket/ticket-pattern.ts';

/**
 * A ticket that matches a pattern, for people who cannot read regular expressions: `INC-123` for `^(INC|CHG)-[0-9]+$`.
 * `undefined` if none is found. An example is tried against the pattern as a real ticket is, with `matchesTicket`,
 * because JavaScript's own engine would take hours for some patterns.
 */
export function ticketExample(pattern: string): string | undefined {
  try {
    const parsed = parseTicketPattern(pattern);
    if ('problem' in parsed) return undefined;
    const reader = { source: pattern, at: 0 };
    const example = alternatives(reader);
    return example !== '' && reader.at === pattern.length && matchesTicket(parsed, example) ? example : undefined;
  } catch {
    return undefined;
  }
}

interface Reader {
  readonly source: string;
  at: number;
}

/** What one character of the pattern, or a whole group, contributes to the example. */
interface Atom {
  readonly text: string;
  /** True for a digit: repeated digits count up, as people expect of a number. */
  readonly digit: boolean;
}

/** The most repetitions; a longer text would be no useful example. */
const MOST_REPEATED = 12;

/** Reads `a|b|c` up to the closing parenthesis or the end. The first alternative is the example. */
function alternatives(reader: Reader): string {
  let first: string | undefined;
  let text = '';
  while (reader.at < reader.source.length && reader.source[reader.at] !== ')') {
    if (reader.source[reader.at] === '|') {
      first ??= text;
      text = '';
      reader.at += 1;
      continue;
    }
    const atom = readAtom(reader);
    const times = readTimes(reader, atom.digit);
    text += atom.digit ? '1234567890123'.slice(0, times) : atom.text.repeat(times);
  }
  return first ?? text;
}

function readAtom(reader: Reader): Atom {
  const { source } = reader;
  const letter = source[reader.at] ?? '';
  reader.at += 1;
  if (letter === '^' || letter === '$') return { text: '', digit: false };
  if (letter === '.') return { text: 'A', digit: false };
  if (letter === '[') return readClass(reader);
  if (letter === '(') {
    if (source.startsWith('?:', reader.at)) reader.at += 2;
    const text = alternatives(reader);
    reader.at += 1;
    return { text, digit: false };
  }
  if (letter !== '\\') return { text: letter, digit: false };
  const escaped = source[reader.at] ?? '';
  reader.at += 1;
  return escapedAtom(escaped);
}

function escapedAtom(letter: string): Atom {
  if (letter === 'd') return { text: '1', digit: true };
  if (letter === 'w') return { text: 'A', digit: false };
  if (letter === 's') return { text: ' ', digit: false };
  if (/[a-z]/i.test(letter)) return { text: '', digit: false };
  return { text: letter, digit: false };
}

/** A class is represented by its first member. A negated class is not guessed. */
function readClass(reader: Reader): Atom {
  const end = reader.source.indexOf(']', reader.at + 1);
  const inside = reader.source.slice(reader.at, end);
  if (end < 0 || inside.startsWith('^')) throw new SyntaxError('a class that cannot be guessed');
  reader.at = end + 1;
  if (inside.startsWith('\\')) return escapedAtom(inside[1] ?? '');
  return inside.startsWith('0-') ? { text: '1', digit: true } : { text: inside[0] ?? '', digit: false };
}

function readTimes(reader: Reader, digit: boolean): number {
  const match = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at));
  if (match === null) return 1;
  reader.at += match[0].length;
  if (match[1] === '+') return digit ? 3 : 1;
  return match[1] === undefined ? Math.min(Number(match[2]), MOST_REPEATED) : 0;
}
