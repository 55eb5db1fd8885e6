import { callsIn } from '../classify/aggregate/digest.ts';
import type { StoredReport } from '../ports.ts';
import { callsListed } from '../read/progress.ts';
import { counted } from './render/wording.ts';

/** Where the whole list of calls is kept for good. */
export interface Archive {
  readonly sentence: string;
  /** One per format. */
  readonly files: readonly { readonly name: string; readonly address: string; readonly sha256: string }[];
  /** Name of the error that kept it out of the archive. */
  readonly unkept?: string;
}

/** A file of the mail. */
export interface AttachedFile {
  readonly fileName: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What a report says of the list in the archive. */
export function archiveOf({ requestId, archived, unarchived, reading }: StoredReport): { readonly archive?: Archive } {
  if (archived !== undefined) {
    const count = reading.listed === undefined ? 0 : callsListed(reading.listed);
    const sentence = `${counted(count, 'call')}, one by one, written once and locked. AWS asks whoever opens the list who they are.`;
    const files = archived.map(({ format, address, sha256 }) => ({ name: format.toUpperCase(), address, sha256 }));
    return { archive: { sentence, files } };
  }
  if (unarchived === undefined) return {};
  const sentence = `The list of calls could not be archived (${unarchived}): npx glasshammer report ${requestId} --resend tries again.`;
  return { archive: { sentence, files: [], unkept: unarchived } };
}

/** What is attached to the mail, a line each, and how many calls are in no list. */
export function attachedLines(
  requestId: string,
  { reading, digest }: StoredReport,
  { attached }: { readonly attached?: { readonly files: readonly AttachedFile[]; readonly left: number } },
): readonly string[] {
  if (attached === undefined || attached.files.length === 0) return [];
  const listed = reading.listed === undefined ? 0 : callsListed(reading.listed);
  const unlisted = callsIn(digest) + digest.counts['sign-in'] - listed;
  return [
    ...attached.files.map(({ fileName, sha256 }) => `${fileName}, SHA-256 ${sha256}`),
    ...(attached.left > 0
      ? [
          `${counted(attached.left, 'call')} had no room in the mail: the archived list and npx glasshammer report ${requestId} --csv have them.`,
        ]
      : []),
    ...(unlisted > 0 ? [`${counted(unlisted, 'call')} are in the counts and in no list: there were too many.`] : []),
  ];
}
