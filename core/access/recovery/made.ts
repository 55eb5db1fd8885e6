import { after } from '../../model/events.ts';
import type { Assignment } from '../../model/target.ts';
import type { Listing } from '../listing.ts';

/** CloudTrail's reports of one assignment or membership since it was last known to be gone. Instants in ISO 8601. */
export interface MadeAssignment {
  readonly assignment: Assignment;
  /** When one of Glasshammer's roles last made it. */
  readonly madeAt?: string;
  /** When somebody else last made it, and who. */
  readonly theirsAt?: string;
  readonly theirsBy?: { readonly id: string; readonly name: string };
}

/**
 * The assignments that Glasshammer's roles have made and that still exist, by CloudTrail's reports. Only the function
 * that receives those reports writes it, apart from requests and leases, so that an attacker who alters requests or
 * leases hides nothing.
 */
export interface MadeList {
  /** @throws OutOfTimeError when `goOn` says no */
  all(how?: Listing): AsyncIterable<MadeAssignment>;
}

/** The assignment was gone at this instant (ISO 8601). */
export interface GoneAssignment {
  readonly goneAt: string;
}

/**
 * The same for its writer. Events come late, twice and in any order; of each kind the latest counts. Instants are
 * compared as texts, so all have milliseconds.
 */
export interface MadeStore extends MadeList {
  /** What is known of one assignment now, without reading the list. */
  get(assignment: Assignment): Promise<MadeAssignment>;
  /**
   * @param at ISO 8601
   * @returns what is known then; `goneAt`, with nothing recorded, where the assignment was gone after `at`: an
   *   assignment that exists now was given by others
   */
  noteMadeByGlasshammer(assignment: Assignment, at: string): Promise<MadeAssignment | GoneAssignment>;
  /**
   * What others give is recorded even where no making by Glasshammer is known, because CloudTrail may report that
   * later.
   *
   * @param at ISO 8601
   * @returns what is known then; `undefined` where the assignment was gone at `at` or later
   */
  noteMadeByOthers(
    assignment: Assignment,
    at: string,
    by: { readonly id: string; readonly name: string },
  ): Promise<MadeAssignment | undefined>;
  /**
   * Records that the assignment was gone at this instant (ISO 8601), and forgets what was made before. The record is
   * kept for as long as an event may come late, or a second time.
   */
  noteGone(assignment: Assignment, at: string): Promise<void>;
}

/**
 * If others gave it this shortly before Glasshammer made it, it counts as theirs too: they may have given it between
 * the grant's look and its call, and CloudTrail reports whole seconds. Seconds.
 */
const SAME_TIME_SECONDS = 60;

/** Did Glasshammer make it, and has nobody else given the same since? If somebody has, the assignment is standing. */
export function isMadeByUs(made: MadeAssignment): made is MadeAssignment & { readonly madeAt: string } {
  const { madeAt, theirsAt } = made;
  return madeAt !== undefined && (theirsAt === undefined || after(theirsAt, SAME_TIME_SECONDS) < madeAt);
}
