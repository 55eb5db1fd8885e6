/** Characters a pattern may have. */
const MAX_PATTERN_LENGTH = 200;

/** Characters a ticket may have; a longer one matches no pattern, so that matching stays cheap. */
export const MAX_TICKET_LENGTH = 100;

/**
 * How many ways a pattern may have to match; the number of steps a backtracking engine can be made to take grows with it. Three
 * parts of open length are allowed, which keeps the worst case well under a second; `^(INC|CHG)-[0-9]+$` has two hundred ways.
 */
const MAX_WAYS = (MAX_TICKET_LENGTH + 1) ** 3;

/** The ways a part of a pattern can match, and whether it has a choice at all. */
interface Cost {
  readonly ways: number;
}

/**
 * Reads a ticket pattern and refuses the ones a hostile ticket could make slow: repetition inside repetition, look-around,
 * back-references, or too many open-ended parts. The person who types the ticket is not the one who wrote the pattern.
 *
 * @returns the expression, or a phrase saying what the pattern must be
 */
export function parseTicketPattern(source: string): RegExp | { readonly problem: string } {
  if (source === '' || source.length > MAX_PATTERN_LENGTH) {
    return { problem: `must be a regular expression of 1 to ${MAX_PATTERN_LENGTH} characters` };
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch {
    return { problem: "must be a regular expression, such as '^INC-[0-9]+$'" };
  }
  const ways = waysToMatch(source);
  if (ways === undefined) {
    return {
      problem:
        'must be a regular expression without look-around, back-references or repetition of a part that can itself vary',
    };
  }
  if (ways > MAX_WAYS)
    return { problem: 'must be a simpler regular expression: it has too many optional or open-ended parts' };
  return pattern;
}

/** True when the ticket satisfies the pattern; the whole ticket is looked at without its surrounding spaces. */
export function matchesTicket(pattern: RegExp, ticket: string): boolean {
  const text = ticket.trim();
  return text !== '' && text.length <= MAX_TICKET_LENGTH && pattern.test(text);
}

/** An upper bound for the ways the pattern can match, or `undefined` where it uses what is not allowed. */
function waysToMatch(source: string): number | undefined {
  const scanner = { at: 0 };
  const cost = alternatives(source, scanner);
  return cost === undefined || scanner.at < source.length ? undefined : cost.ways;
}

/** Reads `a|b|c` up to the closing parenthesis or the end. */
function alternatives(source: string, scanner: { at: number }): Cost | undefined {
  let total = 0;
  let ways = 1;
  while (scanner.at < source.length && source[scanner.at] !== ')') {
    if (source[scanner.at] === '|') {
      total += ways;
      ways = 1;
      scanner.at++;
      continue;
    }
    const atom = readAtom(source, scanner);
    if (atom === undefined) return undefined;
    const times = readQuantifier(source, scanner);
    if (times.most > 1 && atom.ways > 1) return undefined;
    // An optional part may match or be left out; a repeated one may stop at any of its lengths.
    ways *= times.fewest === times.most ? atom.ways : (times.most - times.fewest) * atom.ways + 1;
  }
  return { ways: total + ways };
}

function readAtom(source: string, scanner: { at: number }): Cost | undefined {
  const char = source[scanner.at];
  if (char === '\\') {
    const escaped = source[scanner.at + 1] ?? '';
    scanner.at += 2;
    return /[1-9k]/.test(escaped) ? undefined : { ways: 1 };
  }
  if (char === '[') {
    scanner.at++;
    while (scanner.at < source.length && source[scanner.at] !== ']') scanner.at += source[scanner.at] === '\\' ? 2 : 1;
    scanner.at++;
    return { ways: 1 };
  }
  if (char === '(') {
    scanner.at++;
    if (source[scanner.at] === '?') {
      if (source[scanner.at + 1] !== ':') return undefined;
      scanner.at += 2;
    }
    const inner = alternatives(source, scanner);
    scanner.at++;
    return inner;
  }
  scanner.at++;
  return { ways: 1 };
}

function readQuantifier(source: string, scanner: { at: number }): { readonly fewest: number; readonly most: number } {
  const rest = source.slice(scanner.at);
  const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(rest);
  if (match === null) return { fewest: 1, most: 1 };
  scanner.at += match[0].length;
  if (match[1] === '?') return { fewest: 0, most: 1 };
  if (match[1] !== undefined) return { fewest: 0, most: MAX_TICKET_LENGTH };
  const fewest = Number(match[2]);
  if (match[3] === undefined) return { fewest, most: fewest };
  return {
    fewest,
    most: match[4] === '' ? fewest + MAX_TICKET_LENGTH : Math.min(Number(match[4]), fewest + MAX_TICKET_LENGTH),
  };
}
