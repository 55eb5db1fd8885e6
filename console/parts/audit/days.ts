/* Converts days in the reader's time zone to the instants that the filter is made of. A filter's end is exclusive. */

/** The instant a day begins; `undefined` for what is not a date. @param day `2026-01-05` */
export function beginOf(day: string): string | undefined {
  const at = new Date(`${day}T00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The instant the next day begins. With daylight saving time a day may have 23 or 25 hours. */
export function endOf(day: string): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + 1);
  return at.toISOString();
}

/** The day of an instant; empty for `null` or a malformed instant. */
export function dayOf(iso: string | null): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The last day that begins before this instant: the last day of a filter with this exclusive end. */
export function dayBefore(iso: string | null): string {
  const at = new Date(iso ?? '');
  return Number.isNaN(at.getTime()) ? '' : dayOf(new Date(at.getTime() - 1).toISOString());
}
