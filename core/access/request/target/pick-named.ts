interface Named {
  readonly id: string;
  readonly name: string;
}

/** The entry a word was taken for, and the other entries that it could mean. */
export interface Picked<T> {
  readonly one: T;
  readonly others: readonly T[];
}

/**
 * The entry that a typed word names: by id, by name in any case, or by part of either. Of several, the one whose name
 * begins with the word and is shortest. The others are returned as well, so that the person can be told of them.
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
