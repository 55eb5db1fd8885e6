import { AwsError } from '../wire/aws-error.ts';

/** A CloudTrail record with the values of its partitions. */
export interface TrailRow {
  readonly record: Readonly<Record<string, unknown>>;
  readonly partitions: Readonly<Record<string, string>>;
}

export interface ParsedSql {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly of: (row: TrailRow) => string | undefined }[];
  readonly matches: (row: TrailRow) => boolean;
  readonly limit: number;
}

/** Columns that hold a part of the record as JSON text. */
const JSON_TEXT: ReadonlySet<string> = new Set(['requestparameters', 'responseelements', 'additionaleventdata']);
const ARNS = 'json_format(CAST(transform(resources, r -> r.arn) AS JSON))';

/**
 * Parses the part of Athena's SQL that the emulator supports: a SELECT of named columns; a WHERE of comparisons joined
 * by AND and, in parentheses, by OR; newest first; with a limit. Question marks are replaced, in order, by the
 * parameters, which are texts in single quotes.
 *
 * @throws AwsError InvalidRequestException for anything else, and for a query without the account: its partitions are
 * injected
 */
export function parseAthenaSql(sql: string, parameters: readonly string[]): ParsedSql {
  const [, select = '', table = '', where = '', limit = ''] =
    /^SELECT (.+) FROM ("\w+"\."\w+") WHERE (.+) ORDER BY eventtime DESC LIMIT (\d+)$/.exec(sql) ??
    refuse('syntax error');
  const left = [...parameters];
  const value = (token: string): string => {
    const given = token === '?' ? (left.shift() ?? refuse('Incorrect number of parameters')) : token;
    // Unquoted text is a column name.
    const [, text] = /^'([^']*)'$/.exec(given) ?? refuse(`Column '${given}' cannot be resolved`);
    return text ?? '';
  };
  const columns = select.split(/, (?=[^ ]+ AS |json_format)/).map((part) => {
    const [, expression = '', name = ''] = /^(.+) AS "(\w+)"$/.exec(part) ?? refuse(`cannot read ${part}`);
    return { name, of: expressionOf(expression) };
  });
  const conditions = where.split(/ AND (?![^(]*\))/).map((part) => {
    const inside = /^\((.+)\)$/.exec(part)?.[1];
    const any = (inside ?? part).split(' OR ').map((one) => comparison(one, value));
    return (row: TrailRow) => any.some((each) => each(row));
  });
  if (left.length > 0) refuse('Incorrect number of parameters');
  if (!/(^| AND )account = /.test(where))
    refuse(
      'CONSTRAINT_VIOLATION: for the injected projected partition column account, the WHERE clause must contain only static equality conditions',
    );
  return { table, columns, matches: (row) => conditions.every((each) => each(row)), limit: Number(limit) };
}

function comparison(text: string, value: (token: string) => string): (row: TrailRow) => boolean {
  const [, expression = '', operator = '', token = ''] =
    /^(.+?) (=|<=|>=) (\?|'[^']*')$/.exec(text) ?? refuse(`cannot read ${text}`);
  const of = expressionOf(expression);
  const wanted = value(token);
  return (row) => {
    const found = of(row);
    if (found === undefined) return false;
    return operator === '=' ? found === wanted : operator === '>=' ? found >= wanted : found <= wanted;
  };
}

function expressionOf(text: string): (row: TrailRow) => string | undefined {
  if (text === ARNS)
    return ({ record }) =>
      Array.isArray(record.resources)
        ? JSON.stringify(record.resources.map((one: { ARN?: unknown }) => one?.ARN ?? null))
        : undefined;
  const part = /^split_part\((.+), '(.)', (\d+)\)$/.exec(text);
  if (part !== null) {
    const of = columnOf(part[1] ?? '');
    return (row) => of(row)?.split(part[2] ?? '')[Number(part[3]) - 1] ?? '';
  }
  const last = /^element_at\(split\((.+), '(.)'\), -1\)$/.exec(text);
  if (last !== null) {
    const of = columnOf(last[1] ?? '');
    return (row) =>
      of(row)
        ?.split(last[2] ?? '')
        .at(-1);
  }
  return columnOf(text);
}

/** A column or a member of a column. Column names are in lower case. */
function columnOf(path: string): (row: TrailRow) => string | undefined {
  if (!/^[a-z.]+$/.test(path)) refuse(`Column '${path}' cannot be resolved`);
  return ({ record, partitions }) => {
    if (Object.hasOwn(partitions, path)) return partitions[path];
    let value: unknown = record;
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = Object.entries(value).find(([member]) => member.toLowerCase() === name)?.[1];
    }
    if (value === undefined || value === null) return undefined;
    return JSON_TEXT.has(path) && typeof value !== 'string' ? JSON.stringify(value) : String(value);
  };
}

function refuse(message: string): never {
  throw new AwsError('InvalidRequestException', message);
}
