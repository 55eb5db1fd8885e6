import { editionOf } from '../../core/activity/edition.ts';
import type { StoredReport } from '../../core/activity/ports.ts';
import { activityView } from '../../core/activity/report/activity-view.ts';
import type { ReportModel } from '../../core/activity/report/report.ts';

/** An edition of a report, without Slack user ids and without what the request itself says. */
export function reportView(report: StoredReport, model: ReportModel) {
  const { plan, sentAt, archived = [] } = report;
  const { news, archive, suggestion } = model;
  return {
    ...activityView(plan, model),
    edition: editionOf(report),
    sentAt: sentAt ?? null,
    finalAt: plan.finalAt ?? null,
    news: news === undefined ? null : { since: news.since, lines: news.lines },
    advice: suggestion === undefined ? [] : [suggestion.sentence, ...suggestion.advice],
    list:
      archive === undefined
        ? null
        : {
            sentence: archive.sentence,
            files: archived.map(({ format, key, sha256, address }) => ({ format, key, sha256, address })),
          },
  };
}
