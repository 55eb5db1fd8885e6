/** The name that differs least from the typed text, ignoring case: by at most two letters, else `undefined`. */
export function nearestOf(typed: string, names: readonly string[]): string | undefined {
  const away = (name: string) => distance(typed.toLowerCase(), name.toLowerCase());
  const nearest = [...names].sort((a, b) => away(a) - away(b))[0];
  return nearest !== undefined && away(nearest) <= 2 ? nearest : undefined;
}

/** The Levenshtein distance: how many letters must be inserted, removed or replaced to turn one text into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
