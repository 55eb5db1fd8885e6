import { type ChangeGuardServices, changeGuard, type GuardChange } from './change-guard.ts';
import { readGuardDocument, withLock } from './guard-policy.ts';
import type { GuardPolicies } from './ports.ts';

/** What an operator asks about the session guard of one account. */
export type GuardQuestion =
  | { readonly ask: 'look'; readonly accountId: string }
  | { readonly ask: 'lock'; readonly accountId: string; readonly principalId: string; readonly locked: boolean };

/** How the policy of an account stands: `there`, `missing` with its role, or `edited` by hand. */
export type PolicyState = 'there' | 'missing' | 'edited';

/** Of a look: how the policy stands. Of a lock: what became of the change. */
export type GuardReply = { readonly policy: PolicyState } | { readonly change: Exclude<GuardChange, 'busy'> };

/**
 * Answers an operator.
 *
 * @throws GuardBusyError while somebody else writes the policy; whatever IAM, STS or the locks throw. The workflow tries again.
 */
export async function operateGuard(
  question: GuardQuestion,
  holder: string,
  services: ChangeGuardServices,
): Promise<GuardReply> {
  const { accountId } = question;
  if (question.ask === 'look') return { policy: await lookAt(accountId, services.guards) };
  const { principalId, locked } = question;
  const change = await changeGuard(accountId, holder, (policy) => withLock(policy, principalId, locked), services);
  if (change === 'busy') throw new GuardBusyError(`the session guard of ${accountId} is being written`);
  return { change };
}

async function lookAt(accountId: string, guards: Pick<GuardPolicies, 'read'>): Promise<PolicyState> {
  const seen = await guards.read(accountId);
  if (seen === undefined) return 'missing';
  return readGuardDocument(seen.document) === undefined ? 'edited' : 'there';
}

/** Somebody else writes the same policy at this moment. Retry. */
class GuardBusyError extends Error {
  override readonly name = 'GuardBusyError';
}
