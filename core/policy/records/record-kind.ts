import type { AccessItem } from '../../model/access-item.ts';

/** The kind of a record of the access table, by the prefix of its id. */
export type RecordKind = 'principal' | 'access' | 'policy' | 'person';

const KINDS: readonly RecordKind[] = ['principal', 'access', 'policy', 'person'];

/** Words that the author of a policy may have typed instead of the prefix `policy#`. */
const POLICY_WORDS = ['policy', 'policies'];

/** The most letters missing, wrong or added for a word to count as a typing error. */
const MOST_SLIPS = 2;

/** `undefined` for an id that begins with none of the four prefixes exactly. */
export function recordKind(id: string): RecordKind | undefined {
  return KINDS.find((kind) => id.startsWith(`${kind}#`));
}

/**
 * Was a record of no kind meant as a policy? Yes where its id resembles the prefix (`Policy#…`, `policies#…`, ` policy
 * #…`, `polic#…`), or where it has an `effect`, which only policies have. Its author may have meant to forbid
 * something, and nobody would notice that it forbids nothing: so it is treated as a policy that cannot be read.
 */
export function isMistypedPolicy({ id, effect }: AccessItem): boolean {
  if (recordKind(id) !== undefined) return false;
  const [word = ''] = id.toLowerCase().match(/\p{L}+/u) ?? [];
  return effect !== undefined || POLICY_WORDS.some((policy) => slips(word, policy) <= MOST_SLIPS);
}

/** What is wrong with the id of a record of no kind, as one sentence. */
export function misplaced(id: string): string {
  return `record ${JSON.stringify(id.slice(0, 100))}: its id must begin with principal#, access#, policy# or person#, exactly so, or nobody reads it`;
}

/** How many letters have to be added, left out or changed to turn one word into the other. */
function slips(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  // A longer word is too different in any case. Cutting it bounds the work.
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
