/** An item of the request table as it is stored. Read without trust: the audit must say something about whatever it finds. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** One write to the request table, as its stream tells it: the item before and after. */
export interface StoredChange {
  /** The stream's number of the write; grows, and is the same each time the write is delivered. */
  readonly sequenceNumber: string;
  /** ISO 8601; when the write happened, by the stream. */
  readonly at: string;
  readonly before?: StoredItem;
  readonly after?: StoredItem;
}

/** A text, or nothing. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text, or another one where the value is none. */
export function textOr(value: unknown, otherwise: string): string {
  return text(value) ?? otherwise;
}

/** A text that says something, or another one. */
export function wordOr(value: unknown, otherwise: string): string {
  return text(value) || otherwise;
}

/** A map, or an empty one. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

/** The maps of a list; a member that is none is an empty one, so that positions stay what they are. */
export function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** The texts of a list or set. */
export function texts(value: unknown): string[] {
  const members: unknown[] = Array.isArray(value) ? value : value instanceof Set ? [...value] : [];
  return members.filter((member) => typeof member === 'string');
}

/** A member for an object literal, left out when there is no value or an empty one. */
export function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
}

/** A number as a stream or a scan tells it, which may have kept it as its text; left out where JSON could not carry it as it is. */
export function counted<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: number } {
  const count = typeof value === 'number' ? value : Number(wordOr(record(value).value, 'none'));
  if (!(Math.abs(count) <= Number.MAX_SAFE_INTEGER)) return {};
  return { [name]: count } as { readonly [Key in Name]: number };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Stands where no instant can be read; such an event is still kept. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** An instant with exactly three digits of milliseconds, as every event has it, so that instants sort as text. */
export function instant(value: unknown, otherwise: string = NO_INSTANT): string {
  const given = text(value) ?? '';
  if (!INSTANT.test(given) || Number.isNaN(Date.parse(given))) return otherwise;
  const [seconds = '', fraction = ''] = given.slice(0, -1).split('.');
  return `${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** Are two stored values equal? The order of a map's members, or a set's, means nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((member, index) => sameValue(member, b[index]));
  }
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((member) => b.has(member));
  if (!isMap(a) || !isMap(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}

function isMap(value: unknown): value is StoredItem {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
}
