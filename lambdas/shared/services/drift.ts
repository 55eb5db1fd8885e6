import type { Givable, Removable } from '../../../core/access/lease/removable.ts';
import type { DriftScope } from '../../../core/drift/ports.ts';
import { createDriftStore } from '../../../gateways/dynamodb/drift-store.ts';
import { createLeaseWatch } from '../../../gateways/dynamodb/leases/lease-watch.ts';
import { createMadeBook } from '../../../gateways/dynamodb/leases/made-book.ts';
import type { Settings } from '../settings.ts';
import { documentClient, leaseStore } from './tables.ts';

export function driftStore({ requestTable }: { readonly requestTable: string }) {
  return createDriftStore({ client: documentClient(), tableName: requestTable });
}

export function leaseWatch(environment: { readonly requestTable: string }) {
  return createLeaseWatch({
    client: documentClient(),
    tableName: environment.requestTable,
    leases: leaseStore(environment),
  });
}

export function madeBook({ requestTable }: { readonly requestTable: string }) {
  return createMadeBook({ client: documentClient(), tableName: requestTable });
}

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
export function givenIn({ accounts, notGivenIn = [] }: Settings): (accountId: string) => boolean {
  return (id) => (accounts.includes('*') || accounts.includes(id)) && !notGivenIn.includes(id);
}

/** What the roles may take back is the same, without the accounts in which no right reaches that far. */
export function removableBy(settings: Settings): Removable {
  const { excludedAccounts } = settings;
  return { ...driftScope(settings), ...(excludedAccounts === undefined ? {} : { excludedAccounts }) };
}
