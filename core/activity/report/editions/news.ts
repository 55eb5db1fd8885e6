import { type CallRow, callsIn, rowKey, rowsOf } from '../../classify/aggregate/digest.ts';
import { CALL_KINDS, type CallKind } from '../../classify/call-kind.ts';
import { FLAG_IDS } from '../../classify/rules/flag-ids.ts';
import { FLAGS } from '../../classify/rules/flags.ts';
import { editionName, editionOf } from '../../edition.ts';
import type { StoredReport } from '../../ports.ts';
import { openCursors } from '../../read/reading.ts';
import { counted, grouped, instant, listed } from '../render/wording.ts';

/** What an edition says that the previous one did not. */
export interface News {
  /** `Since the first edition of 2026-01-05 10:05:00 UTC`. */
  readonly since: string;
  /** What is new, a line each; empty when nothing is. */
  readonly lines: readonly string[];
  /** How many more calls a row has than in the previous edition. */
  fresh(row: Pick<CallRow, 'kind' | 'action' | 'errorCode' | 'as' | 'flag'>): number;
}

const MOST_ROWS = 20;

/** Compares a report with the previous edition. */
export function newsSince(before: StoredReport, report: StoredReport): News {
  const rows = freshRows(before, report);
  const fresh: News['fresh'] = (row) => rows.get(keyOf(row))?.more ?? 0;
  return {
    since: `Since the ${editionName(editionOf(before))}${before.sentAt === undefined ? '' : ` of ${instant(before.sentAt)}`}`,
    lines: [
      ...countLines(before, report),
      ...rowLines([...rows.values()]),
      ...flagLines(before, report),
      ...readLines(before, report),
      ...fetchedLines(before, report),
    ],
    fresh,
  };
}

function countLines(before: StoredReport, report: StoredReport): readonly string[] {
  const more = (kind: CallKind) => report.digest.counts[kind] - before.digest.counts[kind];
  const words: Readonly<Record<CallKind, (count: number) => string>> = {
    write: (count) => counted(count, 'write'),
    refused: (count) => `${grouped(count)} refused`,
    failed: (count) => `${grouped(count)} failed`,
    read: (count) => counted(count, 'read'),
    'sign-in': (count) => counted(count, 'sign-in'),
  };
  const said = CALL_KINDS.filter((kind) => more(kind) > 0).map((kind) => words[kind](more(kind)));
  return said.length === 0 ? [] : [`${listed(said)} more.`];
}

interface FreshRow {
  readonly action: string;
  readonly errorCode: string;
  readonly more: number;
  /** Place of the row's flag, the most serious flag first; rows without a flag come last. */
  readonly rank: number;
}

/** Rows of every kind that have more calls than in the previous edition. */
function freshRows(before: StoredReport, report: StoredReport): ReadonlyMap<string, FreshRow> {
  const known = new Map<string, number>();
  for (const kind of CALL_KINDS) for (const row of rowsOf(before.digest, kind)) known.set(keyOf(row), row.count);
  const found = new Map<string, FreshRow>();
  for (const kind of CALL_KINDS)
    for (const row of rowsOf(report.digest, kind)) {
      const more = row.count - (known.get(keyOf(row)) ?? 0);
      if (more > 0) found.set(keyOf(row), { action: row.action, errorCode: row.errorCode, more, rank: rankOf(row) });
    }
  return found;
}

/** As in the report, rows with a flag come first, the most serious first, however many calls the other rows have. */
function rankOf({ flag }: CallRow): number {
  return flag === '' ? FLAG_IDS.length : FLAG_IDS.indexOf(flag);
}

function keyOf({ kind, action, errorCode, as, flag }: Parameters<News['fresh']>[0]): string {
  return rowKey(kind, action, errorCode, as, flag);
}

function rowLines(rows: readonly FreshRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const shown = [...rows]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_ROWS)
    .map(
      ({ action, errorCode, more }) =>
        `${action}${errorCode === '' ? '' : ` [${errorCode}]`}${more === 1 ? '' : ` ×${grouped(more)}`}`,
    );
  return [
    `New: ${[...shown, ...(rows.length > shown.length ? [`${rows.length - shown.length} more`] : [])].join(', ')}.`,
  ];
}

function flagLines(before: StoredReport, report: StoredReport): readonly string[] {
  const raised = FLAG_IDS.filter(
    (id) =>
      FLAGS[id].level === 'look' && report.digest.flags[id] !== undefined && before.digest.flags[id] === undefined,
  ).map((id) => FLAGS[id].title.toLowerCase());
  return raised.length === 0 ? [] : [`To look at, and not before: ${raised.join(', ')}.`];
}

/** Regions that could not be read before and were now. */
function readLines(before: StoredReport, report: StoredReport): readonly string[] {
  const finished = new Set(regionsOf(report, true));
  // A Region that is not in the new plan was not read.
  const read = regionsOf(before, false).filter((region) => finished.has(region));
  return read.length === 0 ? [] : [`Read now, and not before: ${listed(read)}.`];
}

/** The Regions of the access's own account that were read to their end, or those that were not. */
function regionsOf({ plan, reading }: StoredReport, toTheEnd: boolean): readonly string[] {
  const open = new Set(openCursors(reading));
  return reading.lanes
    .filter(({ accountId }) => accountId === plan.accountId)
    .filter((cursor) => (cursor.stopped === undefined && !open.has(cursor)) === toTheEnd)
    .map(({ region }) => region);
}

function fetchedLines(before: StoredReport, report: StoredReport): readonly string[] {
  const known = before.reading.portal?.fetched.count ?? 0;
  const { count = 0, last = '' } = report.reading.portal?.fetched ?? {};
  // If there are calls, Identity Center's events are not read, so their number says nothing.
  if (callsIn(report.digest) > 0 || count <= known) return [];
  return [`Credentials were fetched ${counted(count - known, 'more time')}, last at ${instant(last)}.`];
}
