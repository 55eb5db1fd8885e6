import { after } from '../../model/events.ts';
import type { Assignment } from '../../model/target.ts';
import type { Listing } from '../listing.ts';

/** What CloudTrail has told of one assignment or membership since it was last known to be gone. Instants in ISO 8601. */
export interface MadeAssignment {
  readonly assignment: Assignment;
  /** When one of our roles made it last. */
  readonly madeAt?: string;
  /** When somebody else did, and who. */
  readonly theirsAt?: string;
  readonly theirsBy?: { readonly id: string; readonly name: string };
}

/**
 * What there is of our making, as CloudTrail tells it: kept by the function that hears of it alone, apart from requests and leases,
 * so that whoever alters those hides nothing.
 */
export interface MadeList {
  /** @throws OutOfTimeError where it was told not to go on */
  all(how?: Listing): AsyncIterable<MadeAssignment>;
}

/** What was made is gone, and was at this instant (ISO 8601). */
export interface GoneAssignment {
  readonly goneAt: string;
}

/** The same for the one who keeps it. Events come late, twice and in any order; of each kind the latest counts. */
export interface MadeBook extends MadeList {
  /** What is known of it by now, without a list. */
  get(assignment: Assignment): Promise<MadeAssignment>;
  /**
   * @param at ISO 8601
   * @returns what is known then; since when it was gone, and notes nothing, where it was gone then or later: what is there by now, somebody else gave
   */
  noteOurs(assignment: Assignment, at: string): Promise<MadeAssignment | GoneAssignment>;
  /**
   * What others give is kept whether or not anything of ours is known: of that CloudTrail may tell later.
   *
   * @param at ISO 8601
   * @returns what is known then; `undefined` where it was gone then or later
   */
  noteTheirs(
    assignment: Assignment,
    at: string,
    by: { readonly id: string; readonly name: string },
  ): Promise<MadeAssignment | undefined>;
  /**
   * It was gone at this instant (ISO 8601): forgets what was made until then. That it was gone is kept for as long as an event may
   * come late, or once more.
   */
  noteGone(assignment: Assignment, at: string): Promise<void>;
}

/** What others gave shortly before we made it may have come between our look and our call, and CloudTrail tells whole seconds. Seconds. */
const BLUR_SECONDS = 60;

/** Made by us, and nobody else has given the same since: then it would be theirs as well. */
export function isMadeByUs(made: MadeAssignment): made is MadeAssignment & { readonly madeAt: string } {
  const { madeAt, theirsAt } = made;
  return madeAt !== undefined && (theirsAt === undefined || after(theirsAt, BLUR_SECONDS) < madeAt);
}
