import { POLICY_PREFIX } from '../../model/stored-ids.ts';
import { compareText } from '../../model/text.ts';
import type { AuditEvent } from '../audit-event.ts';

/** One line of an answer: a text for each column, empty where there is nothing to say. */
export type AnswerRow = Readonly<Record<string, string>>;

/**
 * A question that auditors ask, with two implementations that return the same columns: `answer` works on events that
 * were read from the archive, `sql` is for Athena.
 */
export interface AuditQuestion {
  /** Stable: a word of the command line, and part of the name of the saved query. */
  readonly id: string;
  /** What it answers, in one sentence. */
  readonly asks: string;
  readonly columns: readonly string[];
  /** The column by which the rows are ordered, oldest first. */
  readonly orderedBy: string;
  /** @param now ISO 8601; access that has not ended by then counts as open */
  answer(events: readonly AuditEvent[], now: string): readonly AnswerRow[];
  /**
   * Common table expressions, then a SELECT of exactly the columns from the events `e`, in the SQL of Athena (Trino).
   */
  readonly sql: { readonly with: readonly string[]; readonly select: string };
}

/** Narrows an answer by the values of its columns. A filter that is absent leaves all rows. */
export interface AnswerFilter {
  readonly request?: string;
  /** User name. */
  readonly user?: string;
  /** Id or name. */
  readonly account?: string;
  /** Id of a record, or name of a policy. */
  readonly policy?: string;
  /** Access that was held on this day (UTC), such as 2026-01-05. */
  readonly day?: string;
  /** Rows whose instant is within this time, or whose access lasted into it. */
  readonly within?: Within;
}

/** ISO 8601 in UTC; `to` is not part of it. */
export interface Within {
  readonly from: string;
  readonly to: string;
}

interface Condition {
  /** One of these columns has to hold one of the texts. */
  readonly columns: readonly string[];
  readonly texts: readonly string[];
}

/** The columns that each filter compares, where an answer has them. */
const LOOKED_AT: Readonly<Record<Exclude<keyof AnswerFilter, 'day' | 'within'>, readonly string[]>> = {
  request: ['request'],
  user: ['person', 'name'],
  account: ['account', 'account_id'],
  policy: ['record', 'path'],
};

/** The filters that mean nothing to a question, because its answer has no such column. */
export function meaningless({ columns }: Pick<AuditQuestion, 'columns'>, filter: AnswerFilter): readonly string[] {
  return Object.entries(filter)
    .filter(([name, text]) => text !== undefined && name !== 'within')
    .map(([name]) => name)
    .filter((name) => {
      const looked = name === 'day' ? ['had_from'] : LOOKED_AT[name as keyof typeof LOOKED_AT];
      return !looked.some((column) => columns.includes(column));
    });
}

function conditionsOf(columns: readonly string[], filter: AnswerFilter): readonly Condition[] {
  return (Object.keys(LOOKED_AT) as (keyof typeof LOOKED_AT)[]).flatMap((name): Condition[] => {
    const text = filter[name];
    if (text === undefined) return [];
    const texts = name === 'policy' ? [text, `${POLICY_PREFIX}${text}`] : [text];
    return [{ columns: LOOKED_AT[name].filter((column) => columns.includes(column)), texts }];
  });
}

/** Answers a question from events, in any order. @param now ISO 8601 */
export function answerQuestion(
  question: AuditQuestion,
  events: readonly AuditEvent[],
  filter: AnswerFilter,
  now: string,
): readonly AnswerRow[] {
  const inOrder = [...events].sort((a, b) => compareText(a.at, b.at) || compareIds(a.id, b.id));
  const conditions = conditionsOf(question.columns, filter);
  return question
    .answer(inOrder, now)
    .filter((row) =>
      conditions.every(({ columns, texts }) => columns.some((column) => texts.includes(row[column] ?? ''))),
    )
    .filter((row) => filter.day === undefined || wasThere(row, filter.day))
    .filter((row) => filter.within === undefined || isWithin(question, row, filter.within))
    .toSorted((a, b) => compareText(a[question.orderedBy] ?? '', b[question.orderedBy] ?? ''));
}

/** Was the access held on the day? Instants in ISO 8601 begin with their day, so the days are compared as text. */
function wasThere({ had_from: from = '', had_until: until = '' }: AnswerRow, day: string): boolean {
  return from.slice(0, 10) <= day && (until === '' || until.slice(0, 10) >= day);
}

/** A row about access counts for as long as the access lasted; any other row counts at its own instant. */
function isWithin({ columns, orderedBy }: AuditQuestion, row: AnswerRow, { from, to }: Within): boolean {
  const at = row[orderedBy] ?? '';
  if (!columns.includes('had_until')) return at >= from && at < to;
  const until = row.had_until ?? '';
  return at < to && (until === '' || until >= from);
}

/** An id ends with its position in a history, which is compared as a number. */
function compareIds(a: string, b: string): number {
  const [one, other] = [a, b].map((id) => Number(id.slice(id.lastIndexOf('#') + 1)));
  return (one ?? 0) - (other ?? 0) || compareText(a, b);
}

/**
 * The same question as one statement for Athena.
 *
 * @param table as SQL names it: `"database"."table"`
 * @param days a condition on the partition `day`, without which Athena would scan the whole archive
 */
export function questionSql(question: AuditQuestion, table: string, days: string, filter: AnswerFilter = {}): string {
  const { columns, orderedBy, sql } = question;
  const parts = [`e AS (\n  SELECT * FROM ${table} WHERE ${days}\n)`, ...sql.with];
  const conditions = conditionsOf(columns, filter).map(
    ({ columns: looked, texts }) =>
      `(${looked.map((column) => `${column} IN (${texts.map(quoted).join(', ')})`).join(' OR ')})`,
  );
  if (filter.day !== undefined) {
    const day = quoted(filter.day);
    conditions.push(`substr(had_from, 1, 10) <= ${day} AND (had_until = '' OR substr(had_until, 1, 10) >= ${day})`);
  }
  if (filter.within !== undefined) {
    const [from, to] = [quoted(filter.within.from), quoted(filter.within.to)];
    const lasted = columns.includes('had_until')
      ? `(had_until = '' OR had_until >= ${from})`
      : `${orderedBy} >= ${from}`;
    conditions.push(`${orderedBy} < ${to} AND ${lasted}`);
  }
  const where = conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`;
  return `WITH ${parts.join(',\n')}
SELECT ${columns.join(', ')}
FROM (
${sql.select}
)${where}
ORDER BY ${orderedBy}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
