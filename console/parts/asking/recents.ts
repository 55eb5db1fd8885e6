import type { WantedTarget } from '../route.ts';

const MOST = 6;

const keyOf = (userId: string) => `glasshammer-recent-${userId}`;

/** What this person has asked for in this browser, the last first. */
export function recentsOf(userId: string): readonly WantedTarget[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]');
    return Array.isArray(kept) ? (kept as WantedTarget[]).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keeps in mind what was asked for: a shortcut, and no right to anything. */
export function noteRecent(userId: string, wanted: WantedTarget): void {
  const same = JSON.stringify(wanted);
  const others = recentsOf(userId).filter((one) => JSON.stringify(one) !== same);
  localStorage.setItem(keyOf(userId), JSON.stringify([wanted, ...others].slice(0, MOST)));
}
