import type { RequestStore } from '../access/ports.ts';
import { after } from '../model/events.ts';
import type { RequestState } from '../model/request.ts';
import { type AssignmentTarget, isGroupTarget } from '../model/target.ts';
import { GUARD_POLICIES, type GuardForm } from './guard-policy.ts';
import { credentialsUntil, LATEST_LIVE_SECONDS } from './live-sessions.ts';
import type { GuardChanges, GuardQuestion, GuardReply, LockRefused } from './operate-guard.ts';

/** Who turned a lock, when (ISO 8601) and why. */
export interface LockChange {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A lock that is in force. */
export interface KnownLock extends LockChange {
  /** Accounts whose guard denies the person by it, or was asked to. */
  readonly accounts: readonly string[];
  /** An operator has begun to lift it, and denied sessions may be allowed again. */
  readonly isLifting?: true;
}

/** Locks of people: while one is in force, every request of theirs is refused, at its next look. */
export interface LockStore {
  get(principalId: string): Promise<KnownLock | undefined>;
  /**
   * False when the person is locked already; the first lock stays.
   *
   * @param sessions `denied`: whoever locks is about to deny running sessions as well
   */
  lock(principalId: string, turn: LockChange, sessions: 'denied' | 'left'): Promise<boolean>;
  /**
   * Says that running sessions are about to be denied, in these accounts, for the unlock, which must not leave one behind; an unlock that
   * was begun is so no more. False when the person is not locked.
   */
  noteAccounts(principalId: string, accounts: readonly string[]): Promise<boolean>;
  /** Says, with its fact, that denied sessions are about to be allowed again: no guard allows them before. False when the person is not locked. */
  beginUnlock(principalId: string, turn: LockChange): Promise<boolean>;
  /**
   * False when the person was not locked.
   *
   * @param sessions `left`: nobody allows denied sessions again, so a lock that denies some stays, which is false as well; `allowed`: they
   * were since `beginUnlock`, so a lock stays that somebody has renewed meanwhile, which is false too
   */
  unlock(principalId: string, turn: LockChange, sessions: 'allowed' | 'left'): Promise<boolean>;
}

export interface LockSessionsServices {
  /** Every account in which the person has sessions, or may begin one. */
  accounts(): Promise<readonly string[]>;
  ask(question: GuardQuestion): Promise<GuardReply>;
}

/**
 * Accounts in which sessions of requests of a person may live still, with the ARNs of the permission sets they are of. Where the last
 * assignment of a permission set was taken away, Identity Center does not name the account any more, and the sessions are the very ones
 * a lock is for.
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

/** In these an assignment was there, or may have been. */
const WITH_SESSIONS: readonly RequestState[] = ['granting', 'active', 'ending', 'ended', 'reported', 'failed'];

/** What became of the guards of one account. */
export interface LockedAccount {
  readonly accountId: string;
  /** `done`: every guard that the account has says so; which permission sets have one of them is another question (`leftOpen`). */
  readonly outcome: 'done' | 'unguarded' | 'failed';
  /** Why it failed. */
  readonly why?: string;
  /** Of each guard, where the account could be asked. */
  readonly changes?: GuardChanges;
}

/**
 * Writes into the guards of every account that every session of a person is denied, or no longer is: those of standing access and of
 * every permission set with a guard, begun before and after. Yields each account as it is dealt with; one that fails keeps none of the
 * others.
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
      yield { accountId, changes: reply.changes, ...outcomeOf(reply.changes) };
    } catch (error) {
      yield { accountId, outcome: 'failed', why: error instanceof Error ? error.message : 'unknown error' };
    }
  }
}

const WHY_REFUSED: Readonly<Record<LockRefused['refused'], string>> = {
  locked: 'the person is locked, and no unlock is under way',
  'not-locked': 'the person is not locked, or an unlock is under way',
};

function outcomeOf(changes: GuardChanges): Pick<LockedAccount, 'outcome' | 'why'> {
  const failures = FORMS.flatMap((form) => failureOf(changes[form], form));
  if (failures.length > 0) return { outcome: 'failed', why: failures.join('; ') };
  return { outcome: FORMS.some((form) => changes[form] === 'in-force') ? 'done' : 'unguarded' };
}

const FORMS = ['boundary', 'attached'] as const;

function failureOf(change: GuardChanges[GuardForm], form: GuardForm): readonly string[] {
  const { name } = GUARD_POLICIES[form];
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
