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
  /** The locks that operators have made, and whether one has begun to lift them. */
  readonly people: { get(principalId: string): Promise<{ readonly isLifting?: true } | undefined> };
}

/** What became of a change in each of an account's two policies. */
export type GuardChanges = Readonly<Record<GuardForm, Exclude<GuardChange, 'busy'>>>;

/** Of a lock: what became of the change, in each policy, and the worst of both in one word. */
export interface LockReply {
  readonly change: Exclude<GuardChange, 'busy'>;
  readonly changes: GuardChanges;
}

/** A guard says what operators have written down of a lock; whoever asks for something else may only start executions. */
export interface LockRefused {
  readonly refused: 'locked' | 'not-locked';
}

/** Of a look: how the policy stands. */
export type GuardReply = { readonly policy: PolicyState } | LockReply | LockRefused;

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
  const lock = await services.people.get(principalId);
  if (locked !== (lock !== undefined && lock.isLifting !== true)) return { refused: locked ? 'not-locked' : 'locked' };
  const turn = (form: GuardForm) =>
    changeGuard(accountId, form, holder, (policy) => withLock(policy, principalId, locked), services);
  // Whoever is locked is locked under every permission set of the account, whichever form its guard has. One after the other, for both
  // have the same lock; and one that fails keeps the other from nothing.
  const [boundary] = await Promise.allSettled([turn('boundary')]);
  const attached = await turn('attached');
  if (boundary.status === 'rejected') throw boundary.reason;
  const changes = { boundary: boundary.value, attached };
  if (!isSettled(changes)) throw new GuardBusyError(`the session guard of ${accountId} is being written`);
  return { change: WORST_FIRST.find((one) => Object.values(changes).includes(one)) ?? 'unguarded', changes };
}

function isSettled(changes: Readonly<Record<GuardForm, GuardChange>>): changes is GuardChanges {
  return !Object.values(changes).includes('busy');
}

/** What one account is told of both its policies. */
const WORST_FIRST = ['grants', 'edited', 'full', 'in-force', 'unguarded'] as const;

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
