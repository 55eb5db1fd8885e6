import type { History } from './history.ts';

/** Whether a candidate history still breaks the invariant that the original one broke. */
export type StillBreaks = (history: History) => Promise<boolean>;

/**
 * Looks for a smaller history that breaks the same invariant: steps and faults are left out, in halves and then one by
 * one, as long as it still breaks. Plays at most `tries` histories.
 */
export async function shrink(history: History, stillBreaks: StillBreaks, tries: number): Promise<History> {
  let smallest = history;
  let left = tries;
  const attempt = async (candidate: History): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    if (!(await stillBreaks(candidate))) return false;
    smallest = candidate;
    return true;
  };

  if (smallest.skewMs > 0) await attempt({ ...smallest, skewMs: 0 });
  if (smallest.drift !== 'events') await attempt({ ...smallest, drift: 'events' });
  for (let before = Number.POSITIVE_INFINITY; size(smallest) < before && left > 0; ) {
    before = size(smallest);
    for (const part of ['faults', 'steps'] as const) {
      for (
        let chunk = Math.ceil(smallest[part].length / 2);
        chunk >= 1;
        chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)
      ) {
        for (let at = 0; at < smallest[part].length; ) {
          const kept = [...smallest[part].slice(0, at), ...smallest[part].slice(at + chunk)];
          if (!(await attempt({ ...smallest, [part]: kept }))) at += chunk;
        }
      }
    }
  }
  return smallest;
}

function size({ steps, faults }: History): number {
  return steps.length + faults.length;
}
