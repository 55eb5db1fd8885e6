import type { PolicyState } from './operate-guard.ts';
import { type BoundaryState, guardOf } from './ports.ts';

/** A permission set, by name and ARN. */
export interface NamedSet {
  readonly name: string;
  readonly arn: string;
}

/** What an operator reads and changes of permission sets, with the operator's own rights. */
export interface GuardDesk {
  /** Accounts a permission set is provisioned in. */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
  stateOf(permissionSetArn: string, accountId: string): Promise<BoundaryState>;
  /** ARNs of the permission sets that an account has in an older version. */
  outdatedIn(accountId: string): Promise<readonly string[]>;
  /** The boundary of a set, whatever version its accounts have; if it is not the guard, its name. */
  boundaryOf(permissionSetArn: string): Promise<{ readonly state: 'guard' | 'none' } | { readonly other: string }>;
  setBoundary(permissionSetArn: string): Promise<void>;
  removeBoundary(permissionSetArn: string): Promise<void>;
  /** Is the guard attached to the set as one more policy? */
  isAttached(permissionSetArn: string): Promise<boolean>;
  attachPolicy(permissionSetArn: string): Promise<void>;
  detachPolicy(permissionSetArn: string): Promise<void>;
  /** Provisions the set to an account, and waits until Identity Center is done. @returns why it failed, if it did */
  provision(permissionSetArn: string, accountId: string): Promise<string | undefined>;
  /**
   * The state of the guard policy in an account.
   *
   * @param attachedTo name of a permission set; then the policy of the attached form is looked at
   */
  look(accountId: string, attachedTo?: string): Promise<PolicyState>;
}

/** One step of attaching or detaching the guard, shown to the operator. */
export type GuardStep =
  | { readonly what: 'already' | 'set' | 'removed' | 'none' }
  | { readonly what: 'attached' | 'attached-already' | 'detached' | 'bounded' | 'unbounded' }
  | { readonly what: 'other'; readonly boundary: string }
  | { readonly what: 'missing'; readonly accountId: string; readonly policy: Exclude<PolicyState, 'there'> }
  | { readonly what: 'provisioned'; readonly accountId: string }
  | { readonly what: 'failed'; readonly accountId: string; readonly why: string };

/** Does this step say that the set was not attached or detached? Other steps are progress. */
export function isRefusal({ what }: GuardStep): boolean {
  return what === 'other' || what === 'missing' || what === 'failed' || what === 'unbounded';
}

/**
 * Makes the guard the boundary of a permission set, and provisions the set. First checks that every account with the
 * set has the policy, because provisioning fails without it. A boundary that is not the guard is named and left alone.
 * Running it again finishes an earlier run.
 */
export async function* attachGuard(set: NamedSet, desk: GuardDesk): AsyncIterable<GuardStep> {
  const boundary = await desk.boundaryOf(set.arn);
  if ('other' in boundary) {
    yield { what: 'other', boundary: boundary.other };
    return;
  }
  const accounts = await desk.accountsOf(set.arn);
  const lacking = await lackingOf(accounts, desk);
  yield* lacking;
  if (lacking.length > 0) return;
  if (boundary.state === 'none') await desk.setBoundary(set.arn);
  yield { what: boundary.state === 'none' ? 'set' : 'already' };
  yield* provisionAll(set, accounts, desk);
}

/**
 * Attaches the guard to a permission set that has a boundary of its own, and provisions the set; for sets that are
 * opted in. An attacker who can write the attached policy can grant through it, but only what the set's boundary
 * allows. A set without a boundary is refused: the guard can be its boundary, and a boundary never grants anything.
 */
export async function* attachGuardBeside(set: NamedSet, desk: GuardDesk): AsyncIterable<GuardStep> {
  const boundary = await desk.boundaryOf(set.arn);
  if (!('other' in boundary)) {
    yield { what: boundary.state === 'guard' ? 'bounded' : 'unbounded' };
    return;
  }
  const accounts = await desk.accountsOf(set.arn);
  const lacking = await lackingOf(accounts, desk, set.name);
  yield* lacking;
  if (lacking.length > 0) return;
  const wasAttached = await desk.isAttached(set.arn);
  if (!wasAttached) await desk.attachPolicy(set.arn);
  yield { what: wasAttached ? 'attached-already' : 'attached' };
  yield* provisionAll(set, accounts, desk);
}

/** Accounts whose policy is not in the state that a permission set needs before it names the policy. */
async function lackingOf(
  accounts: readonly string[],
  desk: GuardDesk,
  attachedTo?: string,
): Promise<Extract<GuardStep, { what: 'missing' }>[]> {
  const lacking: Extract<GuardStep, { what: 'missing' }>[] = [];
  for (const accountId of accounts) {
    const policy = await desk.look(accountId, attachedTo);
    if (policy !== 'there') lacking.push({ what: 'missing', accountId, policy });
  }
  return lacking;
}

/**
 * Removes the guard in either form from a permission set, and provisions the set: its sessions are not cut any more,
 * and cut sessions that have not expired work again.
 */
export async function* detachGuard(set: NamedSet, desk: GuardDesk): AsyncIterable<GuardStep> {
  const boundary = await desk.boundaryOf(set.arn);
  const isAttached = await desk.isAttached(set.arn);
  if ('other' in boundary && !isAttached) {
    yield { what: 'other', boundary: boundary.other };
    return;
  }
  const isBoundary = 'state' in boundary && boundary.state === 'guard';
  const accounts = await desk.accountsOf(set.arn);
  if (isBoundary) await desk.removeBoundary(set.arn);
  if (isAttached) await desk.detachPolicy(set.arn);
  if (isBoundary || !isAttached) yield { what: isBoundary ? 'removed' : 'none' };
  if (isAttached) yield { what: 'detached' };
  yield* provisionAll(set, accounts, desk);
}

/** One after the other: Identity Center changes one permission set of an account at a time. */
async function* provisionAll(set: NamedSet, accounts: readonly string[], desk: GuardDesk): AsyncIterable<GuardStep> {
  for (const accountId of accounts) {
    const why = await desk.provision(set.arn, accountId);
    yield why === undefined ? { what: 'provisioned', accountId } : { what: 'failed', accountId, why };
  }
}

/** The state of one permission set in one account. */
export interface GuardStatus {
  readonly set: NamedSet;
  /** Empty where the set's accounts could not be read. */
  readonly accountId: string;
  /**
   * `attached`: its sessions are cut. `attached-form`: the same, by a policy attached to it beside a boundary of its
   * own. `drifted`: the account has an older version of the set, or the policy was edited by hand. `missing`: the set
   * is guarded, but the account has no policy. `other`: a boundary that is not the guard. `none`: no guard. `grants`:
   * the attached policy was edited by hand so that it allows something. `unbounded`: attached, but the set has no
   * boundary that limits what could be granted. `unnamed`: attached, but the configuration does not opt the set in, so
   * that no cut is written. `unseen`: it could not be read.
   */
  readonly state:
    | 'attached'
    | 'attached-form'
    | 'drifted'
    | 'missing'
    | 'other'
    | 'none'
    | 'grants'
    | 'unbounded'
    | 'unnamed'
    | 'unseen';
  /** Why it could not be read. */
  readonly why?: string;
}

/** Every permission set in every account that has it. A set or account that cannot be read does not hide others. */
export async function* guardStatus(
  sets: readonly NamedSet[],
  desk: Pick<GuardDesk, 'accountsOf' | 'stateOf' | 'boundaryOf' | 'look'>,
): AsyncIterable<GuardStatus> {
  const policies = new Map<string, PolicyState>();
  async function stateIn(set: NamedSet, accountId: string): Promise<GuardStatus['state']> {
    const boundary = await desk.stateOf(set.arn, accountId);
    const guard = guardOf(boundary);
    if (guard === undefined) return boundary === 'none' ? 'none' : 'other';
    const isBeside = guard.form === 'attached';
    const attachedTo = isBeside ? set.name : undefined;
    const key = `${accountId} ${attachedTo ?? ''}`;
    const policy = policies.get(key) ?? (await desk.look(accountId, attachedTo));
    policies.set(key, policy);
    const isUnbounded = isBeside && !('other' in (await desk.boundaryOf(set.arn)));
    return stateOf(policy, guard.isOutdated, isBeside, isUnbounded);
  }
  for (const set of sets) {
    let accounts: readonly string[];
    try {
      accounts = await desk.accountsOf(set.arn);
    } catch (error) {
      yield { set, accountId: '', ...unseenBy(error) };
      continue;
    }
    for (const accountId of accounts)
      yield await stateIn(set, accountId).then(
        (state) => ({ set, accountId, state }),
        (error: unknown) => ({ set, accountId, ...unseenBy(error) }),
      );
  }
}

function unseenBy(error: unknown): Pick<GuardStatus, 'state' | 'why'> {
  return { state: 'unseen', why: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error' };
}

/** Of several states, the gravest. */
function stateOf(
  policy: PolicyState,
  isOutdated: boolean,
  isBeside: boolean,
  isUnbounded: boolean,
): GuardStatus['state'] {
  if (policy === 'grants' || policy === 'unnamed' || policy === 'missing') return policy;
  if (isUnbounded) return 'unbounded';
  if (isOutdated || policy === 'edited') return 'drifted';
  return isBeside ? 'attached-form' : 'attached';
}
