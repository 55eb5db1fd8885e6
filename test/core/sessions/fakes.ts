import { guardDocument, OPEN_GUARD } from '../../../core/sessions/guard-policy.ts';
import type { KnownLock } from '../../../core/sessions/lock-person.ts';
import type { GuardLocks, GuardPolicies } from '../../../core/sessions/ports.ts';

/** An account's guard policy in memory, with hooks for what goes wrong. */
export function createGuards(documents: Record<string, string> = { '123456789012': guardDocument(OPEN_GUARD) }) {
  const writes: { accountId: string; document: string }[] = [];
  const guards: GuardPolicies & { beforeWrite?: () => void; afterWrite?: () => void } = {
    async read(accountId) {
      const document = documents[accountId];
      return document === undefined ? undefined : { versionId: `v${writes.length + 1}`, document };
    },
    async write(accountId, document) {
      guards.beforeWrite?.();
      documents[accountId] = document;
      writes.push({ accountId, document });
      guards.afterWrite?.();
    },
  };
  return { guards, documents, writes };
}

/** Locks in memory. */
export function createLocks(): GuardLocks & { readonly held: Map<string, { holder: string; until: string }> } {
  const held = new Map<string, { holder: string; until: string }>();
  return {
    held,
    async take(accountId, holder, now, until) {
      const other = held.get(accountId);
      if (other !== undefined && other.holder !== holder && other.until > now) return false;
      held.set(accountId, { holder, until });
      return true;
    },
    async release(accountId, holder) {
      if (held.get(accountId)?.holder === holder) held.delete(accountId);
    },
  };
}

/** The stored locks of these people. Each person is locked, unless a test changes `locked`. */
export function createPeople(...principalIds: readonly string[]) {
  const locked = new Map<string, { readonly isLifting?: true }>(principalIds.map((id) => [id, {}]));
  return {
    locked,
    async get(principalId: string): Promise<KnownLock | undefined> {
      const lock = locked.get(principalId);
      return (
        lock && { by: 'cli:olga', at: '2026-01-05T09:00:00.000Z', reason: 'a stolen laptop', accounts: [], ...lock }
      );
    },
  };
}
