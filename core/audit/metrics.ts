import type { AuditEvent } from './audit-event.ts';
import type { DeliveredEvent } from './deliver-changes.ts';
import type { FactType } from './event-types.ts';
import { records, type StoredItem, text } from './stored-item.ts';

/** How often requests came out one way or another. */
export type Outcome = 'granted' | 'refused' | 'denied' | 'expired' | 'cancelled' | 'failed';

/** A number that one event of a request gives. */
export type MetricValue =
  | { readonly kind: 'requested' }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** From the moment nothing stood in the way (asked, approved or due to start) until access was there. */
  | { readonly kind: 'time-to-access'; readonly seconds: number }
  /** From the end, planned or earlier, until access was gone. */
  | { readonly kind: 'time-to-removed'; readonly seconds: number };

const OUTCOMES: readonly string[] = [
  'granted',
  'refused',
  'denied',
  'expired',
  'cancelled',
  'failed',
] satisfies Outcome[];

const TAMPERING: readonly string[] = ['history-removed', 'history-rewritten', 'silent-edit'] satisfies FactType[];

/** History was removed or rewritten, or something changed without a word of it. */
export function isTampering({ type }: AuditEvent): boolean {
  return TAMPERING.includes(type);
}

/** The numbers one event gives, seen with the request as it was when the event was written. */
export function metricsOf({ event, change }: DeliveredEvent): MetricValue[] {
  const { type, at } = event;
  if (event.requestId === undefined || change.after === undefined) return [];
  if (type === 'requested') return [{ kind: 'requested' }];
  const outcome: MetricValue[] = OUTCOMES.includes(type) ? [{ kind: 'outcome', outcome: type as Outcome }] : [];
  if (type === 'granted') return [...outcome, ...took('time-to-access', clearedAt(change.after), at)];
  if (type === 'ended') return took('time-to-removed', endOf(change.after), at);
  return outcome;
}

function took(kind: 'time-to-access' | 'time-to-removed', from: string | undefined, to: string): MetricValue[] {
  if (from === undefined) return [];
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  // Clocks of two functions may differ by a little; less than nothing is nothing.
  return Number.isFinite(seconds) ? [{ kind, seconds: Math.max(0, seconds) }] : [];
}

function clearedAt(item: StoredItem): string | undefined {
  const at = (type: string) => lastAt(item, type);
  return at('scheduled') === undefined ? (at('approved') ?? at('requested')) : at('granting');
}

function endOf(item: StoredItem): string | undefined {
  const planned = text(item.endsAt);
  const asked = lastAt(item, 'ending');
  return planned !== undefined && asked !== undefined && planned < asked ? planned : asked;
}

function lastAt(item: StoredItem, type: string): string | undefined {
  return text(records(item.events).findLast((event) => event.type === type)?.at);
}
