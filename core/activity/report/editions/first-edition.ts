import type { ReportStore, StoredReport } from '../../ports.ts';

/**
 * The first edition, if it went out in the given way. A final edition says "since the first edition" only to recipients
 * who got that.
 *
 * @param how `sentAt` by mail, `toldAt` in the thread
 * @returns `undefined` if it did not go out that way
 */
export async function firstEdition(
  requestId: string,
  how: 'sentAt' | 'toldAt',
  { reports }: { readonly reports: Pick<ReportStore, 'get'> },
): Promise<StoredReport | undefined> {
  const first = await reports.get(requestId, 'first');
  return first?.[how] === undefined ? undefined : first;
}
