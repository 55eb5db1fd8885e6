import type { AccessItem } from '../model/access-item.ts';
import { cutText, recordHash, recordText } from '../policy/records/record-text.ts';
import type { AuditFact } from './audit-event.ts';

/** One write to the access table as its stream delivers it. */
export interface RecordChange {
  /** ISO 8601; when the stream says the record was written. */
  readonly at: string;
  readonly before?: AccessItem;
  readonly after?: AccessItem;
}

/** The longest note of a change, in characters. */
const LONGEST_NOTE = 2000;

/** The stream of a table does not say who wrote. The command that did is found by the hash of the record. */
export const UNKNOWN_AUTHOR = 'unknown';

/** The fact that a record has changed, by a command or by hand; `undefined` where nothing is different. */
export function recordChangeFact(
  { at, before, after }: RecordChange,
  sha256: (text: string) => string,
): AuditFact | undefined {
  const id = after?.id ?? before?.id;
  const hash = recordHash(after, sha256);
  if (id === undefined || hash === recordHash(before, sha256)) return undefined;
  const note = differenceOf(before, after);
  return {
    type: 'record-changed',
    at,
    by: UNKNOWN_AUTHOR,
    note: note.length <= LONGEST_NOTE ? note : `${note.slice(0, LONGEST_NOTE - 1)}…`,
    ids: [String(id)],
    hashes: [hash],
    ...(before === undefined ? {} : { before: cutText(recordText(before)) }),
    ...(after === undefined ? {} : { after: cutText(recordText(after)) }),
  };
}

function differenceOf(before: AccessItem | undefined, after: AccessItem | undefined): string {
  if (before === undefined) return 'new';
  if (after === undefined) return 'removed';
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort((a, b) => (a < b ? -1 : 1));
  return fields
    .map((field) => [field, shown(before, field), shown(after, field)] as const)
    .filter(([, was, is]) => was !== is)
    .map(([field, was, is]) => `${field}: ${was} -> ${is}`)
    .join('; ');
}

function shown(item: AccessItem, field: string): string {
  const { [field]: value } = item;
  if (value === undefined) return 'nothing';
  const text = recordText({ id: '', value });
  return text.slice('{"id":"","value":'.length, -1);
}
