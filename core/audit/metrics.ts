import type { AuditEvent } from './audit-event.ts';
import type { DeliveredEvent } from './deliver-changes.ts';
import type { FactType } from './event-types.ts';
import { records, type StoredItem, text } from './stored-item.ts';

/** How a request came out, as the metrics count it. */
export type Outcome = 'granted' | 'refused' | 'denied' | 'expired' | 'cancelled' | 'failed';

/** A metric value that one event of a request yields. */
export type MetricValue =
  | { readonly kind: 'requested' }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** From the moment nothing stood in the way (asked, approved or due to start) until access was granted. */
  | { readonly kind: 'time-to-access'; readonly seconds: number }
  /** From the end of the access, planned or earlier, until the access was removed. */
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

/** Does the event report that history was removed or rewritten, or that a field changed without an event? */
export function isTampering({ type }: AuditEvent): boolean {
  return TAMPERING.includes(type);
}

/** The metric values of one event, computed with the request's item as it was written with the event. */
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
  // The clocks of two functions may differ a little: a negative time counts as zero.
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
