import { editionOf } from '../../core/activity/edition.ts';
import type { StoredReport } from '../../core/activity/ports.ts';
import type { ReportModel } from '../../core/activity/report/report.ts';
import type { DoneView, ReportView } from './document/schemas-of-report.ts';

/** An edition of a report. Who is who in Slack, and what the request says itself, stays out. */
export function reportView(report: StoredReport, model: ReportModel): ReportView {
  const { plan, sentAt, archived = [] } = report;
  const { news, archive, suggestion } = model;
  return {
    ...doneView(plan, model),
    edition: editionOf(report),
    sentAt: sentAt ?? null,
    finalAt: plan.finalAt ?? null,
    news: news === undefined ? null : { since: news.since, lines: [...news.lines] },
    advice: [...(suggestion === undefined ? [] : [suggestion.sentence, ...suggestion.advice])],
    list:
      archive === undefined
        ? null
        : {
            sentence: archive.sentence,
            files: archived.map(({ format, key, sha256, address }) => ({ format, key, sha256, address })),
          },
  };
}

/** What was done in a window, as far as it was seen. */
function doneView({ from, to }: { readonly from: string; readonly to: string }, model: ReportModel): DoneView {
  const { headline, verdict, counts, coverage, flags, mayStillAct, sessions, sections } = model;
  const { status, regionsRead, regionsNotRead, gaps, limits } = coverage;
  return {
    headline,
    verdict,
    from,
    to,
    counts: counts === undefined ? null : { ...counts },
    coverage: {
      status,
      regionsRead: [...regionsRead],
      regionsNotRead: [...regionsNotRead],
      gaps: [...gaps],
      limits: [...limits],
    },
    findings: flags.map(({ id, level, title, sentence, found, resources }) => ({
      id,
      level,
      title,
      sentence,
      found,
      resources: [...resources],
    })),
    mayStillAct: [...mayStillAct],
    sessions: sessions.map(({ depth, name, detail }) => ({ depth, name, detail })),
    calls: sections.flatMap(({ kind, rows }) =>
      rows.map(({ action, count, errorCode, risk, as, first, last, resources }) => ({
        kind,
        action,
        count,
        errorCode: errorCode || null,
        risk: risk || null,
        as: as || null,
        first,
        last,
        resources: [...resources],
      })),
    ),
  };
}
