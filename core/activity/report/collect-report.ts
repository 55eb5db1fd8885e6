import type { ActivitySource } from '../ports.ts';
import { openLanes, readRound } from '../read/reading.ts';
import { endedRequest, type StartReportServices, storedReport } from './start-report.ts';

export interface CollectReportServices extends StartReportServices {
  readonly source: ActivitySource;
}

/**
 * Reads the next pages of the report and stores how far it came. What was read and how far are one conditional write, so a run
 * that is repeated, or that races another, counts nothing twice: the loser's pages are dropped and read again.
 *
 * @returns `more` while pages are left
 * @throws the error of a Region that may answer when asked again, throttling first, after the others' pages are stored
 */
export async function collectReport(requestId: string, services: CollectReportServices): Promise<'more' | 'done'> {
  const request = await endedRequest(requestId, services.requests);
  const report = await storedReport(request, services);
  if (report.sentAt !== undefined || openLanes(report.reading).length === 0) return 'done';
  const failures = await readRound(report.reading, report.digest, {
    requestId,
    plan: report.plan,
    source: services.source,
  });
  const saved = await services.reports.save(report);
  if (!saved) return 'more';
  if (failures.length > 0) throw failures.find(isThrottling) ?? failures[0];
  return openLanes(report.reading).length > 0 ? 'more' : 'done';
}

function isThrottling(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrottlingException';
}
