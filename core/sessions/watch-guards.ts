import { compareText } from '../model/text.ts';
import type { ChangeGuardServices } from './change-guard.ts';
import { lookAt } from './operate-guard.ts';
import type { Boundaries } from './ports.ts';

export interface WatchGuardsServices extends Pick<ChangeGuardServices, 'guards' | 'attachedGuards'> {
  readonly boundaries: Pick<Boundaries, 'accountsOf'>;
  /** ARNs of the permission sets that may have the guard attached. */
  readonly attachedSets: readonly string[];
}

/** The result of a look at the attached guards. */
export interface WatchedGuards {
  /** The number of accounts with the guard attached to a permission set. */
  readonly accounts: number;
  /** Accounts whose attached guard allows something, which it grants to everybody with the permission set there. */
  readonly granting: readonly string[];
  /**
   * Accounts whose attached guard was edited and allows nothing: cut sessions may work again, and no more can be cut.
   */
  readonly edited: readonly string[];
  /** Accounts without the policy, where the guard cannot be attached. */
  readonly missing: readonly string[];
  /** Accounts that could not be read. */
  readonly unseen: readonly string[];
  /** ARNs of permission sets whose accounts could not be read from Identity Center. */
  readonly unseenSets: readonly string[];
}

/** Accounts looked at concurrently. Each takes three calls, most of them to its own account's IAM. */
const AT_ONCE = 10;

/**
 * Looks at the guard in each account where it is attached to a permission set, without waiting for a cut: an attacker
 * who can write such a policy can grant rights through it at once. An account or set that cannot be read is listed, and
 * does not hide others.
 */
export async function watchGuards(services: WatchGuardsServices): Promise<WatchedGuards> {
  const accounts = new Set<string>();
  const unseenSets: string[] = [];
  for (const arn of services.attachedSets)
    try {
      for (const accountId of await services.boundaries.accountsOf(arn)) accounts.add(accountId);
    } catch {
      unseenSets.push(arn);
    }
  const all = [...accounts].sort(compareText);
  const states = new Map<string, Awaited<ReturnType<typeof lookAt>> | 'unseen'>();
  for (let from = 0; from < all.length; from += AT_ONCE)
    await Promise.all(
      all.slice(from, from + AT_ONCE).map(async (accountId) => {
        states.set(accountId, await lookAt(accountId, 'attached', services).catch(() => 'unseen' as const));
      }),
    );
  const having = (wanted: string) => all.filter((id) => states.get(id) === wanted);
  return {
    accounts: all.length,
    granting: having('grants'),
    edited: having('edited'),
    missing: having('missing'),
    unseen: having('unseen'),
    unseenSets,
  };
}
