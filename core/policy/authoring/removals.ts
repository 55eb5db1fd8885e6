import type { AccessItem } from '../../model/access-item.ts';
import type { PolicyDifference } from './plan.ts';

/** More removals than this suggest that the file was cut off. */
const FEW_REMOVALS = 3;

/**
 * Removals in a change beyond what its author announced: too many policies, or policies that deny or require something.
 *
 * @param allowed how many policies may be removed; absent: up to three, none of which denies or requires
 * @returns `undefined` where the change removes no more; else how many, and a phrase that begins with "removes"
 */
export function unannouncedRemovals(
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

/** Removed, or changed from a deny or require into an allow. */
function isGone(before: AccessItem, after: AccessItem | undefined): boolean {
  return after === undefined || (before.effect !== 'allow' && after.effect === 'allow');
}
