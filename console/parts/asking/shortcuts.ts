import { keep, keptList } from '../kept-list.ts';
import type { WantedTarget } from '../route.ts';

/* Shortcuts to what somebody asks for in this browser: nothing of it is a right to anything. */

const MOST_RECENT = 6;
const MOST_PINNED = 12;

/** What this person has asked for, the last first. */
export function recentsOf(userId: string): readonly WantedTarget[] {
  return keptList<WantedTarget>('recent', userId).slice(0, MOST_RECENT);
}

/** Keeps in mind what was asked for. */
export function noteRecent(userId: string, wanted: WantedTarget): void {
  const others = recentsOf(userId).filter((one) => !isSame(one, wanted));
  keep('recent', userId, [wanted, ...others].slice(0, MOST_RECENT));
}

/** What this person has pinned, in the order they did. */
export function pinnedOf(userId: string): readonly WantedTarget[] {
  return keptList<WantedTarget>('pinned', userId).slice(0, MOST_PINNED);
}

/** Pins what was not pinned and unpins what was; of very many, the oldest makes room. @returns what is pinned then */
export function togglePinned(userId: string, wanted: WantedTarget): readonly WantedTarget[] {
  const pinned = pinnedOf(userId);
  const others = pinned.filter((one) => !isSame(one, wanted));
  keep('pinned', userId, others.length < pinned.length ? others : [...others, wanted].slice(-MOST_PINNED));
  return pinnedOf(userId);
}

/** The same account and permission set, or group, whatever they are called. */
export function isSame(one: WantedTarget, other: WantedTarget): boolean {
  return (
    one.accountId === other.accountId && one.permissionSet === other.permissionSet && one.groupId === other.groupId
  );
}
