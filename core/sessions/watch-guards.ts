import { compareText } from '../model/text.ts';
import type { ChangeGuardServices } from './change-guard.ts';
import { lookAt } from './operate-guard.ts';
import type { Boundaries } from './ports.ts';

export interface WatchGuardsServices extends Pick<ChangeGuardServices, 'guards' | 'attachedGuards'> {
  readonly boundaries: Pick<Boundaries, 'accountsOf'>;
  /** ARNs of the permission sets that may have the guard attached. */
  readonly attachedSets: readonly string[];
}

/** What a look at the attached guards found. */
export interface WatchedGuards {
  /** Accounts that were looked at. */
  readonly accounts: number;
  /** Accounts whose attached guard allows something, which it gives to everybody who has the permission set there. */
  readonly granting: readonly string[];
  /** Accounts whose attached guard is edited without that: what was cut there may work again, and nothing more is cut. */
  readonly edited: readonly string[];
  /** Accounts that have none, so that it cannot be attached to a set there either. */
  readonly missing: readonly string[];
  /** Accounts that could not be looked at. */
  readonly unseen: readonly string[];
  /** ARNs of permission sets whose accounts Identity Center did not name. */
  readonly unseenSets: readonly string[];
}

/** Accounts are looked at so many at once: each is three calls to a service of its own. */
const AT_ONCE = 10;

/**
 * Looks at the guard in each account where it is attached to a permission set, without waiting for a cut: whoever steals the right
 * to write such a policy can give by it, from that moment on. What cannot be looked at is said, and hides nothing else.
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
