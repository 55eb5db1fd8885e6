import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAccessStore } from '../../../gateways/dynamodb/access-store.ts';
import { documentClientOver } from '../../../gateways/dynamodb/document-client.ts';
import { createHoldStore } from '../../../gateways/dynamodb/hold-store.ts';
import { createLeaseStore } from '../../../gateways/dynamodb/lease-store.ts';
import { createPolicyStore } from '../../../gateways/dynamodb/policy-store.ts';
import { createRecordList } from '../../../gateways/dynamodb/record-list.ts';
import { createRequestStore } from '../../../gateways/dynamodb/request-store.ts';
import { createReviewStore } from '../../../gateways/dynamodb/review-store.ts';
import { createUsageStore } from '../../../gateways/dynamodb/usage-store.ts';
import { once } from '../once.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';

/** The document client of this function. */
export const documentClient = once(() => documentClientOver(new DynamoDBClient(AWS_CALLS)));

export function requestStore(environment: { readonly requestTable: string }) {
  return createRequestStore({ client: documentClient(), tableName: environment.requestTable, now: systemNow });
}

export function leaseStore(environment: { readonly requestTable: string }) {
  return createLeaseStore({ client: documentClient(), tableName: environment.requestTable, now: systemNow });
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
