import type { AccessItem } from '../access/ports.ts';
import { parseAccessRecord, parsePrincipalRecord } from './access-records.ts';
import { parsePolicyBook } from './policy-book.ts';

/** What is wrong with a record of the access table, in one sentence; `undefined` when it can be read, or is none of ours. */
export function recordProblem(item: Readonly<Record<string, unknown>>): string | undefined {
  const { id } = item;
  if (typeof id !== 'string') return 'the record has no id';
  const record = item as AccessItem;
  if (id.startsWith('policy#')) return parsePolicyBook([record]).unreadable[0]?.problems.join('; ');
  if (!id.startsWith('principal#') && !id.startsWith('access#')) return undefined;
  const parsed = id.startsWith('principal#') ? parsePrincipalRecord(record) : parseAccessRecord(record);
  return 'malformed' in parsed ? parsed.malformed : undefined;
}
