/** A regular expression as a tree; only what can be matched without backtracking. */
export type Expression =
  /** One character that a class, escape or literal accepts. */
  | { readonly kind: 'character'; readonly accepts: RegExp }
  /** A position in the text; consumes no character. */
  | { readonly kind: 'place'; readonly where: Place }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly parts: readonly Expression[] }
  /** `most` absent: without upper limit. */
  | { readonly kind: 'repeat'; readonly part: Expression; readonly fewest: number; readonly most?: number };

export type Place = 'start' | 'end' | 'edge' | 'no-edge';

interface Scanner {
  readonly source: string;
  at: number;
}

const PLACES: Readonly<Record<string, Place>> = { '^': 'start', $: 'end', '\\b': 'edge', '\\B': 'no-edge' };

/**
 * Parses an expression that JavaScript accepts.
 *
 * @returns `undefined` where it uses look-around or back-references, which cannot be matched in linear time, or named
 *   groups
 */
export function parseExpression(source: string): Expression | undefined {
  const scanner = { source, at: 0 };
  const expression = readChoice(scanner);
  return scanner.at < source.length ? undefined : expression;
}

/** Does every match begin at the start of the text, or end at its end, in each alternative? */
export function isAnchored(expression: Expression, at: 'start' | 'end'): boolean {
  switch (expression.kind) {
    case 'character':
      return false;
    case 'place':
      return expression.where === at;
    case 'sequence': {
      const outermost = expression.parts.at(at === 'start' ? 0 : -1);
      return outermost !== undefined && isAnchored(outermost, at);
    }
    case 'choice':
      return expression.parts.every((part) => isAnchored(part, at));
    case 'repeat':
      return expression.fewest > 0 && isAnchored(expression.part, at);
  }
}

/** Parses `a|b|c` up to the closing parenthesis or the end. */
function readChoice(scanner: Scanner): Expression | undefined {
  const choices: Expression[] = [];
  let parts: Expression[] = [];
  while (scanner.at < scanner.source.length && scanner.source[scanner.at] !== ')') {
    if (scanner.source[scanner.at] === '|') {
      choices.push({ kind: 'sequence', parts });
      parts = [];
      scanner.at++;
      continue;
    }
    const atom = readAtom(scanner);
    if (atom === undefined) return undefined;
    parts.push(readQuantified(atom, scanner));
  }
  return { kind: 'choice', parts: [...choices, { kind: 'sequence', parts }] };
}

function readAtom(scanner: Scanner): Expression | undefined {
  const rest = scanner.source.slice(scanner.at);
  if (rest.startsWith('(')) {
    const opening = /^\((?:\?:)?/.exec(rest)?.[0] ?? '(';
    if (rest.startsWith('?', opening.length)) return undefined;
    scanner.at += opening.length;
    const inner = readChoice(scanner);
    scanner.at++;
    return inner;
  }
  // `\1` to `\9` refer back to a group (or are octal characters, which are refused as well); `\k` refers to a named
  // group.
  if (/^\\[1-9k]/.test(rest)) return undefined;
  // A class ends at the first unescaped bracket, even directly after its start: `[]` is the empty class.
  const [text = ''] =
    /^(?:\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[a-zA-Z]|0[0-7]{0,2}|[\s\S])|[\s\S])/.exec(
      rest,
    ) ?? [];
  scanner.at += text.length;
  const where = PLACES[text];
  if (where !== undefined) return { kind: 'place', where };
  // Outside a quantifier, a brace or a closing bracket is a literal character.
  return { kind: 'character', accepts: new RegExp(`^(?:${/^[{}\]]$/.test(text) ? `\\${text}` : text})$`) };
}

function readQuantified(part: Expression, scanner: Scanner): Expression {
  const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(scanner.source.slice(scanner.at));
  if (match === null) return part;
  scanner.at += match[0].length;
  const [, sign, least, comma, most] = match;
  if (sign === '?') return { kind: 'repeat', part, fewest: 0, most: 1 };
  if (sign !== undefined) return { kind: 'repeat', part, fewest: sign === '+' ? 1 : 0 };
  const fewest = Number(least);
  if (comma !== undefined && (most ?? '') === '') return { kind: 'repeat', part, fewest };
  return { kind: 'repeat', part, fewest, most: comma === undefined ? fewest : Number(most) };
}
