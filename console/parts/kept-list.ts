/*
 * Lists that the console keeps in this browser, one for each person who signs in here: conveniences, which decide nothing and may be
 * gone at any time.
 */

const keyOf = (what: string, userId: string) => `glasshammer-${what}-${userId}`;

/** What was kept; empty where nothing was, or it cannot be read. */
export function keptList<T>(what: string, userId: string): readonly T[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(what, userId)) ?? '[]');
    return Array.isArray(kept) ? (kept as T[]) : [];
  } catch {
    return [];
  }
}

/** Keeps a list in place of the one before. A browser that keeps nothing, keeps nothing. */
export function keep(what: string, userId: string, list: readonly unknown[]): void {
  try {
    localStorage.setItem(keyOf(what, userId), JSON.stringify(list));
  } catch {
    // Full, or forbidden by the browser: what was done goes on without it.
  }
}
