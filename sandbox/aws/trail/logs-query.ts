import { AwsError } from '../wire/aws-error.ts';

/** The discovered fields of one log event, by their dotted names. */
export type Fields = ReadonlyMap<string, string>;

type Condition = (fields: Fields) => boolean;

/** A parsed query: which events it selects, with which fields and in which order. */
export interface ParsedQuery {
  readonly fields: readonly string[];
  readonly matches: Condition;
  /** The field to sort by, newest first; absent: the order of the events. */
  readonly newestBy?: string;
}

/**
 * Parses the part of the Logs Insights query language that the emulator supports: `fields`, `filter` with `=`, `<=`,
 * `>=`, `like /…/`, `and`, `or` and parentheses, and `sort … desc`.
 *
 * @throws AwsError MalformedQueryException for anything else
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function parseLogsQuery(text: string): ParsedQuery {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = () => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw malformed(`unexpected ${token ?? 'end of query'}`);
    at += 1;
    return token;
  };

  function anyOf(): Condition {
    const parts = [allOf()];
    while (peek() === 'or') {
      take();
      parts.push(allOf());
    }
    return (fields) => parts.some((part) => part(fields));
  }
  function allOf(): Condition {
    const parts = [one()];
    while (peek() === 'and') {
      take();
      parts.push(one());
    }
    return (fields) => parts.every((part) => part(fields));
  }
  function one(): Condition {
    if (peek() === '(') {
      take();
      const inside = anyOf();
      take(')');
      return inside;
    }
    const [field, operator, value] = [take(), take(), take()];
    // A comparison with a field that was not discovered is false; `like` sees such a field as an empty text.
    if (operator === 'like') {
      const pattern = regex(value);
      return (fields) => pattern.test(fields.get(field) ?? '');
    }
    const wanted = literal(value);
    return (fields) => {
      const found = fields.get(field);
      if (found === undefined) return false;
      return operator === '=' ? found === wanted : operator === '>=' ? found >= wanted : found <= wanted;
    };
  }

  const conditions: Condition[] = [];
  let fields: string[] = ['@timestamp', '@message'];
  let newestBy: string | undefined;
  for (;;) {
    const command = take();
    if (command === 'fields') {
      fields = [take()];
      while (peek() === ',') {
        take();
        fields.push(take());
      }
    } else if (command === 'filter') conditions.push(anyOf());
    else if (command === 'sort') {
      newestBy = take();
      take('desc');
    } else throw malformed(`unknown command ${command}`);
    if (peek() === undefined) break;
    take('|');
  }
  const matches: Condition = (event) => conditions.every((condition) => condition(event));
  return newestBy === undefined ? { fields, matches } : { fields, matches, newestBy };
}

const TOKEN = /\s*(?:(\/(?:[^/\\]|\\.)+\/)|('(?:[^'\\]|\\.)*')|(<=|>=|=|\||,|\(|\))|([@\w][\w.@]*))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw malformed(`unexpected symbol at position ${from}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function literal(token: string): string {
  if (!token.startsWith("'")) throw malformed(`unexpected ${token}`);
  return token.slice(1, -1).replace(/\\(.)/g, '$1');
}

function regex(token: string): RegExp {
  if (!token.startsWith('/')) throw malformed(`unexpected ${token}`);
  return new RegExp(token.slice(1, -1));
}

function malformed(what: string): AwsError {
  return new AwsError('MalformedQueryException', what);
}

/** The number of fields that Insights discovers in an event, in the order in which they are written. */
const MOST_FIELDS = 200;

/** The fields of one event, as Insights discovers them. */
export function fieldsOf(message: string): Fields {
  const fields = new Map<string, string>([['@message', message]]);
  const visit = (value: unknown, name: string): void => {
    if (fields.size > MOST_FIELDS) return;
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, name === '' ? key : `${name}.${key}`);
    else if (value !== null) fields.set(name, String(value));
  };
  visit(JSON.parse(message), '');
  return fields;
}
