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
  /** The policies of the attached form; absent where no permission set is opted in. */
  readonly attachedGuards?: GuardPolicies;
  readonly locks: GuardLocks;
  readonly now: () => Date;
}

/**
 * The outcome of a change of one account's guard policy.
 * - `in-force`: it was read back after it was written.
 * - `unguarded`: the account has no guard.
 * - `edited`: the policy was edited by hand; it is never overwritten.
 * - `grants`: an attached policy was edited by hand and now allows something, which it grants to everybody with the
 * permission set.
 * - `full`: the policy has no room; entries are removed when their sessions have expired.
 * - `busy`: another run is writing, or wrote in between; try again.
 */
export type GuardChange = 'in-force' | 'unguarded' | 'edited' | 'grants' | 'full' | 'busy';

/** Longer than the function can run, so that a lock never expires while its holder may still write. */
const LOCK_SECONDS = 120;

/**
 * Changes an account's guard policy: reads, merges, writes, and reads again what is in force. A change that is in force
 * already is not written again, so running it twice is harmless.
 *
 * @param form which of the account's two policies; both have the same lock
 * @param holder who holds the lock; unique to the run
 * @param change from the policy in force, without expired cuts, to the wanted one
 * @param spare characters of IAM's limit that must stay free
 * @throws any error of IAM, STS or the locks, for the caller to retry
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
    // A lock that cannot be released expires by itself.
    await locks.release(accountId, holder).catch(() => undefined);
  }
}

/** The policies of a form; `undefined` where the configuration does not have it. */
export function guardsOf(
  form: GuardForm,
  { guards, attachedGuards }: Pick<ChangeGuardServices, 'guards' | 'attachedGuards'>,
): GuardPolicies | undefined {
  return form === 'boundary' ? guards : attachedGuards;
}

/** The outcome for a policy that Glasshammer would not have written: `grants` if an attached one allows something. */
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
  // IAM answers before every reader sees the new version, and a writer without the lock may have written another one.
  const inForce = await guards.read(accountId);
  return inForce?.document === document ? 'in-force' : 'busy';
}
