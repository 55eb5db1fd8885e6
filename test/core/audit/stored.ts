import type { StoredChange, StoredItem } from '../../../core/audit/stored-item.ts';
import { toItem } from '../../../gateways/dynamodb/requests/request-item.ts';
import { aRequest, NOON } from '../access/requests.ts';

/** An event as a request's history holds it, so many minutes after noon. */
export function anEvent(type: string, minutes = 0, more: Record<string, string> = {}): StoredItem {
  return { type, at: new Date(Date.parse(NOON) + minutes * 60_000).toISOString(), by: 'glasshammer', ...more };
}

/** Ana's request as it is stored, with this history. */
export function stored(events: readonly StoredItem[], overrides: StoredItem = {}): StoredItem {
  return { ...toItem(aRequest('active')), tokens: { hold: 'secret-token' }, events, ...overrides };
}

let sequence = 0;

/** A write as the table's stream reports it. A new request is written as approved, for none is created as active. */
export function change(before: StoredItem | undefined, after: StoredItem | undefined): StoredChange {
  sequence += 1;
  const isNew = before === undefined && after?.state === 'active';
  return {
    sequenceNumber: String(sequence).padStart(21, '0'),
    at: '2026-01-05T12:30:00.000Z',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after: isNew ? { ...after, state: 'approved' } : after }),
  };
}
