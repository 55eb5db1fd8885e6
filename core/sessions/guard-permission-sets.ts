import type { PolicyState } from './operate-guard.ts';
import type { BoundaryState } from './ports.ts';

/** A permission set, by name and ARN. */
export interface NamedSet {
  readonly name: string;
  readonly arn: string;
}

/** What an operator sees and changes of permission sets; with the operator's own rights. */
export interface GuardDesk {
  /** Accounts a permission set is provisioned in. */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
  stateOf(permissionSetArn: string, accountId: string): Promise<BoundaryState>;
  /** How the boundary of a set stands, whatever its accounts have; the name of one that is not the guard. */
  boundaryOf(permissionSetArn: string): Promise<{ readonly state: 'guard' | 'none' } | { readonly other: string }>;
  setBoundary(permissionSetArn: string): Promise<void>;
  removeBoundary(permissionSetArn: string): Promise<void>;
  /** Brings the set to the accounts that have it; ends when Identity Center says so. @returns why it failed, where it did */
  provision(permissionSetArn: string, accountId: string): Promise<string | undefined>;
  /** How the policy in an account stands: `there`, `missing`, or `edited` by hand. */
  look(accountId: string): Promise<PolicyState>;
}

/** One step of attaching or detaching, for an operator to follow. */
export type GuardStep =
  | { readonly what: 'already' | 'set' | 'removed' | 'none' }
  | { readonly what: 'other'; readonly boundary: string }
  | { readonly what: 'missing'; readonly accountId: string; readonly policy: Exclude<PolicyState, 'there'> }
  | { readonly what: 'provisioned'; readonly accountId: string }
  | { readonly what: 'failed'; readonly accountId: string; readonly why: string };

/** What keeps a set from being attached or detached; the rest is progress. */
export function isRefusal({ what }: GuardStep): boolean {
  return what === 'other' || what === 'missing' || what === 'failed';
}

/**
 * Makes the guard the boundary of a permission set, and provisions it. Looks first whether every account that has the set has the
 * policy, because provisioning fails where it is missing; a boundary of somebody else's is named and left alone. Running it again
 * finishes what an earlier run left.
 */
export async function* attachGuard(set: NamedSet, desk: GuardDesk): AsyncIterable<GuardStep> {
  const boundary = await desk.boundaryOf(set.arn);
  if ('other' in boundary) {
    yield { what: 'other', boundary: boundary.other };
    return;
  }
  const accounts = await desk.accountsOf(set.arn);
  let isMissing = false;
  for (const accountId of accounts) {
    const policy = await desk.look(accountId);
    if (policy === 'there') continue;
    isMissing = true;
    yield { what: 'missing', accountId, policy };
  }
  if (isMissing) return;
  if (boundary.state === 'none') await desk.setBoundary(set.arn);
  yield { what: boundary.state === 'none' ? 'set' : 'already' };
  yield* provisionAll(set, accounts, desk);
}

/** Takes the guard away from a permission set, and provisions it: its sessions are not cut any more. */
export async function* detachGuard(set: NamedSet, desk: GuardDesk): AsyncIterable<GuardStep> {
  const boundary = await desk.boundaryOf(set.arn);
  if ('other' in boundary) {
    yield { what: 'other', boundary: boundary.other };
    return;
  }
  const accounts = await desk.accountsOf(set.arn);
  if (boundary.state === 'guard') await desk.removeBoundary(set.arn);
  yield { what: boundary.state === 'guard' ? 'removed' : 'none' };
  yield* provisionAll(set, accounts, desk);
}

/** One after the other: Identity Center changes one permission set of an account at a time. */
async function* provisionAll(set: NamedSet, accounts: readonly string[], desk: GuardDesk): AsyncIterable<GuardStep> {
  for (const accountId of accounts) {
    const why = await desk.provision(set.arn, accountId);
    yield why === undefined ? { what: 'provisioned', accountId } : { what: 'failed', accountId, why };
  }
}

/** How one permission set stands in one account. */
export interface GuardStatus {
  readonly set: NamedSet;
  readonly accountId: string;
  /**
   * `attached`: its sessions are cut. `drifted`: the account has an older version of the set, or somebody has edited the policy.
   * `missing`: the set is guarded and the account has no policy. `other`: a boundary of somebody else's. `none`: no guard.
   */
  readonly state: 'attached' | 'drifted' | 'missing' | 'other' | 'none';
}

/** Every permission set in every account that has it. */
export async function* guardStatus(sets: readonly NamedSet[], desk: GuardDesk): AsyncIterable<GuardStatus> {
  const policies = new Map<string, PolicyState>();
  for (const set of sets) {
    for (const accountId of await desk.accountsOf(set.arn)) {
      const boundary = await desk.stateOf(set.arn, accountId);
      if (boundary === 'none' || boundary === 'other') {
        yield { set, accountId, state: boundary };
        continue;
      }
      const policy = policies.get(accountId) ?? (await desk.look(accountId));
      policies.set(accountId, policy);
      const isDrifted = boundary === 'outdated' || policy === 'edited';
      yield { set, accountId, state: policy === 'missing' ? 'missing' : isDrifted ? 'drifted' : 'attached' };
    }
  }
}
