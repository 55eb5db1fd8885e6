import { createDriftStore } from '../../../gateways/dynamodb/drift-store.ts';
import { createLeaseWatch } from '../../../gateways/dynamodb/leases/lease-watch.ts';
import { createMadeStore } from '../../../gateways/dynamodb/leases/made-store.ts';
import { documentClient, leaseStore, tellOfFullItem } from './tables.ts';

export function driftStore({ requestTable }: { readonly requestTable: string }) {
  return createDriftStore({ client: documentClient(), tableName: requestTable });
}

export function leaseWatch(environment: { readonly requestTable: string }) {
  return createLeaseWatch({
    client: documentClient(),
    tableName: environment.requestTable,
    leases: leaseStore(environment),
    onFull: tellOfFullItem,
  });
}

export function madeStore({ requestTable }: { readonly requestTable: string }) {
  return createMadeStore({ client: documentClient(), tableName: requestTable, onFull: tellOfFullItem });
}
