import { createHash } from 'node:crypto';

/** The algorithms of `$hash`: Step Functions' name, Node's name. */
const HASHES = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/** The sources of the functions whose results change: time and randomness. */
export interface FunctionSources {
  /** The instant of the evaluation, in milliseconds since 1970: the same throughout one expression. */
  readonly nowMs: number;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`$${name} takes a string`);
  return value;
}

function integer(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new TypeError(`$${name} takes numbers`);
  return Math.trunc(value);
}

function hash(content: unknown, algorithm: unknown): string {
  const known = HASHES.get(text(algorithm, 'hash'));
  if (known === undefined)
    throw new TypeError(`$hash does not know this algorithm; it has ${[...HASHES.keys()].join(', ')}`);
  return createHash(known).update(text(content, 'hash'), 'utf8').digest('hex');
}

function uuid(random: () => number): string {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function range(first: unknown, last: unknown, step: unknown): number[] | undefined {
  const [from, to, by] = [integer(first, 'range'), integer(last, 'range'), integer(step, 'range')];
  if (by === 0 || Math.sign(to - from) === -Math.sign(by)) return undefined;
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function partition(array: unknown, size: unknown): unknown[][] | undefined {
  if (!Array.isArray(array)) throw new TypeError('$partition takes an array');
  const length = integer(size, 'partition');
  if (length <= 0 || array.length === 0) return undefined;
  return Array.from({ length: Math.ceil(array.length / length) }, (_, index) =>
    array.slice(index * length, (index + 1) * length),
  );
}

/**
 * The functions that Step Functions adds to JSONata (transforming data: JSONata functions), and replacements for
 * JSONata's functions of time and randomness. Each throws a TypeError for arguments it does not accept.
 */
export function addedFunctions(sources: FunctionSources): Record<string, (...args: unknown[]) => unknown> {
  return {
    now: () => new Date(sources.nowMs).toISOString(),
    millis: () => sources.nowMs,
    random: () => sources.random(),
    uuid: () => uuid(sources.random),
    hash,
    range,
    partition,
    parse: (json: unknown) => (json === undefined ? undefined : JSON.parse(text(json, 'parse'))),
  };
}
