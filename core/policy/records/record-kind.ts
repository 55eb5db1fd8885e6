import type { AccessItem } from '../../model/access-item.ts';

/** What a record of the access table is, by the beginning of its id. */
export type RecordKind = 'principal' | 'access' | 'policy' | 'person';

const KINDS: readonly RecordKind[] = ['principal', 'access', 'policy', 'person'];

/** Words that somebody who meant a policy may have begun an id with. */
const POLICY_WORDS = ['policy', 'policies'];

/** So many letters may be missing, wrong or too many. */
const MOST_SLIPS = 2;

/** `undefined` for an id that none of the four begins, exactly as written. */
export function recordKind(id: string): RecordKind | undefined {
  return KINDS.find((kind) => id.startsWith(`${kind}#`));
}

/**
 * Was a record of no kind meant as a policy? By its id (`Policy#…`, `policies#…`, ` policy #…`, `polic#…`), or because it says an
 * effect, which nothing but a policy has. Whoever typed it may have meant to forbid something, and nobody else would notice that it
 * forbids nothing: so it counts as a policy that cannot be read.
 */
export function isMistypedPolicy({ id, effect }: AccessItem): boolean {
  if (recordKind(id) !== undefined) return false;
  const [word = ''] = id.toLowerCase().match(/\p{L}+/u) ?? [];
  return effect !== undefined || POLICY_WORDS.some((policy) => slips(word, policy) <= MOST_SLIPS);
}

/** What is wrong with the id of a record of no kind, in one sentence. */
export function misplaced(id: string): string {
  return `record ${JSON.stringify(id.slice(0, 100))}: its id must begin with principal#, access#, policy# or person#, exactly so, or nobody reads it`;
}

/** How many letters have to be added, left out or changed to make one word of the other. */
function slips(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  // A word so long is none of ours, and costs nothing this way.
  for (const letter of from.slice(0, to.length + MOST_SLIPS + 1)) {
    const next = [(row[0] ?? 0) + 1];
    for (let at = 1; at <= to.length; at += 1) {
      const changed = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
