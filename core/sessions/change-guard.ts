import {
  deniesOnly,
  fitsIam,
  type GuardForm,
  type GuardPolicy,
  guardDocument,
  readGuardDocument,
  withoutExpired,
} from './guard-policy.ts';
import type { GuardLocks, GuardPolicies } from './ports.ts';

export interface ChangeGuardServices {
  readonly guards: GuardPolicies;
  /** The policies of the attached form; absent where the configuration opts into none. */
  readonly attachedGuards?: GuardPolicies;
  readonly locks: GuardLocks;
  readonly now: () => Date;
}

/**
 * What became of a change of one account's guard policy.
 * - `in-force`: it was read back after it was written.
 * - `unguarded`: the account has no guard.
 * - `edited`: somebody has changed the policy by hand; it is never overwritten.
 * - `grants`: the same, of an attached policy that now allows something, and so gives it to everybody who has the permission set.
 * - `full`: the policy has no room; entries go when their sessions have run out.
 * - `busy`: somebody else is writing, or wrote in between; try again.
 */
export type GuardChange = 'in-force' | 'unguarded' | 'edited' | 'grants' | 'full' | 'busy';

/** Longer than the function that holds a lock lives, so that a lock outlives nobody who still writes. */
const LOCK_SECONDS = 120;

/**
 * Changes an account's guard policy: reads, merges, writes, and reads again what is in force. A change that is in force already is
 * not written again, so running it twice is harmless.
 *
 * @param form which of the account's two policies; both have the same lock
 * @param holder who holds the lock; unique to the run
 * @param change from the policy in force, without the entries that have run out, to the one wanted
 * @param spare characters that it has to leave of what IAM takes
 * @throws whatever IAM, STS or the locks throw, for the caller to retry
 */
export async function changeGuard(
  accountId: string,
  form: GuardForm,
  holder: string,
  change: (policy: GuardPolicy) => GuardPolicy,
  services: ChangeGuardServices,
  spare = 0,
): Promise<GuardChange> {
  const { locks, now } = services;
  const guards = guardsOf(form, services);
  if (guards === undefined) return 'unguarded';
  const at = now();
  const until = new Date(at.getTime() + LOCK_SECONDS * 1000).toISOString();
  if (!(await locks.take(accountId, holder, at.toISOString(), until))) return 'busy';
  try {
    return await readMergeWrite(accountId, form, change, { guards, now }, spare);
  } finally {
    // A lock that cannot be given back ends by itself.
    await locks.release(accountId, holder).catch(() => undefined);
  }
}

/** The policies of a form; `undefined` where the configuration does not know it. */
export function guardsOf(
  form: GuardForm,
  { guards, attachedGuards }: Pick<ChangeGuardServices, 'guards' | 'attachedGuards'>,
): GuardPolicies | undefined {
  return form === 'boundary' ? guards : attachedGuards;
}

/** What somebody has made of a policy that is not as we write it. */
export function alteration(document: string, form: GuardForm): 'edited' | 'grants' {
  // A boundary grants nothing, whatever it says.
  return form === 'boundary' || deniesOnly(document) ? 'edited' : 'grants';
}

async function readMergeWrite(
  accountId: string,
  form: GuardForm,
  change: (policy: GuardPolicy) => GuardPolicy,
  { guards, now }: Pick<ChangeGuardServices, 'guards' | 'now'>,
  spare: number,
): Promise<GuardChange> {
  const seen = await guards.read(accountId);
  if (seen === undefined) return 'unguarded';
  const policy = readGuardDocument(seen.document, form);
  if (policy === undefined) return alteration(seen.document, form);
  const wanted = change(withoutExpired(policy, now().toISOString()));
  const document = guardDocument(wanted);
  if (document === seen.document) return 'in-force';
  if (!fitsIam(wanted, spare)) return 'full';
  await guards.write(accountId, document);
  // IAM answers before every reader sees the new version, and somebody without our lock may have written another one.
  const inForce = await guards.read(accountId);
  return inForce?.document === document ? 'in-force' : 'busy';
}
