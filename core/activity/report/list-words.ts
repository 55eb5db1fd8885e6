import { callsIn } from '../classify/aggregate/digest.ts';
import { editionOf } from '../edition.ts';
import type { StoredReport } from '../ports.ts';
import { callsListed } from '../read/progress.ts';
import { counted, grouped, instant } from './render/wording.ts';

/** What a report says about the archived list of calls. */
export interface Archive {
  /** `Every call`, or, where there were too many, how many of them: `20,000 of 31,000 calls`. */
  readonly title: string;
  /** What is in it and who can open it, or why there is none and what to do. */
  readonly sentence: string;
  /** One per format. */
  readonly files: readonly { readonly name: string; readonly address: string; readonly sha256: string }[];
  /** Name of the error that kept it out of the archive. */
  readonly unkept?: string;
}

/** A file attached to the mail. */
interface AttachedFile {
  readonly fileName: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The list of calls as it is attached to the mail. */
export interface AttachedList {
  readonly files: readonly AttachedFile[];
  /** How many calls had no room in the files. */
  readonly left: number;
}

/** What a report says about the list in the archive; nothing if archiving was not tried. */
export function archiveOf(report: StoredReport): { readonly archive?: Archive } {
  const { archived, unarchived } = report;
  const { listed, unlisted } = countsOf(report);
  const title = unlisted > 0 ? `${grouped(listed)} of ${counted(listed + unlisted, 'call')}` : 'Every call';
  if (archived !== undefined) {
    const which =
      unlisted > 0
        ? `${title} are in the list, flagged ones first; the others are in the counts alone. It was`
        : `${counted(listed, 'call')}, one by one,`;
    const sentence = `${which} written once and locked. AWS asks everybody who opens the list who they are.`;
    const files = archived.map(({ format, address, sha256 }) => ({ name: format.toUpperCase(), address, sha256 }));
    return { archive: { title, sentence, files } };
  }
  if (unarchived === undefined) return {};
  const sentence = `The list of calls could not be archived (${unarchived}): ${remedyOf(report)}`;
  return { archive: { title, sentence, files: [], unkept: unarchived } };
}

/**
 * What an operator can do about a list that could not be archived. `--resend` sends the newest edition that is out, and
 * nothing before the final one.
 */
function remedyOf({ requestId, plan, ...report }: StoredReport): string {
  return editionOf(report) === 'first'
    ? `the final edition, which is read at ${instant(plan.finalAt ?? '')}, has a list of its own.`
    : `npx glasshammer report ${requestId} --resend tries again.`;
}

/** How many calls are in the list, and how many are in the counts alone. */
function countsOf({ reading, digest }: StoredReport): { readonly listed: number; readonly unlisted: number } {
  const listed = reading.listed === undefined ? 0 : callsListed(reading.listed);
  return { listed, unlisted: Math.max(0, callsIn(digest) + digest.counts['sign-in'] - listed) };
}

/** What is attached to the mail, a line each, and how many calls are in no list. */
export function attachedLines(
  report: StoredReport,
  { attached }: { readonly attached?: AttachedList },
): readonly string[] {
  if (attached === undefined || attached.files.length === 0) return [];
  const { unlisted } = countsOf(report);
  return [
    ...attached.files.map(({ fileName, sha256 }) => `${fileName}, SHA-256 ${sha256}`),
    ...(attached.left > 0
      ? [`${counted(attached.left, 'call')} had no room in the mail: ${wholeListAt(report)}.`]
      : []),
    ...(unlisted > 0 ? [`${counted(unlisted, 'call')} are in the counts and in no list: there were too many.`] : []),
  ];
}

function wholeListAt({ requestId, archived }: StoredReport): string {
  const command = `npx glasshammer report ${requestId} --csv`;
  return archived === undefined ? `${command} has them` : `the archived list and ${command} have them`;
}

/** Where a reader finds what a part of the report has no room for. */
export function listPlace(requestId: string, { attached }: { readonly attached?: AttachedList }): string {
  if (attached === undefined) return 'see the list: --json';
  return attached.left === 0 ? 'see the attached list' : `see the list: npx glasshammer report ${requestId} --csv`;
}
