import type { CallKind } from './call-kind.ts';
import type { FlagId } from './rules/flag-ids.ts';

/** One call as the list of all calls has it: what a person or program needs to find it again in CloudTrail. Text is bounded. */
export interface ListedCall {
  /** CloudTrail's `eventID`. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly accountId: string;
  readonly region: string;
  readonly action: string;
  readonly kind: CallKind;
  /** Empty when it succeeded. */
  readonly error: string;
  /** The flag it raises by what it is; empty for most. */
  readonly flag: FlagId | '';
  /** The role or user gone on as; empty for the permission set's own role. */
  readonly as: string;
  readonly address: string;
  readonly means: string;
  readonly what: string;
  /** What was given a role or lasting credentials by it; absent where nothing was. */
  readonly handedOn?: string;
}

/** So many calls of each kind are listed one by one, those that raise a flag or hand on a role aside; the counts go on. As many reads as can be read in one Region. */
export const MOST_LISTED: Readonly<Record<CallKind, number>> = {
  write: 30_000,
  refused: 20_000,
  failed: 10_000,
  read: 150_000,
  'sign-in': 2000,
};

/** So many calls of each flag are listed, done and only tried each for themselves: a flood of others, or of one flag, pushes none out. */
export const MOST_FLAGGED = 5000;

/** So many calls that hand on a role and raise no flag are listed. */
export const MOST_HANDED_ON = 20_000;
