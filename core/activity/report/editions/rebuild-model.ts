import type { HoldStore } from '../../../access/ports.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import type { ListedCall } from '../../classify/listed-call.ts';
import type { StoredReport } from '../../ports.ts';
import { type AsGrantedServices, asGranted } from '../as-granted.ts';
import { buildReport, type ReportModel } from '../report.ts';
import { type EditionOutServices, editionBefore } from './edition-out.ts';
import { newsSince } from './news.ts';

/**
 * The contents of an edition again, from what is stored alone: nothing is read from CloudTrail, and nothing is written.
 *
 * @param stored the first request of the access, whose id the access has
 * @param calls every call that is listed one by one, for the time line; without calls, the time line is left out
 */
export async function rebuildModel(
  stored: AccessRequest,
  report: StoredReport,
  calls: readonly ListedCall[],
  services: Pick<EditionOutServices, 'reports'> & AsGrantedServices & { readonly holds: Pick<HoldStore, 'of'> },
): Promise<ReportModel> {
  const { plan, unreadable } = report;
  const request = await asGranted(stored, services);
  const [held, before] = await Promise.all([services.holds.of(assignmentOf(request)), editionBefore(report, services)]);
  const overlapping = held.filter(
    ({ accessId, startedAt, endsAt }) => accessId !== request.id && startedAt <= plan.to && endsAt >= plan.from,
  );
  return buildReport(request, report, {
    // For a plan without a source: it was read from event history, which was the only source when plans recorded none.
    sourceName: 'CloudTrail event history',
    overlapping,
    calls,
    ...(before === undefined ? {} : { news: newsSince(before, report) }),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });
}
