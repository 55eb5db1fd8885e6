import type { RequestStore } from '../../../access/ports.ts';
import { RequestChangedError, RequestNotFoundError } from '../../../model/errors.ts';
import { isOver } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { emptyDigest } from '../../classify/aggregate/digest.ts';
import type { Edition } from '../../edition.ts';
import type { ActivitySource, ReportLooks, ReportStore, StoredReport } from '../../ports.ts';
import { type PlanSettings, planReport, type SourceWords } from '../../read/plan.ts';
import { beginReading } from '../../read/reading.ts';
import { type AsGrantedServices, asGranted, type RequestAsGranted } from '../as-granted.ts';
import { dueEdition } from './due-edition.ts';

/** The services that it takes to plan an edition. */
export interface PlanReportServices extends AsGrantedServices {
  readonly requests: RequestStore;
  readonly reports: ReportStore;
  readonly source: Pick<ActivitySource, 'name' | 'about' | 'enabledRegions'>;
  readonly settings: PlanSettings;
}

export interface StartReportServices extends PlanReportServices {
  readonly looks: ReportLooks;
}

/**
 * Plans the report of an ended request and stores the plan, once: a second start finds the plan of the first. The
 * edition depends on the time and on what is out.
 *
 * @throws RequestNotFoundError; RequestChangedError when the access is not over
 */
export async function startReport(requestId: string, services: StartReportServices): Promise<StoredReport> {
  const request = await endedRequest(requestId, services);
  return storedReport(request, services, await dueEdition(request, services));
}

/** The stored edition of a request's report; it is planned now if it was not before. */
export async function storedReport(
  request: RequestAsGranted,
  services: PlanReportServices,
  edition: Edition = 'final',
): Promise<StoredReport> {
  const known = await services.reports.get(request.id, edition);
  if (known !== undefined) return known;
  const { target } = request;
  const enabled = isGroupTarget(target) ? [] : await services.source.enabledRegions(target.accountId, request.id);
  const source = sourceWords(request, services.source);
  const plan = planReport(request, services.settings, services.now(), enabled, source, edition);
  const report: StoredReport = {
    requestId: request.id,
    ...(edition === 'final' ? {} : { edition }),
    version: 0,
    plan,
    reading: beginReading(plan),
    digest: emptyDigest(),
  };
  if (await services.reports.create(report)) return report;
  const other = await services.reports.get(request.id, edition);
  if (other === undefined) throw new RequestChangedError(`the report of ${request.id} went away while it was made`);
  return other;
}

/** How a report describes the source that the account of a request is read from. */
export function sourceWords({ target }: AccessRequest, source: Pick<ActivitySource, 'about'>): SourceWords | undefined {
  return isGroupTarget(target) ? undefined : source.about?.(target.accountId);
}

/**
 * The request as it was granted, whose access must be over: a report of access that still runs would be outdated at
 * once. It counts as reported only if its final edition was mailed, which only the report itself can write.
 */
export async function endedRequest(
  requestId: string,
  services: Pick<PlanReportServices, 'requests' | 'reports' | keyof AsGrantedServices>,
): Promise<RequestAsGranted> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const { state } = request;
  // An attacker may have written another state over `ended`, so that nothing is reported.
  const hasEnded = isOver(state) && request.events.some((event) => event.state === 'ended' || event.type === 'granted');
  if (state !== 'ended' && state !== 'reported' && !hasEnded) {
    throw new RequestChangedError(`request ${requestId} is ${state}; only ended access is reported`);
  }
  const truth = await asGranted(request, services);
  if (state === 'ended') return truth;
  const isReported = (await services.reports.get(requestId))?.sentAt !== undefined;
  return isReported && state === 'reported'
    ? truth
    : { ...truth, state: isReported ? 'reported' : 'ended', altered: ['state', ...(truth.altered ?? [])] };
}
