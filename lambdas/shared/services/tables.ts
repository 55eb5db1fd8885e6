import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClientOver } from '../../../gateways/dynamodb/document-client.ts';
import { createAccessStore } from '../../../gateways/dynamodb/leases/access-store.ts';
import { createHoldStore } from '../../../gateways/dynamodb/leases/hold-store.ts';
import { createLeaseStore } from '../../../gateways/dynamodb/leases/lease-store.ts';
import { createPolicyStore } from '../../../gateways/dynamodb/policies/policy-store.ts';
import { createRecordList } from '../../../gateways/dynamodb/policies/record-list.ts';
import { createRequestStore } from '../../../gateways/dynamodb/requests/request-store.ts';
import { createReviewStore } from '../../../gateways/dynamodb/requests/review-store.ts';
import { createUsageStore } from '../../../gateways/dynamodb/requests/usage-store.ts';
import { log } from '../log.ts';
import { METRICS } from '../monitoring/metric-catalog.ts';
import { count } from '../monitoring/metrics.ts';
import { once } from '../once.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';

/** The document client of this function. */
export const documentClient = once(() => documentClientOver(new DynamoDBClient(AWS_CALLS)));

/** Reports an item that is full. Glasshammer itself never fills an item, so this counts as tampering. */
export function tellOfFullItem(id: string, attributes: readonly string[]): void {
  count(METRICS.tampered);
  log('records.full-item', { id, attributes: attributes.slice(0, MOST_NAMED).join(' ') });
}

/** How many attributes of a full item are logged. */
const MOST_NAMED = 20;

export function requestStore(environment: { readonly requestTable: string }) {
  return createRequestStore({
    client: documentClient(),
    tableName: environment.requestTable,
    now: systemNow,
    onFull: tellOfFullItem,
  });
}

export function leaseStore(environment: { readonly requestTable: string }) {
  return createLeaseStore({
    client: documentClient(),
    tableName: environment.requestTable,
    now: systemNow,
    onFull: tellOfFullItem,
  });
}

export function accessStore(environment: { readonly requestTable: string }) {
  return createAccessStore({ client: documentClient(), tableName: environment.requestTable });
}

export function holdStore(environment: { readonly requestTable: string }) {
  return createHoldStore({ client: documentClient(), tableName: environment.requestTable, now: systemNow });
}

export function usageStore(environment: { readonly requestTable: string }) {
  return createUsageStore({ client: documentClient(), tableName: environment.requestTable });
}

export function reviewStore(environment: { readonly requestTable: string }) {
  return createReviewStore({ client: documentClient(), tableName: environment.requestTable });
}

export function policyStore(environment: { readonly accessTable: string; readonly requestTable: string }) {
  return createPolicyStore({ client: documentClient(), ...environment, now: systemNow });
}

export function recordList(environment: { readonly accessTable: string }) {
  return createRecordList({ client: documentClient(), ...environment, now: systemNow });
}
