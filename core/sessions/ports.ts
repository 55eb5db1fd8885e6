import type { GuardForm } from './guard-policy.ts';

/** The default version of an account's guard policy, as it was read. */
export interface GuardVersion {
  /** IAM's id of the version, such as `v7`. */
  readonly versionId: string;
  /** The policy's JSON. */
  readonly document: string;
}

/**
 * The guard policies of the accounts. Each method works in the account itself, as a role that may read and write the versions of
 * this one policy and nothing else.
 */
export interface GuardPolicies {
  /**
   * The version in force.
   *
   * @returns `undefined` where there is no guard: the role or the policy is not there
   * @throws whatever IAM or STS throws otherwise, for the caller to retry
   */
  read(accountId: string): Promise<GuardVersion | undefined>;
  /**
   * Puts a new version in force, and removes the oldest when IAM's five are used up.
   *
   * @throws whatever IAM throws; what was in force before then still is, or the new version is
   */
  write(accountId: string, document: string): Promise<void>;
}

/** One writer of one account's guard policy at a time: IAM has no conditional write for versions. */
export interface GuardLocks {
  /**
   * @param until ISO 8601; a lock that was not released ends by itself
   * @returns false while somebody else holds it
   */
  take(accountId: string, holder: string, now: string, until: string): Promise<boolean>;
  /** Gives the lock back; nothing happens if it is not the holder's any more. */
  release(accountId: string, holder: string): Promise<void>;
}

/**
 * How a permission set stands to the guard.
 * - `attached`: the guard is its boundary, and the account has it.
 * - `outdated`: the guard is its boundary, and the account has an older version of the set.
 * - `attached-form`, `attached-form-outdated`: the same where the guard is attached to it beside a boundary of its own.
 * - `other`: it has a boundary of somebody else's.
 * - `none`: it has no boundary.
 */
export type BoundaryState = 'attached' | 'outdated' | 'attached-form' | 'attached-form-outdated' | 'other' | 'none';

/** Which policy denies the sessions of a set that stands so, and whether its account has that already; `undefined`: none does. */
export function guardOf(state: BoundaryState): { readonly form: GuardForm; readonly isOutdated: boolean } | undefined {
  if (state === 'none' || state === 'other') return undefined;
  const isOutdated = state === 'outdated' || state === 'attached-form-outdated';
  return { form: state.startsWith('attached-form') ? 'attached' : 'boundary', isOutdated };
}

/** What Identity Center says of permission sets' boundaries, and of the guard that is attached to one. */
export interface Boundaries {
  /** @throws whatever Identity Center throws, for the caller to retry */
  stateOf(permissionSetArn: string, accountId: string): Promise<BoundaryState>;
  /** Accounts a permission set is provisioned in. @throws whatever Identity Center throws */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
}
