import type { ReportModel, Row } from '../../../core/activity/report/report.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { blocks, context, type MessageView, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { requesterWords } from '../../people.ts';
import { cut, listWords, oneLine } from '../../words/wording.ts';
import { targetWords, traceLine } from '../asking/request-parts.ts';

/** Kinds of calls that are listed; reads are only counted. */
const SHOWN: ReadonlySet<string> = new Set(['write', 'refused', 'failed']);
const MOST_ROWS = 12;
const MOST_GAPS = 4;

/**
 * What was done so far with an access, for the person who asked: the beginning of what the report would say, short
 * enough for a phone.
 */
export function soFarMessage(request: AccessRequest, model: ReportModel): MessageView {
  const headline = `:mag: *So far* with ${targetWords(request)} of ${requesterWords(request)}: ${oneLine(model.headline, 200)}.`;
  const rows = model.sections.flatMap(({ kind, rows: all }) =>
    SHOWN.has(kind) ? all.map((row) => ({ kind, row })) : [],
  );
  const shown = fitting(rows.slice(0, MOST_ROWS).map(({ kind, row }) => rowLine(kind, row)));
  const left = rows.length - shown.length;
  const flags = model.flags
    .filter(({ level }) => level === 'look')
    .map(({ title }) => oneLine(title.toLowerCase(), 60));
  return {
    text: cut(headline, LIMITS.messageText),
    blocks: blocks(
      section(
        headline,
        model.counts === undefined
          ? ''
          : flags.length === 0
            ? 'Nothing was flagged.'
            : `*To look at:* ${listWords(flags)}.`,
      ),
      rows.length === 0
        ? undefined
        : section(...shown, left > 0 ? `… and ${left} more ${left === 1 ? 'kind' : 'kinds'} of calls` : ''),
      context(...model.coverage.gaps.slice(0, MOST_GAPS).map((gap) => oneLine(gap, 400)), traceLine(request)),
    ),
  };
}

/** As many lines as fit beside the line that counts the rest: long names must not push that count out. */
function fitting(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let room = LIMITS.sectionText - 60;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return kept;
}

function rowLine(kind: string, row: Row): string {
  const what = row.resources.map((resource) => oneLine(resource, 100)).join(' | ');
  const how = [
    kind === 'write' ? '' : kind,
    row.as === '' ? '' : `as ${oneLine(row.as, 120)}`,
    oneLine(row.when, 80),
    cut(what, 300),
  ];
  const sign = row.risk === '' ? '•' : ':warning:';
  return `${sign} ${row.count} × ${oneLine(row.action, 100)}: ${how.filter((part) => part !== '').join(', ')}`;
}
