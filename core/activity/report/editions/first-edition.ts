import type { ReportStore, StoredReport } from '../../ports.ts';

/**
 * The edition that went out before the final one, to those who are told now: nobody reads "since the first edition" who never got it.
 *
 * @param how `sentAt` by mail, `toldAt` in the thread
 * @returns `undefined` where none went out that way
 */
export async function firstEdition(
  requestId: string,
  how: 'sentAt' | 'toldAt',
  { reports }: { readonly reports: Pick<ReportStore, 'get'> },
): Promise<StoredReport | undefined> {
  const first = await reports.get(requestId, 'first');
  return first?.[how] === undefined ? undefined : first;
}
