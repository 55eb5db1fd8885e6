import type { Edge, Subject } from '../classify/aggregate/aggregate.ts';
import type { CallKind } from '../classify/call-kind.ts';
import type { FlagId } from '../classify/rules/flag-ids.ts';

/** How far reading has come: small, and stored between the rounds. */
export interface Reading {
  /** Whose calls are read: first the person's, then each session gone on as another role, and each key that was made. */
  readonly subjects: Subject[];
  /** Calls that are listed one by one, and where they are kept. Absent before there are any. */
  listed?: Listed;
  /** Sessions that are not followed: how many, the first roles, and the first sessions. */
  unfollowed?: { count: number; readonly roles: string[]; sessions?: UnfollowedSession[] };
  /** One per account and Region; each reads the subjects of its account, one after the other. */
  readonly lanes: Cursor[];
  /** Set when no call and no sign-in was found: before that is said, Identity Center's own events are looked at. */
  portal?: PortalLook;
  /** How often pages were read, and how many. */
  rounds: number;
  pages: number;
}

/** A session or key whose calls are not read, or another name that is not looked up. */
export interface UnfollowedSession {
  readonly role: string;
  /** Its access key, or the ARN of the session; empty where CloudTrail says neither. */
  readonly id: string;
  /** ISO 8601; when it was begun. Empty where that is not known. */
  readonly at: string;
  readonly why: UnfollowedReason;
}

/** `unknown`: nothing to look it up by. `account`: in one account too many. `many`: one session too many. */
export type UnfollowedReason = 'unknown' | 'account' | 'many';

/** How far Identity Center's own events were looked through, and what of them was this person's with this permission set. */
export interface PortalLook {
  /** How many kinds of events are read to their end. */
  done: number;
  token?: string;
  pages: number;
  /** How often in a row it failed. */
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
  /** Of the present look-up: how many pages were read, and the calls at the oldest second of the last one. */
  pages?: number;
  edge?: Edge;
  /** Set when there was so much under one name that writes and flagged calls are looked up first. */
  flood?: Flood;
  /** Of the present look-up: only calls up to here are read, ISO 8601, because the second after it has too many. */
  below?: string;
  /** Seconds with more calls than the source can give, which were passed over: the first and the last (ISO 8601). */
  passedOver?: { readonly first: string; readonly last: string };
  /** How often in a row it failed, and the round before which it is not asked again. */
  failures?: number;
  restsUntil?: number;
  /** Why this cursor is read no further, in words. */
  stopped?: string;
}

/** The list of calls, which is kept in items of its own. */
export interface Listed {
  /** By kind; those that raise a flag are counted by their flag alone, and those that hand on a role apart. Lists of an earlier version have no `flagged`. */
  readonly counts: Partial<Record<CallKind, number>>;
  flagged?: Partial<Record<FlagId, number>>;
  /** Those that AWS refused or rejected. In lists of an earlier version they are among `flagged`. */
  tried?: Partial<Record<FlagId, number>>;
  /** Those that hand on a role and raise no flag. In lists of an earlier version they are among `counts`. */
  handedOn?: number;
  /** How many items there are. */
  parts: number;
  /** Numbers of items that belong to nobody: of a round that was lost to another. */
  readonly lost?: readonly number[];
}

/** How many calls are listed. */
export function callsListed({ counts, flagged = {}, tried = {}, handedOn = 0 }: Listed): number {
  return [counts, flagged, tried].flatMap((of) => Object.values(of)).reduce((sum, count) => sum + count, handedOn);
}

/**
 * Somebody who makes very many calls must not be able to bury one. Once there are too many, everything up to an instant is
 * looked up by what it is: the writes of the account, then each flagged call by its name, then the rest.
 */
export interface Flood {
  /** ISO 8601; later calls were counted before. Cut at a second's boundary, so that no call is counted twice. */
  readonly until: string;
  step: 'writes' | 'names' | 'rest';
  /** Of the writes, those later than this are counted; empty when all are. */
  writesFrom: string;
  /** Which name is looked up. */
  name: number;
  /** By name of which there were too many: later ones are counted. */
  readonly namesFrom: Record<string, string>;
}
