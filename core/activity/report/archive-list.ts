import type { Sha256 } from '../../access/ports.ts';
import { oneLine } from '../../model/text.ts';
import type { ListedCall } from '../classify/listed-call.ts';
import { editionOf } from '../edition.ts';
import type { ArchivedFile, ListArchive, ListFormat, StoredReport } from '../ports.ts';
import { callsCsv, callsJson, inOrderOfWeight } from './render/attachments.ts';

export interface ArchiveListServices {
  readonly archive: ListArchive;
  readonly sha256: Sha256;
}

const FORMATS: readonly ListFormat[] = ['csv', 'json'];

/** The whole list of calls as a file, the most important calls first. */
export function listFile(requestId: string, calls: readonly ListedCall[], format: ListFormat): string {
  const ordered = inOrderOfWeight(calls);
  return format === 'csv' ? callsCsv(ordered) : callsJson(requestId, ordered);
}

/**
 * Archives the whole list of calls and returns the report with the archived files. A report that has them already stays
 * as it is. A list that cannot be archived does not hold up the mail: the report then names the error.
 */
export async function archiveList(
  report: StoredReport,
  calls: readonly ListedCall[],
  { archive, sha256 }: ArchiveListServices,
): Promise<StoredReport> {
  if (report.archived !== undefined || calls.length === 0) return report;
  const { requestId } = report;
  const archived: ArchivedFile[] = [];
  try {
    // One after the other, because a list may take a hundred megabytes.
    for (const format of FORMATS) {
      const content = listFile(requestId, calls, format);
      const list = { requestId, edition: editionOf(report), format, content, sha256: sha256(content) };
      archived.push(await archive.keep(list));
    }
    return { ...report, archived };
  } catch (error) {
    return { ...report, unarchived: error instanceof Error ? oneLine(error.name, 80) : 'unknown error' };
  }
}
