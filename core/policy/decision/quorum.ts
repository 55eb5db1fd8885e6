import { compareText } from '../../model/text.ts';
/** The votes that a path needs: a number of votes from these approvers. */
export interface Need {
  /** The policy that demands them. */
  readonly policy: string;
  readonly count: number;
  /** Principal ids of everyone who may vote here. */
  readonly approvers: ReadonlySet<string>;
  /**
   * Present where some approvers are users of the same person. Maps a principal id to a value that is equal for all
   * users of one person.
   */
  readonly personOf?: (principalId: string) => string;
}

/**
 * Which voter fills which of the needed places. One vote fills one place: the votes that a require policy demands come
 * in addition to the path's own, so one vote cannot count for both.
 */
export interface Quorum {
  /** The need of each place. */
  readonly places: readonly Need[];
  /** The voter in each place, by principal id. */
  readonly taken: readonly (string | undefined)[];
}

/** A quorum without votes. */
export function emptyQuorum(needs: readonly Need[]): Quorum {
  const places = needs.flatMap((need) => Array.from({ length: need.count }, () => need));
  return { places, taken: places.map(() => undefined) };
}

/**
 * Adds one voter, and moves earlier voters to other places that they may fill if that makes room. No earlier voter
 * loses their place, and no person gets two, even with several users.
 *
 * @returns `undefined` when there is no room for this voter
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

/** Is every place filled? */
export function isReached(quorum: Quorum): boolean {
  return quorum.taken.every((person) => person !== undefined);
}

/** Fills the free places with approvers who have not voted; `undefined` when there are not enough. */
export function fillQuorum(quorum: Quorum): Quorum | undefined {
  let filled = quorum;
  for (const person of candidates(quorum)) {
    if (isReached(filled)) return filled;
    filled = addToQuorum(filled, person) ?? filled;
  }
  return isReached(filled) ? filled : undefined;
}

/** The votes still missing for one need. */
export interface Missing {
  readonly policy: string;
  readonly count: number;
  /** Sorted principal ids of the approvers whose vote would fill a place. */
  readonly approvers: readonly string[];
}

/** The missing votes of each need. Without a quorum, nobody has voted yet. */
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

/** Everyone who has a place. */
function votersOf(quorum: Quorum | undefined): ReadonlySet<string> {
  return new Set(quorum?.taken.filter((person) => person !== undefined));
}

/** Cache of sorted approver lists: many paths have the same approvers. */
const lists = new WeakMap<ReadonlySet<string>, readonly string[]>();

function listOf(people: ReadonlySet<string>, without: ReadonlySet<string>): readonly string[] {
  let list = lists.get(people);
  if (list === undefined) {
    list = [...people].sort(compareText);
    lists.set(people, list);
  }
  return without.size === 0 ? list : list.filter((person) => !without.has(person));
}

/** Approvers without a place. Sorted, so that no result depends on the order of groups and records. */
function candidates(quorum: Quorum): readonly string[] {
  const voted = votersOf(quorum);
  const everyone = new Set([...new Set(quorum.places)].flatMap((need) => [...need.approvers]));
  return [...everyone].filter((person) => !voted.has(person)).sort(compareText);
}
