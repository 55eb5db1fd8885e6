import { alteration, type ChangeGuardServices, changeGuard, type GuardChange, guardsOf } from './change-guard.ts';
import { type GuardForm, readGuardDocument, withLock } from './guard-policy.ts';

/** What an operator asks about the session guard of one account. */
export type GuardQuestion =
  | {
      readonly ask: 'look';
      readonly accountId: string;
      /** Name of a permission set that has the guard attached, or shall have: the policy of that form is looked at. */
      readonly attachedTo?: string;
    }
  | { readonly ask: 'lock'; readonly accountId: string; readonly principalId: string; readonly locked: boolean };

/**
 * How a guard policy of an account stands: `there`, `missing` with its role, or `edited` by hand; `grants` where an attached one was
 * edited so that it allows something. `unnamed`: the configuration does not opt into the attached form for that permission set.
 */
export type PolicyState = 'there' | 'missing' | 'edited' | 'grants' | 'unnamed';

export interface OperateGuardServices extends ChangeGuardServices {
  /** Names of the permission sets for which the configuration opts into the attached form. */
  readonly attachedTo: readonly string[];
}

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
  services: OperateGuardServices,
): Promise<GuardReply> {
  const { accountId } = question;
  if (question.ask === 'look') {
    const { attachedTo } = question;
    if (attachedTo === undefined) return { policy: await lookAt(accountId, 'boundary', services) };
    if (!services.attachedTo.includes(attachedTo)) return { policy: 'unnamed' };
    return { policy: await lookAt(accountId, 'attached', services) };
  }
  const { principalId, locked } = question;
  const changes: GuardChange[] = [];
  // Whoever is locked is locked under every permission set of the account, whichever form its guard has.
  for (const form of ['boundary', 'attached'] as const)
    changes.push(
      await changeGuard(accountId, form, holder, (policy) => withLock(policy, principalId, locked), services),
    );
  const change = WORST_FIRST.find((one) => changes.includes(one)) ?? 'unguarded';
  if (change === 'busy') throw new GuardBusyError(`the session guard of ${accountId} is being written`);
  return { change };
}

/** What one account is told of both its policies. */
const WORST_FIRST: readonly GuardChange[] = ['busy', 'grants', 'edited', 'full', 'in-force', 'unguarded'];

/** How the policy of a form stands in an account. @throws whatever IAM or STS throws */
export async function lookAt(
  accountId: string,
  form: GuardForm,
  services: Pick<ChangeGuardServices, 'guards' | 'attachedGuards'>,
): Promise<PolicyState> {
  const seen = await guardsOf(form, services)?.read(accountId);
  if (seen === undefined) return 'missing';
  return readGuardDocument(seen.document, form) === undefined ? alteration(seen.document, form) : 'there';
}

/** Somebody else writes the same policy at this moment. Retry. */
class GuardBusyError extends Error {
  override readonly name = 'GuardBusyError';
}
