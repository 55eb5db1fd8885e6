interface Named {
  readonly id: string;
  readonly name: string;
}

/** What a word meant, and what else it could have meant. */
export interface Picked<T> {
  readonly one: T;
  readonly others: readonly T[];
}

/**
 * What a typed word names among these: its id, its name in any case, or part of it. Of several, the one whose name begins with the
 * word and is shortest; the others are told, so that nobody is sent off with a guess.
 */
export function pickNamed<T extends Named>(entries: readonly T[], word: string): Picked<T> | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === '') return undefined;
  const exact = entries.find(({ id, name }) => id === word.trim() || name.toLowerCase() === wanted);
  if (exact !== undefined) return { one: exact, others: [] };
  const begins = ({ name }: Named) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const [one, ...others] = entries
    .filter(({ id, name }) => id.startsWith(wanted) || name.toLowerCase().includes(wanted))
    .sort((a, b) => begins(a) - begins(b) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return one === undefined ? undefined : { one, others };
}
