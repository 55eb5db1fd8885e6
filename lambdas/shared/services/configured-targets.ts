import { type Givable, type Removable, reachesAccount } from '../../../core/access/lease/revoke/removable.ts';
import type { DriftScope } from '../../../core/drift/ports.ts';
import type { Settings } from '../settings.ts';

/** What Glasshammer may assign, or could once and people may still hold, is what it watches. */
export function driftScope({ accounts, permissionSets, groups, retired }: Settings): DriftScope {
  return {
    accounts: accounts.includes('*') ? '*' : [...accounts, ...(retired?.accounts ?? [])],
    permissionSets: [...permissionSets, ...(retired?.permissionSets ?? [])],
    groups: [...groups, ...(retired?.groups ?? [])],
  };
}

/** What the roles may give. */
export function givableBy({ accounts, notGivenIn, permissionSets, groups }: Settings): Givable {
  return {
    accounts: accounts.includes('*') ? '*' : [...accounts],
    ...(notGivenIn === undefined ? {} : { excludedAccounts: notGivenIn }),
    permissionSets,
    groups,
  };
}

/** In which accounts they may give it. */
export function givenIn(settings: Settings): (accountId: string) => boolean {
  const givable = givableBy(settings);
  return (id) => reachesAccount(givable, id);
}

/** What the roles may take back is the same, without the accounts in which no right reaches that far. */
export function removableBy(settings: Settings): Removable {
  const { excludedAccounts } = settings;
  return { ...driftScope(settings), ...(excludedAccounts === undefined ? {} : { excludedAccounts }) };
}
