import type { AccessItem } from '../../model/access-item.ts';
import type { PolicyDifference } from './plan.ts';

/** More removals than these are rather a file that has lost its end. */
const FEW_REMOVALS = 3;

/**
 * What a change would take away beyond what was said: many policies, or one that denies or requires something.
 *
 * @param allowed so many may be removed; absent: a few, and none that binds anybody
 * @returns `undefined` where it takes away no more; else how many, and a phrase that begins with "removes"
 */
export function unsaidRemovals(
  differences: readonly PolicyDifference[],
  allowed: number | undefined,
): { readonly count: number; readonly sentence: string } | undefined {
  const gone = differences.filter(({ change: { before, after } }) => before !== undefined && isGone(before, after));
  if (allowed !== undefined && gone.length <= allowed) return undefined;
  const binding = gone.filter(({ change }) => change.before?.effect !== 'allow').map(({ name }) => name);
  if (allowed === undefined && gone.length <= FEW_REMOVALS && binding.length === 0) return undefined;
  const which = binding.length === 0 ? '' : `, of which ${binding.join(', ')} would no longer deny or require anything`;
  const sentence = `removes ${gone.length} ${gone.length === 1 ? 'policy' : 'policies'}${which}`;
  return { count: gone.length, sentence };
}

/** Removed, or no longer binding anybody. */
function isGone(before: AccessItem, after: AccessItem | undefined): boolean {
  return after === undefined || (before.effect !== 'allow' && after.effect === 'allow');
}
