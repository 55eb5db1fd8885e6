/** `1 write`, `3 writes`, `no writes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${many}`;
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A whole number with commas: 12,345. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `2026-01-05 09:00:04 UTC`; an empty instant is a dash. */
export function instant(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? '–' : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A time range, the day named once when both ends share it: `2026-01-05 09:00:04 to 09:20:00 UTC`. */
export function range(first: string, last: string): string {
  if (first === last) return instant(first);
  const [from, to] = [instant(first), instant(last)];
  return from.slice(0, 10) === to.slice(0, 10) ? `${from.slice(0, 19)} to ${to.slice(11)}` : `${from} to ${to}`;
}

/** `a, b and c`. */
export function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
