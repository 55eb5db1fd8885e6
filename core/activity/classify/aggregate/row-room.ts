import { compareText } from '../../../model/text.ts';
import type { CallKind } from '../call-kind.ts';
import { inTurn } from '../in-turn.ts';
import { flagByRule } from '../rules/flag-actions.ts';
import { FLAG_IDS, type FlagId } from '../rules/flag-ids.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** Makes room for a row, in place of the least telling one when all is full. False when the new one is the least telling. */
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
 * Which of the rows of one kind goes where there is room for all but one: one without a flag before one with a flag, so that nobody pushes
 * a flagged call out with harmless ones. Of flagged ones each flag has its turn, so that nobody does with those of another flag. It depends
 * on the keys alone, so the rows kept do not depend on the order of reading.
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

/** A key with what is said in it, taken apart once: a flood compares each with each that comes. */
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

/** The permission set's own role first, then what a rule names, then by key. */
function compareKeys(a: Key, b: Key): number {
  return Number(a.as !== '') - Number(b.as !== '') || compareRuled(a.action, b.action) || compareText(a.key, b.key);
}

/** Calls that a rule names before those that only have the name of deleting. */
export function compareRuled(a: string, b: string): number {
  return Number(flagByRule(a) === undefined) - Number(flagByRule(b) === undefined);
}

function severity({ flag }: Key): number {
  return FLAG_IDS.indexOf(flag as FlagId);
}
