import type { GuardQuestion, GuardReply } from './operate-guard.ts';

/** Who turned a lock, when (ISO 8601) and why. */
export interface LockChange {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** Locks of people: while one is in force, every request of theirs is refused, at its next look. */
export interface LockStore {
  get(principalId: string): Promise<LockChange | undefined>;
  /** False when the person is locked already; the first lock stays. */
  lock(principalId: string, turn: LockChange): Promise<boolean>;
  /** False when the person was not locked. */
  unlock(principalId: string, turn: LockChange): Promise<boolean>;
}

export interface LockSessionsServices {
  /** Every account that a permission set is provisioned in. */
  accounts(): Promise<readonly string[]>;
  ask(question: GuardQuestion): Promise<GuardReply>;
}

/** What became of a person's sessions in one account. */
export interface LockedAccount {
  readonly accountId: string;
  readonly outcome: 'done' | 'unguarded' | 'failed';
  /** Why it failed. */
  readonly why?: string;
}

const WHY = {
  edited: 'somebody has edited the policy SessionGuard by hand',
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
      if (change === 'edited' || change === 'full') yield { accountId, outcome: 'failed', why: WHY[change] };
      else yield { accountId, outcome: change === 'in-force' ? 'done' : 'unguarded' };
    } catch (error) {
      yield { accountId, outcome: 'failed', why: error instanceof Error ? error.message : 'unknown error' };
    }
  }
}
