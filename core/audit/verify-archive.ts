import { compareText } from '../model/text.ts';
import type { AuditEvent } from './audit-event.ts';
import { historyOf } from './new-events.ts';
import type { ArchiveReader, AuditHistory } from './ports.ts';
import type { ReplayRange } from './replay-events.ts';
import { record, sameValue, textOr } from './stored-item.ts';
import { isStreamEvent } from './stream-events.ts';

/**
 * `missing`: the table has the event, the archive does not. `altered`: the object differs from the table. `shadowed`:
 * the object has a later version, or a delete marker over it. `unexplained`: the archive has an event that the table
 * does not have.
 */
export type ArchiveFault = 'missing' | 'altered' | 'shadowed' | 'unexplained';

export interface VerifiedArchive {
  /** Events of the range in the table. */
  readonly events: number;
  readonly faults: readonly { readonly fault: ArchiveFault; readonly key: string }[];
  /**
   * Keys of events that are made from the stream alone. Their form is right, but no table says whether they are true.
   */
  readonly notProvable: readonly string[];
}

/**
 * Compares a range of the archive with the history in the table, object by object and in both directions. Changes
 * nothing.
 *
 * @throws the error that kept it from reading; then nothing is known about the range
 */
export async function verifyArchive(
  range: ReplayRange,
  services: { readonly history: AuditHistory; readonly archive: ArchiveReader },
): Promise<VerifiedArchive> {
  const { history, archive } = services;
  const isInRange = (at: string) => at >= range.from && at < range.to;
  const expected = new Map<string, AuditEvent>();
  // The archive is read before the table: then every event found in it is in the table as well.
  const found = new Map<string, { readonly shadowed: boolean; readonly event: unknown }>();
  for await (const { key, shadowed, text } of archive.objects(range)) found.set(key, { shadowed, event: parsed(text) });
  for await (const item of history.items())
    for (const event of historyOf(item)) if (isInRange(event.at)) expected.set(archive.keyOf(event), event);

  const faults: { fault: ArchiveFault; key: string }[] = [];
  const notProvable: string[] = [];
  for (const [key, { shadowed, event }] of found) {
    const truth = expected.get(key);
    const at = archive.timeOf(key);
    if (truth === undefined && at !== undefined && !isInRange(at)) continue;
    if (shadowed) faults.push({ fault: 'shadowed', key });
    else if (truth === undefined) {
      if (isStreamEvent(event) && keyIn(event, archive) === key) notProvable.push(key);
      else faults.push({ fault: 'unexplained', key });
    } else if (!isSame(truth, event)) faults.push({ fault: 'altered', key });
  }
  for (const key of expected.keys()) if (!found.has(key)) faults.push({ fault: 'missing', key });
  return {
    events: expected.size,
    faults: faults.sort((a, b) => compareText(a.key, b.key)),
    notProvable: notProvable.sort(compareText),
  };
}

/** The key under which an object with this content would be kept. */
function keyIn(event: unknown, archive: ArchiveReader): string {
  const { id, at } = record(event);
  return archive.keyOf({ id: textOr(id, ''), at: textOr(at, '') });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/**
 * Fields of a request's events that only later versions write; events archived by earlier versions do not have them.
 */
const FIELDS_OF_LATER_VERSIONS = ['byName', 'origin', 'sessionSeconds'] as const;

/**
 * Every field must equal the table, except those that a request learns later: the path that allowed it, and that a
 * break-glass request joined it.
 */
function isSame(truth: AuditEvent, event: unknown): boolean {
  const { path: _path, breakGlass: broken, ...archived } = record(event);
  const { path: _truePath, breakGlass, ...told } = truth;
  const unsaid = FIELDS_OF_LATER_VERSIONS.filter((field) => archived[field] === undefined);
  const known = Object.fromEntries(Object.entries(told).filter(([field]) => !unsaid.some((later) => later === field)));
  return sameValue(archived, known) && (broken === breakGlass || (broken === false && breakGlass === true));
}
