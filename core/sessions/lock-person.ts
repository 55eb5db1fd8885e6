import type { RequestStore } from '../access/ports.ts';
import { after } from '../model/events.ts';
import type { RequestState } from '../model/request.ts';
import { type AssignmentTarget, isGroupTarget } from '../model/target.ts';
import type { GuardForm, GuardNames } from './guard-policy.ts';
import { credentialsUntil, LATEST_LIVE_SECONDS } from './live-sessions.ts';
import type { GuardChanges, GuardQuestion, GuardReply, LockRefused } from './operate-guard.ts';

/** Who locked or unlocked a person, when (ISO 8601) and why. */
export interface LockChange {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A lock that is in force. */
export interface KnownLock extends LockChange {
  /** Accounts whose guard denies the person's sessions, or was asked to. */
  readonly accounts: readonly string[];
  /** An operator has begun to lift the lock, and denied sessions may be allowed again. */
  readonly isLifting?: true;
}

/** Locks of people: while a person is locked, each of their requests is refused when it is next decided. */
export interface LockStore {
  get(principalId: string): Promise<KnownLock | undefined>;
  /**
   * False when the person is locked already; the first lock stays.
   *
   * @param sessions `denied`: the operator is about to deny running sessions as well
   */
  lock(principalId: string, turn: LockChange, sessions: 'denied' | 'left'): Promise<boolean>;
  /**
   * Notes that running sessions are about to be denied in these accounts, so that an unlock allows them again in each.
   * Cancels an unlock that was begun. False when the person is not locked.
   */
  noteAccounts(principalId: string, accounts: readonly string[]): Promise<boolean>;
  /**
   * Notes, with an audit fact, that guards are about to allow denied sessions again; no guard allows them before this.
   * False when the person is not locked.
   */
  beginUnlock(principalId: string, turn: LockChange): Promise<boolean>;
  /**
   * False when the person was not locked.
   *
   * @param sessions `left`: denied sessions are not allowed again, so a lock that denies some stays, and the answer is
   * false. `allowed`: they were allowed since `beginUnlock`; a lock that an operator has renewed since then stays, and
   * the answer is false
   */
  unlock(principalId: string, turn: LockChange, sessions: 'allowed' | 'left'): Promise<boolean>;
}

export interface LockSessionsServices {
  /** Every account in which the person has sessions, or can begin one. */
  accounts(): Promise<readonly string[]>;
  ask(question: GuardQuestion): Promise<GuardReply>;
  /** The deployment's names of the guard policies. */
  readonly policies: GuardNames['policies'];
}

/**
 * Accounts in which sessions of a person's requests may still live, with the ARNs of their permission sets. When the
 * last assignment of a permission set is removed, Identity Center no longer lists the account, but its sessions still
 * live: the lock must deny them.
 *
 * @param now ISO 8601
 */
export async function accountsWithSessions(
  principalId: string,
  requests: Pick<RequestStore, 'inStates'>,
  now: string,
): Promise<readonly AssignmentTarget[]> {
  const found: AssignmentTarget[] = [];
  const endsFrom = after(now, -LATEST_LIVE_SECONDS);
  for await (const request of requests.inStates(WITH_SESSIONS, { endsFrom })) {
    const { target, requester } = request;
    if (requester.principalId === principalId && !isGroupTarget(target) && credentialsUntil(request) > now)
      found.push(target);
  }
  return found;
}

/** States in which an assignment existed, or may have existed. */
const WITH_SESSIONS: readonly RequestState[] = ['granting', 'active', 'ending', 'ended', 'reported', 'failed'];

/** The outcome for the guards of one account. */
export interface LockedAccount {
  readonly accountId: string;
  /** `done`: every guard of the account has the lock; `leftOpen` tells which permission sets have a guard there. */
  readonly outcome: 'done' | 'unguarded' | 'failed';
  /** Why it failed. */
  readonly why?: string;
  /** The outcome for each guard, where the account could be asked. */
  readonly changes?: GuardChanges;
}

/**
 * Writes into the guards of every account that all sessions of a person are denied, or no longer denied: of every
 * permission set with a guard, including standing access, whenever they began. Yields each account when it is done; one
 * that fails does not stop the others.
 */
export async function* lockSessions(
  principalId: string,
  locked: boolean,
  services: LockSessionsServices,
): AsyncIterable<LockedAccount> {
  for (const accountId of await services.accounts()) {
    try {
      const reply = await services.ask({ ask: 'lock', accountId, principalId, locked });
      if ('refused' in reply) throw new Error(WHY_REFUSED[reply.refused]);
      if ('policy' in reply) throw new Error('the function answers something else; deploy this version');
      yield { accountId, changes: reply.changes, ...outcomeOf(reply.changes, services.policies) };
    } catch (error) {
      yield { accountId, outcome: 'failed', why: error instanceof Error ? error.message : 'unknown error' };
    }
  }
}

const WHY_REFUSED: Readonly<Record<LockRefused['refused'], string>> = {
  locked: 'the person is locked, and no unlock is under way',
  'not-locked': 'the person is not locked, or an unlock is under way',
};

function outcomeOf(changes: GuardChanges, policies: GuardNames['policies']): Pick<LockedAccount, 'outcome' | 'why'> {
  const failures = FORMS.flatMap((form) => failureOf(changes[form], policies[form].name));
  if (failures.length > 0) return { outcome: 'failed', why: failures.join('; ') };
  return { outcome: FORMS.some((form) => changes[form] === 'in-force') ? 'done' : 'unguarded' };
}

const FORMS = ['boundary', 'attached'] as const;

function failureOf(change: GuardChanges[GuardForm], name: string): readonly string[] {
  switch (change) {
    case 'edited':
      return [`somebody has edited the policy ${name} by hand`];
    case 'grants':
      return [`somebody has edited the policy ${name} by hand, and it grants something`];
    case 'full':
      return [`the policy ${name} has no room left`];
    case 'in-force':
    case 'unguarded':
      return [];
  }
}
