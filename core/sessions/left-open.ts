import type { GuardDesk, NamedSet } from './guard-permission-sets.ts';
import type { GuardForm, GuardNames } from './guard-policy.ts';
import type { GuardChanges } from './operate-guard.ts';

/**
 * Sessions of one permission set that a lock does not deny, why, and their accounts; none if these could not be read.
 */
export interface LeftOpen {
  readonly set: NamedSet;
  readonly why: string;
  readonly accounts: readonly string[];
}

export interface LeftOpenServices {
  readonly desk: Pick<GuardDesk, 'boundaryOf' | 'isAttached' | 'outdatedIn'>;
  /** The outcome for the guards of each account that answered; other accounts are missing. */
  readonly changes: ReadonlyMap<string, GuardChanges>;
  /** The deployment's names of the guard policies. */
  readonly policies: GuardNames['policies'];
}

/**
 * A lock is written into the guards of an account, and denies only sessions of permission sets that have one of these
 * guards there. Yields the permission sets without a guard, or with one that does not deny.
 *
 * @param places permission sets with the accounts in which the person may have sessions of them
 */
export async function* leftOpen(
  places: readonly { readonly set: NamedSet; readonly accounts: readonly string[] }[],
  { desk, changes, policies }: LeftOpenServices,
): AsyncIterable<LeftOpen> {
  const outdated = new Map<string, readonly string[]>();
  async function whyIn(accountId: string, { arn }: NamedSet, form: GuardForm): Promise<string | undefined> {
    const seen = outdated.get(accountId) ?? (await desk.outdatedIn(accountId));
    outdated.set(accountId, seen);
    if (seen.includes(arn))
      return 'the account has an older version of it, without its guard; glasshammer guard attach';
    const { name } = policies[form];
    switch (changes.get(accountId)?.[form]) {
      case 'in-force':
        return undefined;
      case 'unguarded':
        return `the account has no policy ${name} that Glasshammer may write`;
      default:
        return `the policy ${name} of the account does not deny them`;
    }
  }
  for (const { set, accounts } of places) {
    const why = new Map<string, string[]>();
    const note = (reason: string, accountId: string) => why.set(reason, [...(why.get(reason) ?? []), accountId]);
    try {
      const form = await formOf(set, desk);
      for (const accountId of accounts) {
        const reason = form === undefined ? NO_GUARD : await whyIn(accountId, set, form);
        if (reason !== undefined) note(reason, accountId);
      }
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      yield { set, why: `nobody could see whether it has the guard (${name})`, accounts };
      continue;
    }
    for (const [reason, there] of why) yield { set, why: reason, accounts: there };
  }
}

const NO_GUARD = 'it has no guard';

async function formOf({ arn }: NamedSet, desk: LeftOpenServices['desk']): Promise<GuardForm | undefined> {
  const boundary = await desk.boundaryOf(arn);
  if ('state' in boundary && boundary.state === 'guard') return 'boundary';
  return (await desk.isAttached(arn)) ? 'attached' : undefined;
}
