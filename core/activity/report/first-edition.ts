import type { ReportStore, StoredReport } from '../ports.ts';

/** The edition that went out before the final one, if one did. */
export async function firstEdition(
  requestId: string,
  { reports }: { readonly reports: Pick<ReportStore, 'get'> },
): Promise<StoredReport | undefined> {
  const first = await reports.get(requestId, 'first');
  return first?.sentAt === undefined && first?.toldAt === undefined ? undefined : first;
}
