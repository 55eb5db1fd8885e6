import { compareText } from '../../../model/text.ts';
import type { CallKind } from '../call-kind.ts';
import { inTurn } from '../in-turn.ts';
import { flagByRule } from '../rules/flag-actions.ts';
import { FLAG_IDS, type FlagId } from '../rules/flag-ids.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** Makes room for a row, by removing the least important one if all are taken. False when that is the new row. */
export function makeRoom(digest: ActivityDigest, kind: CallKind, key: string): boolean {
  if (digest.rowCounts[kind] < LIMITS.rows[kind]) {
    digest.rowCounts[kind] += 1;
    return true;
  }
  const others = Object.keys(digest.rows).filter((other) => other.startsWith(`${kind}|`));
  const last = leastTelling([...others, key]);
  if (last === key) return false;
  digest.cut[kind] += digest.rows[last]?.count ?? 0;
  delete digest.rows[last];
  return true;
}

/**
 * The row to remove when the rows of one kind exceed their limit by one. Rows without a flag go first, so that harmless
 * calls cannot push out a flagged one. Among flagged rows each flag has its turn, so that many rows of one flag cannot
 * push out another flag. The choice depends on the keys alone, so the rows kept do not depend on the order of reading.
 */
function leastTelling(keys: readonly string[]): string {
  const all = keys.map(readKey);
  const harmless = all.filter(({ flag }) => flag === '');
  if (harmless.length > 0) return harmless.reduce((a, b) => (compareKeys(a, b) < 0 ? b : a)).key;
  const ordered = inTurn(
    all.sort(compareKeys),
    ({ flag }) => flag,
    (a, b) => severity(a) - severity(b),
  );
  return ordered.at(-1)?.key ?? '';
}

/** A row key with its parts, split once: a flood of calls compares every key with every new one. */
interface Key {
  readonly key: string;
  readonly action: string;
  readonly as: string;
  readonly flag: string;
}

function readKey(key: string): Key {
  const [, action = '', , as = '', flag = ''] = key.split('|');
  return { key, action, as, flag };
}

/** Rows of the permission set's own role first, then rows of actions in a flag rule, then by key. */
function compareKeys(a: Key, b: Key): number {
  return Number(a.as !== '') - Number(b.as !== '') || compareRuled(a.action, b.action) || compareText(a.key, b.key);
}

/** Actions in a flag rule before actions that are flagged only because their name begins with a word like `Delete`. */
export function compareRuled(a: string, b: string): number {
  return Number(flagByRule(a) === undefined) - Number(flagByRule(b) === undefined);
}

function severity({ flag }: Key): number {
  return FLAG_IDS.indexOf(flag as FlagId);
}
