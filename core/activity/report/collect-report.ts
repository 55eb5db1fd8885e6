import { wholeSeconds } from '../classify/call.ts';
import type { ListedCall } from '../classify/listed-call.ts';
import type { Edition } from '../edition.ts';
import type { ActivitySource } from '../ports.ts';
import { isRead, isThrottling, readRound, waitsUntil } from '../read/reading.ts';
import { endedRequest, type PlanReportServices, storedReport } from './editions/start-report.ts';

export interface CollectReportServices extends PlanReportServices {
  readonly source: ActivitySource;
}

/**
 * Every Region that was asked failed, with errors of any name. The workflow retries errors by name and knows few names,
 * so this error has one that the workflow retries.
 */
export class NoRegionAnswersError extends Error {
  override readonly name = 'ServiceUnavailableException';

  constructor(cause: unknown) {
    super('no Region answered', { cause });
  }
}

export interface CollectAnswer {
  readonly next: 'more' | 'done';
  readonly waitSeconds: number;
}

/** CloudTrail allows two look-ups a second per account and Region. */
const MORE: CollectAnswer = { next: 'more', waitSeconds: 1 };
const DONE: CollectAnswer = { next: 'done', waitSeconds: 0 };

/**
 * Reads the next pages of the report and stores them together with how far reading has come, in one conditional write.
 * So a run that is repeated, or that races another run, counts nothing twice: the pages of the run that loses are
 * dropped and read again.
 *
 * Sessions that were begun with the access and outlive it are read once they have ended.
 *
 * @returns `more` while pages are left, and how long to wait before the next call
 * @throws ThrottlingException or NoRegionAnswersError when every Region that was asked failed, so that the workflow
 *   waits; progress is stored first
 */
export async function collectReport(
  requestId: string,
  services: CollectReportServices,
  edition: Edition = 'final',
): Promise<CollectAnswer> {
  const request = await endedRequest(requestId, services);
  const report = await storedReport(request, services, edition);
  if (report.sentAt !== undefined || isRead(report.reading)) return DONE;
  const now = wholeSeconds(services.now().toISOString());
  const calls: ListedCall[] = [];
  const failures = await readRound(report.reading, report.digest, {
    requestId,
    plan: report.plan,
    now,
    list: (call) => calls.push(call),
    source: services.source,
  });
  const saved = await services.reports.save(report, calls);
  if (!saved) return MORE;
  if (isRead(report.reading)) return DONE;
  if (failures.length > 0) throw failures.find(isThrottling) ?? new NoRegionAnswersError(failures[0]);
  const until = waitsUntil(report.reading, report.plan, now);
  if (until === '') return MORE;
  return { next: 'more', waitSeconds: Math.max(1, (Date.parse(until) - Date.parse(now)) / 1000) };
}
