import type { GuardForm } from './guard-policy.ts';

/** The default version of an account's guard policy, as it was read. */
export interface GuardVersion {
  /** IAM's id of the version, such as `v7`. */
  readonly versionId: string;
  /** The policy's JSON. */
  readonly document: string;
}

/**
 * The guard policies of the accounts. Each method works in the account itself, with a role that may only read and write
 * the versions of this one policy.
 */
export interface GuardPolicies {
  /**
   * The version in force.
   *
   * @returns `undefined` where there is no guard: the role or the policy does not exist
   * @throws any other error of IAM or STS, for the caller to retry
   */
  read(accountId: string): Promise<GuardVersion | undefined>;
  /**
   * Puts a new version in force, and removes the oldest one when IAM's limit of five is reached.
   *
   * @throws any error of IAM; afterwards either the earlier or the new version is in force
   */
  write(accountId: string, document: string): Promise<void>;
}

/** Allows one writer at a time per account's guard policy: IAM has no conditional write for versions. */
export interface GuardLocks {
  /**
   * @param until ISO 8601; a lock that was not released expires then
   * @returns false while another holder has the lock
   */
  take(accountId: string, holder: string, now: string, until: string): Promise<boolean>;
  /** Releases the lock; does nothing if the holder does not have it any more. */
  release(accountId: string, holder: string): Promise<void>;
}

/**
 * How a permission set is guarded in an account.
 * - `attached`: the guard is its boundary, and the account has it.
 * - `outdated`: the guard is its boundary, but the account has an older version of the set.
 * - `attached-form`, `attached-form-outdated`: the same, with the guard attached to it beside a boundary of its own.
 * - `other`: it has a boundary that is not the guard.
 * - `none`: it has no boundary.
 */
export type BoundaryState = 'attached' | 'outdated' | 'attached-form' | 'attached-form-outdated' | 'other' | 'none';

/**
 * The policy that denies the sessions of a set in this state, and whether its account still lacks it. Else `undefined`.
 */
export function guardOf(state: BoundaryState): { readonly form: GuardForm; readonly isOutdated: boolean } | undefined {
  if (state === 'none' || state === 'other') return undefined;
  const isOutdated = state === 'outdated' || state === 'attached-form-outdated';
  return { form: state.startsWith('attached-form') ? 'attached' : 'boundary', isOutdated };
}

/** What Identity Center says of the sessions of a permission set now. */
export interface SetSessions {
  readonly permissionSetName: string;
  readonly sessionSeconds: number;
}

/** What Identity Center reports of permission sets' boundaries, and of guards attached to them. */
export interface Boundaries {
  /** @throws any error of Identity Center, for the caller to retry */
  stateOf(permissionSetArn: string, accountId: string): Promise<BoundaryState>;
  /**
   * The name of a permission set, and how long its sessions last.
   *
   * @returns `undefined` for a set that does not exist
   * @throws any other error of Identity Center, for the caller to retry
   */
  sessionsOf(permissionSetArn: string): Promise<SetSessions | undefined>;
  /** Accounts a permission set is provisioned in. @throws any error of Identity Center */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
}
