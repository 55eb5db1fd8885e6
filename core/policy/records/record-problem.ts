import type { AccessItem } from '../../model/access-item.ts';
import { parseAccessRecord, parsePrincipalRecord } from './access-records.ts';
import { parsePersonRecord } from './persons.ts';
import { parsePolicySet } from './policy-set.ts';
import { misplaced, recordKind } from './record-kind.ts';

const READERS = { principal: parsePrincipalRecord, access: parseAccessRecord, person: parsePersonRecord } as const;

/** What is wrong with a record of the access table, as one sentence; `undefined` when it can be parsed. */
export function recordProblem(item: Readonly<Record<string, unknown>>): string | undefined {
  const { id } = item;
  if (typeof id !== 'string') return 'the record has no id';
  const record = item as AccessItem;
  const kind = recordKind(id);
  if (kind === undefined) return misplaced(id);
  if (kind === 'policy') return parsePolicySet([record]).unreadable[0]?.problems.join('; ');
  const parsed = READERS[kind](record);
  return 'malformed' in parsed ? parsed.malformed : undefined;
}
