import type { DriftScope } from '../../../core/drift/ports.ts';
import { createDriftStore } from '../../../gateways/dynamodb/drift-store.ts';
import { createLeaseWatch } from '../../../gateways/dynamodb/leases/lease-watch.ts';
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

/** What Glasshammer may assign is what it watches. */
export function driftScope({ accounts, permissionSets, groups }: Settings): DriftScope {
  return { accounts: accounts.includes('*') ? '*' : accounts, permissionSets, groups };
}
