/*
 * Days of whoever looks, for a filter that goes by instants. The end of a filter is the first instant that is not in it any more.
 */

/** Where a day begins; `undefined` for what is no day. @param day `2026-01-05` */
export function beginOf(day: string): string | undefined {
  const at = new Date(`${day}T00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** Where a day is over: the next one has begun, however long this one was. */
export function endOf(day: string): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + 1);
  return at.toISOString();
}

/** The day an instant is in; empty for none. */
export function dayOf(iso: string | null): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The last day that has an instant before this one. */
export function dayBefore(iso: string | null): string {
  const at = new Date(iso ?? '');
  return Number.isNaN(at.getTime()) ? '' : dayOf(new Date(at.getTime() - 1).toISOString());
}
