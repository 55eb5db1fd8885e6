import type { RequestStore } from '../access/ports.ts';
import { after } from '../model/events.ts';
import type { RequestState } from '../model/request.ts';
import { isGroupTarget } from '../model/target.ts';
import { credentialsUntil, LATEST_LIVE_SECONDS } from './live-sessions.ts';
import type { GuardQuestion, GuardReply } from './operate-guard.ts';

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
   * Says that running sessions are about to be denied, in these accounts, for the unlock, which must not leave one behind. False when
   * the person is not locked.
   */
  noteAccounts(principalId: string, accounts: readonly string[]): Promise<boolean>;
  /**
   * False when the person was not locked.
   *
   * @param sessions `left`: nobody allows denied sessions again, so a lock that denies some stays, which is false as well
   */
  unlock(principalId: string, turn: LockChange, sessions: 'allowed' | 'left'): Promise<boolean>;
}

export interface LockSessionsServices {
  /** Every account in which the person has sessions, or may begin one. */
  accounts(): Promise<readonly string[]>;
  ask(question: GuardQuestion): Promise<GuardReply>;
}

/**
 * Accounts in which sessions of requests of a person may live still. Where the last assignment of a permission set was taken away,
 * Identity Center does not name the account any more, and the sessions are the very ones a lock is for.
 *
 * @param now ISO 8601
 */
export async function accountsWithSessions(
  principalId: string,
  requests: Pick<RequestStore, 'inStates'>,
  now: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const endsFrom = after(now, -LATEST_LIVE_SECONDS);
  for await (const request of requests.inStates(WITH_SESSIONS, { endsFrom })) {
    const { target, requester } = request;
    if (requester.principalId === principalId && !isGroupTarget(target) && credentialsUntil(request) > now)
      found.add(target.accountId);
  }
  return [...found];
}

/** In these an assignment was there, or may have been. */
const WITH_SESSIONS: readonly RequestState[] = ['granting', 'active', 'ending', 'ended', 'reported', 'failed'];

/** What became of a person's sessions in one account. */
export interface LockedAccount {
  readonly accountId: string;
  readonly outcome: 'done' | 'unguarded' | 'failed';
  /** Why it failed. */
  readonly why?: string;
}

const WHY = {
  edited: 'somebody has edited the policy SessionGuard by hand',
  grants: 'somebody has edited the policy SessionGuardAttached by hand, and it grants something',
  full: 'the policy SessionGuard has no room left',
} as const;

/**
 * Denies every session of a person in every account, or no longer does: those of standing access and of every permission set with
 * a guard, begun before and after. Yields each account as it is dealt with; one that fails keeps none of the others.
 */
export async function* lockSessions(
  principalId: string,
  locked: boolean,
  services: LockSessionsServices,
): AsyncIterable<LockedAccount> {
  for (const accountId of await services.accounts()) {
    try {
      const reply = await services.ask({ ask: 'lock', accountId, principalId, locked });
      const change = 'change' in reply ? reply.change : 'unguarded';
      if (change === 'in-force') yield { accountId, outcome: 'done' };
      else if (change === 'unguarded') yield { accountId, outcome: 'unguarded' };
      else yield { accountId, outcome: 'failed', why: WHY[change] };
    } catch (error) {
      yield { accountId, outcome: 'failed', why: error instanceof Error ? error.message : 'unknown error' };
    }
  }
}
