import type { HoldStore } from '../../../access/ports.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import type { ListedCall } from '../../classify/listed-call.ts';
import type { StoredReport } from '../../ports.ts';
import { buildReport, type ReportModel } from '../report.ts';
import { type EditionOutServices, editionBefore } from './edition-out.ts';
import { newsSince } from './news.ts';

/**
 * An edition told once more, from what is stored alone: nothing is read from CloudTrail, and nothing is written.
 *
 * @param request the one the access lives on
 * @param calls every call that is listed one by one, for the time line; none: it is left out
 */
export async function retell(
  request: AccessRequest,
  report: StoredReport,
  calls: readonly ListedCall[],
  services: Pick<EditionOutServices, 'reports'> & { readonly holds: Pick<HoldStore, 'of'> },
): Promise<ReportModel> {
  const { plan, unreadable } = report;
  const [held, before] = await Promise.all([services.holds.of(assignmentOf(request)), editionBefore(report, services)]);
  const overlapping = held.filter(
    ({ accessId, startedAt, endsAt }) => accessId !== request.id && startedAt <= plan.to && endsAt >= plan.from,
  );
  return buildReport(request, report, {
    // Of reports of a version that did not note what they were read from: there was no other source then.
    sourceName: 'CloudTrail event history',
    overlapping,
    calls,
    ...(before === undefined ? {} : { news: newsSince(before, report) }),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });
}
