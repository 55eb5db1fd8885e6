/**
 * An item of the request table as it is stored. Nothing is assumed about its attributes: the audit must report any item
 * that it finds.
 */
export type StoredItem = Readonly<Record<string, unknown>>;

/** One write to the request table as its stream delivers it: the item before and after. */
export interface StoredChange {
  /** The stream's sequence number of the write; grows, and is the same each time the write is delivered. */
  readonly sequenceNumber: string;
  /** ISO 8601; when the stream says the write happened. */
  readonly at: string;
  readonly before?: StoredItem;
  readonly after?: StoredItem;
}

/** The value if it is a text, else `undefined`. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a text, else another text. */
export function textOr(value: unknown, otherwise: string): string {
  return text(value) ?? otherwise;
}

/** The value if it is a text and not empty, else another text. */
export function wordOr(value: unknown, otherwise: string): string {
  return text(value) || otherwise;
}

/** The value if it is a map, else an empty map. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

/** The maps of a list. A member that is no map becomes an empty map, so that positions stay the same. */
export function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** The texts in a list or set; members of other types are left out. */
export function texts(value: unknown): string[] {
  const members: unknown[] = Array.isArray(value) ? value : value instanceof Set ? [...value] : [];
  return members.filter((member) => typeof member === 'string');
}

/** A member for an object literal, left out when the value is absent or empty. */
export function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
}

/**
 * A number as a stream or a scan delivers it, which may have wrapped it as text; left out where JSON cannot carry it
 * exactly.
 */
export function counted<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: number } {
  const count = typeof value === 'number' ? value : Number(wordOr(record(value).value, 'none'));
  if (!(Math.abs(count) <= Number.MAX_SAFE_INTEGER)) return {};
  return { [name]: count } as { readonly [Key in Name]: number };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Stands where no instant can be read; such an event is still archived. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** An instant with exactly three digits of milliseconds, as every event has it, so that instants sort as text. */
export function instant(value: unknown, otherwise: string = NO_INSTANT): string {
  const given = text(value) ?? '';
  if (!INSTANT.test(given) || Number.isNaN(Date.parse(given))) return otherwise;
  const [seconds = '', fraction = ''] = given.slice(0, -1).split('.');
  return `${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** Are two stored values equal? The order of the members of a map or a set does not matter. */
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
