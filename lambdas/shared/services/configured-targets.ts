import { type Givable, type Removable, reachesAccount } from '../../../core/access/lease/revoke/removable.ts';
import type { DriftScope } from '../../../core/drift/ports.ts';
import type { Settings } from '../settings.ts';

/**
 * The targets that drift detection watches: those Glasshammer may assign, and retired ones that people may still hold.
 */
export function driftScope({ accounts, permissionSets, groups, retired }: Settings): DriftScope {
  return {
    accounts: accounts.includes('*') ? '*' : [...accounts, ...(retired?.accounts ?? [])],
    permissionSets: [...permissionSets, ...(retired?.permissionSets ?? [])],
    groups: [...groups, ...(retired?.groups ?? [])],
  };
}

/** The targets that Glasshammer may give. */
export function givableBy({ accounts, notGivenIn, permissionSets, groups }: Settings): Givable {
  return {
    accounts: accounts.includes('*') ? '*' : [...accounts],
    ...(notGivenIn === undefined ? {} : { excludedAccounts: notGivenIn }),
    permissionSets,
    groups,
  };
}

/** Whether Glasshammer may give access in an account. */
export function givenIn(settings: Settings): (accountId: string) => boolean {
  const givable = givableBy(settings);
  return (id) => reachesAccount(givable, id);
}

/** The targets that Glasshammer may remove: the watched ones, except in accounts where its roles have no rights. */
export function removableBy(settings: Settings): Removable {
  const { excludedAccounts } = settings;
  return { ...driftScope(settings), ...(excludedAccounts === undefined ? {} : { excludedAccounts }) };
}
