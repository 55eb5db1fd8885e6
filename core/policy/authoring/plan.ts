import type { AccessItem } from '../../model/access-item.ts';
import { POLICY_PREFIX } from '../../model/stored-ids.ts';
import { compareText } from '../../model/text.ts';
import { type AccessChange, MOST_RECORDS_IN_BATCH } from './ports.ts';

/** A policy that differs between a file and the table. */
export interface PolicyDifference {
  readonly name: string;
  readonly kind: 'add' | 'change' | 'remove';
  /** For a change: the fields that differ, with their values in the table and in the file. */
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly change: AccessChange;
}

/** An entry of a policy file as a stored item: its name becomes the id. */
export function itemOfPolicy(entry: Readonly<Record<string, unknown>>): AccessItem {
  const { name, ...fields } = entry;
  return { id: `${POLICY_PREFIX}${String(name)}`, ...fields };
}

/** A stored policy as an entry of a policy file. String sets become lists. */
export function policyOfItem(item: AccessItem): Readonly<Record<string, unknown>> {
  const { id, name: _name, ...fields } = item;
  return { name: id.slice(POLICY_PREFIX.length), ...(plain(fields) as Record<string, unknown>) };
}

/**
 * The changes that make the table hold exactly the policies of the file. The order of entries, and of the items in a
 * list, does not count as a difference.
 */
export function comparePolicies(
  stored: readonly AccessItem[],
  entries: readonly Readonly<Record<string, unknown>>[],
): readonly PolicyDifference[] {
  const before = new Map(stored.map((item) => [item.id, item]));
  const after = new Map(entries.map((entry) => itemOfPolicy(entry)).map((item) => [item.id, item]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return ids.flatMap((id) => {
    const [old, wanted] = [before.get(id), after.get(id)];
    const fields = fieldsThatDiffer(old ?? { id }, wanted ?? { id });
    if (fields.length === 0 && old !== undefined && wanted !== undefined) return [];
    return [
      {
        name: id.slice(POLICY_PREFIX.length),
        kind: old === undefined ? ('add' as const) : wanted === undefined ? ('remove' as const) : ('change' as const),
        fields: old !== undefined && wanted !== undefined ? fields : [],
        change: {
          id,
          before: old,
          after: wanted,
        },
      },
    ];
  });
}

/**
 * The changes in batches, each of which is written completely or not at all. Should a push stop between two batches,
 * its order leaves people with less access rather than more: first denies and requires are written, then allows are
 * removed, then allows are written, and last denies and requires are removed.
 */
export function batchesOf(differences: readonly PolicyDifference[]): readonly (readonly AccessChange[])[] {
  const sorted = differences.map(({ change }) => ({ change, step: stepOf(change) })).sort((a, b) => a.step - b.step);
  const batches: AccessChange[][] = [];
  for (let at = 0; at < sorted.length; at += MOST_RECORDS_IN_BATCH) {
    batches.push(sorted.slice(at, at + MOST_RECORDS_IN_BATCH).map(({ change }) => change));
  }
  return batches;
}

function stepOf({ before, after }: AccessChange): number {
  const allows = (item: AccessItem | undefined) => item === undefined || item.effect === 'allow';
  if (!allows(after)) return 0;
  if (after === undefined) return allows(before) ? 1 : 3;
  return allows(before) ? 2 : 3;
}

function fieldsThatDiffer(before: AccessItem, after: AccessItem): PolicyDifference['fields'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => name !== 'id')
    .sort(compareText);
  return names
    .filter((name) => canonicalText(before[name]) !== canonicalText(after[name]))
    .map((field) => ({ field, before: plain(before[field]), after: plain(after[field]) }));
}

/** A text that is equal for values with the same meaning. */
export function canonicalText(value: unknown): string {
  return JSON.stringify([sortLists(plain(value))]);
}

function sortLists(value: unknown): unknown {
  if (Array.isArray(value)) return sorted(value.map(sortLists));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, member]) => [key, sortLists(member)]));
}

function sorted(list: readonly unknown[]): unknown[] {
  const text = (member: unknown) => (typeof member === 'string' ? member : (JSON.stringify(member) ?? ''));
  return [...list].sort((a, b) => compareText(text(a), text(b)));
}

/** A value as YAML and JSON can express it: sets as lists, and values without a JSON form as text, at every depth. */
function plain(value: unknown): unknown {
  if (value instanceof Set) return sorted([...value].map(plain));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array)
    return `binary ${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  // A number that JavaScript cannot represent is kept as its text.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
