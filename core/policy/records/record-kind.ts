import type { AccessItem } from '../../model/access-item.ts';
import { isNear } from './near.ts';

/** The kind of a record of the access table, by the prefix of its id. */
export type RecordKind = 'principal' | 'access' | 'policy' | 'person';

const KINDS: readonly RecordKind[] = ['principal', 'access', 'policy', 'person'];

/** Words that the author of a policy may have typed instead of the prefix `policy#`. */
const POLICY_WORDS = ['policy', 'policies'];

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
  return effect !== undefined || POLICY_WORDS.some((policy) => isNear(word, policy));
}

/** What is wrong with the id of a record of no kind, as one sentence. */
export function misplaced(id: string): string {
  return `record ${JSON.stringify(id.slice(0, 100))}: its id must begin with principal#, access#, policy# or person#, exactly so, or nobody reads it`;
}
