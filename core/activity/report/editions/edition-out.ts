import type { AccessRequest } from '../../../model/request.ts';
import { type Edition, editionOf } from '../../edition.ts';
import type { ReportLooks, ReportStore, StoredReport } from '../../ports.ts';
import { firstEdition } from './first-edition.ts';

export interface EditionOutServices {
  readonly reports: Pick<ReportStore, 'get'>;
  readonly looks: Pick<ReportLooks, 'get'>;
}

/**
 * The newest edition that went out; `undefined` if none did. Requests from before editions existed have a final edition
 * alone and no recorded look.
 */
export async function editionOut(
  { id, state }: Pick<AccessRequest, 'id' | 'state'>,
  services: EditionOutServices,
): Promise<StoredReport | undefined> {
  if (state !== 'reported') return firstEdition(id, 'sentAt', services);
  const look = await services.looks.get(id);
  return services.reports.get(id, look?.out ?? 'final');
}

/** The edition that this one was compared with when it went out: the newest one at that time. */
export async function editionBefore(
  report: StoredReport,
  services: Pick<EditionOutServices, 'reports'>,
): Promise<StoredReport | undefined> {
  const edition = editionOf(report);
  if (edition === 'first') return undefined;
  if (edition === 'final') return firstEdition(report.requestId, 'sentAt', services);
  for (let number = Number(edition.replace('addendum-', '')) - 1; number > 0; number -= 1) {
    const addendum: Edition = `addendum-${number}`;
    const before = await services.reports.get(report.requestId, addendum);
    // Most looks find nothing, and send nothing.
    if (before?.sentAt !== undefined) return before;
  }
  return services.reports.get(report.requestId, 'final');
}
