import { compareText } from '../../model/text.ts';
/** Votes a path needs: so many, from these people. */
export interface Need {
  /** The policy that asks for them. */
  readonly policy: string;
  readonly count: number;
  /** Principal ids of everyone who may vote here. */
  readonly approvers: ReadonlySet<string>;
  /** Present where some of the approvers are one person with several users: equal for the users of one person. */
  readonly personOf?: (principalId: string) => string;
}

/**
 * Who fills which of the places the needs leave open. One vote fills one place: votes that a requirement asks for come on top of
 * the path's own, so one person's click cannot serve for both.
 */
export interface Quorum {
  /** For each place, the need it belongs to. */
  readonly places: readonly Need[];
  /** For each place, who fills it. */
  readonly taken: readonly (string | undefined)[];
}

/** All places free. */
export function emptyQuorum(needs: readonly Need[]): Quorum {
  const places = needs.flatMap((need) => Array.from({ length: need.count }, () => need));
  return { places, taken: places.map(() => undefined) };
}

/**
 * Counts one more person, moving those already seated to other places of theirs if that makes room. Nobody seated loses a seat,
 * and nobody has two, with however many users.
 *
 * @returns `undefined` when there is no room for this person
 */
export function addToQuorum(quorum: Quorum, person: string): Quorum | undefined {
  const personOf = quorum.places[0]?.personOf;
  if (personOf !== undefined && quorum.taken.some((one) => one !== undefined && personOf(one) === personOf(person)))
    return undefined;
  const taken = [...quorum.taken];
  const tried = new Set<number>();
  const place = (who: string): boolean => {
    for (const [index, need] of quorum.places.entries()) {
      if (tried.has(index) || !need.approvers.has(who)) continue;
      tried.add(index);
      const sitting = taken[index];
      if (sitting === undefined || place(sitting)) {
        taken[index] = who;
        return true;
      }
    }
    return false;
  };
  return place(person) ? { places: quorum.places, taken } : undefined;
}

/** True when every place is filled. */
export function isReached(quorum: Quorum): boolean {
  return quorum.taken.every((person) => person !== undefined);
}

/** Fills the free places with whoever of the needs' approvers is not seated yet; `undefined` when they do not suffice. */
export function fillQuorum(quorum: Quorum): Quorum | undefined {
  let filled = quorum;
  for (const person of candidates(quorum)) {
    if (isReached(filled)) return filled;
    filled = addToQuorum(filled, person) ?? filled;
  }
  return isReached(filled) ? filled : undefined;
}

/** Votes still missing for one need. */
export interface Missing {
  readonly policy: string;
  readonly count: number;
  /** Sorted principal ids of the people whose vote would bring the path forward. */
  readonly approvers: readonly string[];
}

/** What is still missing, need by need; without a quorum, nobody has voted. */
export function stillNeeded(needs: readonly Need[], quorum?: Quorum): readonly Missing[] {
  const voted = votersOf(quorum);
  const [only] = needs;
  if (only !== undefined && needs.length === 1 && only.personOf === undefined) {
    const count = only.count - voted.size;
    return count === 0 ? [] : [{ policy: only.policy, count, approvers: listOf(only.approvers, voted) }];
  }
  const now = quorum ?? emptyQuorum(needs);
  const filled = fillQuorum(now) ?? now;
  const useful = new Set(candidates(now).filter((person) => addToQuorum(now, person) !== undefined));
  return needs.flatMap((need) => {
    const count = filled.places.filter(
      (place, index) => place === need && !voted.has(filled.taken[index] ?? ''),
    ).length;
    const approvers = [...need.approvers].filter((person) => useful.has(person)).sort(compareText);
    return count === 0 ? [] : [{ policy: need.policy, count, approvers }];
  });
}

/** Everyone seated. */
function votersOf(quorum: Quorum | undefined): ReadonlySet<string> {
  return new Set(quorum?.taken.filter((person) => person !== undefined));
}

/** Sorted lists of people, kept: many paths ask the same ones. */
const lists = new WeakMap<ReadonlySet<string>, readonly string[]>();

function listOf(people: ReadonlySet<string>, without: ReadonlySet<string>): readonly string[] {
  let list = lists.get(people);
  if (list === undefined) {
    list = [...people].sort(compareText);
    lists.set(people, list);
  }
  return without.size === 0 ? list : list.filter((person) => !without.has(person));
}

/** Sorted, so that the order of groups and records never shows. */
function candidates(quorum: Quorum): readonly string[] {
  const voted = votersOf(quorum);
  const everyone = new Set([...new Set(quorum.places)].flatMap((need) => [...need.approvers]));
  return [...everyone].filter((person) => !voted.has(person)).sort(compareText);
}
