/**
 * Takes entries from groups in turn: the first of each group, then the second of each, and so on. Entries of one turn
 * are sorted by `compare`. Where only the first entries have room, a very large group pushes no other group out.
 *
 * @param all in the order in which each group is to be taken
 */
export function inTurn<One>(
  all: readonly One[],
  groupOf: (one: One) => string,
  compare: (a: One, b: One) => number,
): readonly One[] {
  const seen = new Map<string, number>();
  const placed = all.map((one) => {
    const group = groupOf(one);
    const turn = seen.get(group) ?? 0;
    seen.set(group, turn + 1);
    return { one, turn };
  });
  return placed.sort((a, b) => a.turn - b.turn || compare(a.one, b.one)).map(({ one }) => one);
}
