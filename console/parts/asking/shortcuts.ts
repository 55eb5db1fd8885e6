import { keep, keptList } from '../kept-list.ts';
import type { WantedTarget } from '../route.ts';

/* Pinned and recent targets, kept in this browser. They save clicks; the policies alone decide who gets access. */

const MOST_RECENT = 6;
const MOST_PINNED = 12;

/** The targets this person requested, the most recent first. */
export function recentsOf(userId: string): readonly WantedTarget[] {
  return keptList<WantedTarget>('recent', userId).slice(0, MOST_RECENT);
}

/** Remembers a requested target. */
export function noteRecent(userId: string, wanted: WantedTarget): void {
  const others = recentsOf(userId).filter((one) => !isSame(one, wanted));
  keep('recent', userId, [wanted, ...others].slice(0, MOST_RECENT));
}

/** The targets this person pinned, in the order of pinning. */
export function pinnedOf(userId: string): readonly WantedTarget[] {
  return keptList<WantedTarget>('pinned', userId).slice(0, MOST_PINNED);
}

/**
 * Pins a target, or unpins a pinned one. Above the limit, the oldest pin is dropped.
 *
 * @returns the pinned targets afterwards
 */
export function togglePinned(userId: string, wanted: WantedTarget): readonly WantedTarget[] {
  const pinned = pinnedOf(userId);
  const others = pinned.filter((one) => !isSame(one, wanted));
  keep('pinned', userId, others.length < pinned.length ? others : [...others, wanted].slice(-MOST_PINNED));
  return pinnedOf(userId);
}

/** Is it the same target? Ids are compared, names are not. */
export function isSame(one: WantedTarget, other: WantedTarget): boolean {
  return (
    one.accountId === other.accountId && one.permissionSet === other.permissionSet && one.groupId === other.groupId
  );
}
