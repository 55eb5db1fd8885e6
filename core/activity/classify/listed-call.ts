import type { CallKind } from './call-kind.ts';
import type { FlagId } from './rules/flag-ids.ts';

/** One call in the list of all calls: what it takes to find the call again in CloudTrail. Texts are bounded. */
export interface ListedCall {
  /** CloudTrail's `eventID`. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly accountId: string;
  readonly region: string;
  readonly action: string;
  readonly kind: CallKind;
  /** Empty when the call succeeded. */
  readonly error: string;
  /** The flag that the call raises by its action and parameters; empty for most calls. */
  readonly flag: FlagId | '';
  /** The role or user of a chained session; empty for the permission set's own role. */
  readonly as: string;
  readonly address: string;
  readonly means: string;
  readonly what: string;
  /** What received a role or lasting credentials by this call, and which; absent if nothing did. */
  readonly handedOn?: string;
}

/**
 * The most calls of each kind that are listed one by one; further calls are only counted. Calls that raise a flag or
 * hand on a role have limits of their own. 150,000 reads are all that a report can read from the event history of one
 * Region: 1500 rounds of 2 pages of 50 calls.
 */
export const MOST_LISTED: Readonly<Record<CallKind, number>> = {
  write: 30_000,
  refused: 20_000,
  failed: 10_000,
  read: 150_000,
  'sign-in': 2000,
};

/**
 * The most calls listed per flag, with separate limits for calls that succeeded and calls that failed. So neither a
 * flood of unflagged calls nor one of a single flag pushes out the calls of another flag.
 */
export const MOST_FLAGGED = 5000;

/** The most calls listed that hand on a role and raise no flag. */
export const MOST_HANDED_ON = 20_000;
