import { aggregatePage } from '../../../core/activity/classify/aggregate/aggregate.ts';
import { emptyDigest } from '../../../core/activity/classify/aggregate/digest.ts';
import type { StoredReport } from '../../../core/activity/ports.ts';
import { createMatcher } from '../../../core/activity/read/match.ts';
import { beginReading } from '../../../core/activity/read/reading.ts';
import { buildReport, type ReportModel } from '../../../core/activity/report/report.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACCOUNT, aPlan, endedRequest } from './records.ts';

/** A report whose Regions were all read to their end and held these records. */
export function storedReport(records: readonly unknown[], change: Partial<AccessRequest> = {}): StoredReport {
  const plan = aPlan(change);
  const digest = emptyDigest();
  aggregatePage(digest, records, { plan, match: createMatcher(plan), subject: { accountId: ACCOUNT, as: '' } });
  const reading = beginReading(plan);
  for (const cursor of reading.lanes) cursor.done = reading.subjects.length;
  reading.portal = { done: 2, pages: 2, fetched: { count: 0, first: '', last: '' } };
  return { requestId: 'request-1', version: 1, plan, reading, digest };
}

/** The report of these records. `edit` makes the reading less than complete. */
export function reportOf(
  records: readonly unknown[],
  options: {
    readonly change?: Partial<AccessRequest>;
    readonly stopped?: string;
    readonly edit?: (report: StoredReport) => void;
  } = {},
): ReportModel {
  const report = storedReport(records, options.change);
  options.edit?.(report);
  return buildReport(endedRequest(options.change), report, {
    sourceName: 'CloudTrail event history',
    ...(options.stopped === undefined ? {} : { stopped: { error: options.stopped } }),
  });
}
