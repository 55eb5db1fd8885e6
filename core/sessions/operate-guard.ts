import { alteration, type ChangeGuardServices, changeGuard, type GuardChange, guardsOf } from './change-guard.ts';
import { type GuardForm, readGuardDocument, withLock } from './guard-policy.ts';

/** An operator's question about the session guard of one account. */
export type GuardQuestion =
  | {
      readonly ask: 'look';
      readonly accountId: string;
      /**
       * Name of a permission set with the guard attached, now or in future; then the policy of that form is looked at.
       */
      readonly attachedTo?: string;
    }
  | { readonly ask: 'lock'; readonly accountId: string; readonly principalId: string; readonly locked: boolean };

/**
 * The state of a guard policy in an account: `there`, `missing` (the policy or its role), or `edited` by hand; `grants`
 * where an attached one was edited so that it allows something. `unnamed`: the configuration does not opt the
 * permission set into the attached form.
 */
export type PolicyState = 'there' | 'missing' | 'edited' | 'grants' | 'unnamed';

export interface OperateGuardServices extends ChangeGuardServices {
  /** Names of the permission sets for which the configuration opts into the attached form. */
  readonly attachedTo: readonly string[];
  /** Operators' locks of people, and whether one is being lifted. */
  readonly people: { get(principalId: string): Promise<{ readonly isLifting?: true } | undefined> };
}

/** The outcome of a change in each of an account's two policies. */
export type GuardChanges = Readonly<Record<GuardForm, Exclude<GuardChange, 'busy'>>>;

/** The answer to `lock`: the outcome in each policy, and the worst of both. */
export interface LockReply {
  readonly change: Exclude<GuardChange, 'busy'>;
  readonly changes: GuardChanges;
}

/**
 * The refusal of a question that contradicts the stored lock: a caller who may only start executions must not be able
 * to lock or unlock a person.
 */
export interface LockRefused {
  readonly refused: 'locked' | 'not-locked';
}

/** The answer to a question; for `look`, the state of the policy. */
export type GuardReply = { readonly policy: PolicyState } | LockReply | LockRefused;

/**
 * Answers an operator's question.
 *
 * @throws GuardBusyError while another run writes the policy; any error of IAM, STS or the locks. The workflow tries
 * again.
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
  // A locked person is denied in both forms, whatever permission set they use. The changes run one after the other, as
  // both policies have the same lock; a failure of the first does not prevent the second.
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

/** The outcome of both policies in one word is the first of these that occurs. */
const WORST_FIRST = ['grants', 'edited', 'full', 'in-force', 'unguarded'] as const;

/** The state of a form's policy in an account. @throws any error of IAM or STS */
export async function lookAt(
  accountId: string,
  form: GuardForm,
  services: Pick<ChangeGuardServices, 'guards' | 'attachedGuards'>,
): Promise<PolicyState> {
  const seen = await guardsOf(form, services)?.read(accountId);
  if (seen === undefined) return 'missing';
  return readGuardDocument(seen.document, form) === undefined ? alteration(seen.document, form) : 'there';
}

/** Another run writes the same policy at this moment. Retry. */
class GuardBusyError extends Error {
  override readonly name = 'GuardBusyError';
}
