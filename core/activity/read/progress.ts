import type { Edge, Subject } from '../classify/aggregate/aggregate.ts';
import type { CallKind } from '../classify/call-kind.ts';
import type { FlagId } from '../classify/rules/flag-ids.ts';

/** How far reading has come. Small, and stored between the rounds. */
export interface Reading {
  /** Whose calls are read: first the requester's, then those of each chained session and each created access key. */
  readonly subjects: Subject[];
  /** The counts of the calls that are listed one by one, and the items that hold them. Absent before there are any. */
  listed?: Listed;
  /** Sessions that are not followed: how many, the first roles, and the first sessions. */
  unfollowed?: { count: number; readonly roles: string[]; sessions?: UnfollowedSession[] };
  /** One per account and Region; each reads the subjects of its account, one after the other. */
  readonly lanes: Cursor[];
  /** Set when no call and no sign-in was found: Identity Center's own events are read before the report says so. */
  portal?: PortalLook;
  /** How many rounds of reading there were, and how many pages were read. */
  rounds: number;
  pages: number;
}

/** A session or key whose calls are not read, or another session name that is not looked up. */
export interface UnfollowedSession {
  readonly role: string;
  /** Its access key, or the ARN of the session; empty where CloudTrail says neither. */
  readonly id: string;
  /** ISO 8601; when the session was begun. Empty if that is not known. */
  readonly at: string;
  readonly why: UnfollowedReason;
}

/**
 * `unknown`: CloudTrail gives nothing to look it up by. `account`: it is in more accounts than are read. `many`: there
 * are more sessions or names than are read.
 */
export type UnfollowedReason = 'unknown' | 'account' | 'many';

/** How far Identity Center's own events were read, and what they show of the requester with this permission set. */
export interface PortalLook {
  /** How many kinds of events are read to their end. */
  done: number;
  token?: string;
  pages: number;
  /** How many times in a row it failed. */
  failures?: number;
  /** Why it is read no further, in words. */
  stopped?: string;
  /** Records that could not be understood. */
  malformed?: number;
  /** How often credentials were fetched, and when; ISO 8601, empty when never. */
  readonly fetched: { count: number; first: string; last: string };
}

export interface Cursor {
  readonly accountId: string;
  readonly region: string;
  /** How many of the account's subjects are read to their end. */
  done: number;
  token?: string;
  /** Of the current look-up: how many pages were read, and the calls in the oldest second of the last page. */
  pages?: number;
  edge?: Edge;
  /** Set when one name has so many calls that writes and flagged calls are looked up first. */
  flood?: Flood;
  /** Of the current look-up: only calls up to here are read, ISO 8601, because the second after it has too many. */
  below?: string;
  /** Seconds with more calls than the source can give, which were passed over: the first and the last (ISO 8601). */
  passedOver?: { readonly first: string; readonly last: string };
  /** How many times in a row it failed, and the round before which the cursor is not read again. */
  failures?: number;
  restsUntil?: number;
  /** Why this cursor is read no further, in words. */
  stopped?: string;
}

/** The list of calls, which is kept in items of its own. */
export interface Listed {
  /**
   * The number of calls by kind, without those that raise a flag (in `flagged` or `tried`) and those that hand on a
   * role (`handedOn`). Lists of an earlier version have no `flagged`.
   */
  readonly counts: Partial<Record<CallKind, number>>;
  flagged?: Partial<Record<FlagId, number>>;
  /** Flagged calls that AWS refused or rejected. In lists of an earlier version they are among `flagged`. */
  tried?: Partial<Record<FlagId, number>>;
  /** Calls that hand on a role and raise no flag. In lists of an earlier version they are among `counts`. */
  handedOn?: number;
  /** How many items there are. */
  parts: number;
  /** Numbers of items that do not belong to the list: a round wrote them and then lost the race to save. */
  readonly lost?: readonly number[];
}

/** How many calls are listed. */
export function callsListed({ counts, flagged = {}, tried = {}, handedOn = 0 }: Listed): number {
  return [counts, flagged, tried].flatMap((of) => Object.values(of)).reduce((sum, count) => sum + count, handedOn);
}

/**
 * The look-ups of a cursor after one name has too many calls, so that nobody can bury a call under very many others.
 * Everything up to an instant is then looked up by what it is: the writes of the account, then each flagged call by its
 * name, then the rest.
 */
export interface Flood {
  /** ISO 8601; later calls were counted before. A whole second, so that no call is counted twice. */
  readonly until: string;
  step: 'writes' | 'names' | 'rest';
  /** ISO 8601; the writes later than this are counted. Empty when all are. */
  writesFrom: string;
  /** The index of the name that is looked up. */
  name: number;
  /** By event name, for names with too many calls: the calls later than this instant are counted, ISO 8601. */
  readonly namesFrom: Record<string, string>;
}
