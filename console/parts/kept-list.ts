/*
 * Lists in the browser's local storage, one per signed-in person. They are conveniences: no decision depends on them,
 * and the browser may delete them at any time.
 */

const keyOf = (what: string, userId: string) => `glasshammer-${what}-${userId}`;

/** The stored list; empty where there is none or it cannot be read. */
export function keptList<T>(what: string, userId: string): readonly T[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(what, userId)) ?? '[]');
    return Array.isArray(kept) ? (kept as T[]) : [];
  } catch {
    return [];
  }
}

/** Replaces the stored list. Where the browser stores nothing, this does nothing. */
export function keep(what: string, userId: string, list: readonly unknown[]): void {
  try {
    localStorage.setItem(keyOf(what, userId), JSON.stringify(list));
  } catch {
    // The storage is full or disabled in this browser; the caller goes on without it.
  }
}
