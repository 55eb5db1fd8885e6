import { type Document, isMap, isScalar, isSeq, type LineCounter } from 'yaml';

/** The place of a map or list in a file, and the lines of its members. Lines count from 1. */
interface Placed {
  readonly file: string;
  readonly line: number;
  readonly members: ReadonlyMap<string, number>;
}

/** Places by the parsed value, so that a later check of the value can say where it was written. */
const places = new WeakMap<object, Placed>();

/** Records where every map and list of a document was written. @param value the document as plain values */
export function rememberPlaces(file: string, document: Document, value: unknown, lines: LineCounter): void {
  const lineOf = (node: unknown): number | undefined => {
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    return Array.isArray(range) ? lines.linePos(Number(range[0])).line : undefined;
  };
  const visit = (node: unknown, read: unknown): void => {
    if (typeof read !== 'object' || read === null || places.has(read)) return;
    const parts: (readonly [string, unknown, unknown])[] = [];
    if (isMap(node))
      for (const { key, value: part } of node.items) parts.push([isScalar(key) ? String(key.value) : '', key, part]);
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) parts.push([String(index), item, item]);
    else return;
    const members = parts.flatMap(([name, at]) => {
      const line = lineOf(at);
      return line === undefined ? [] : [[name, line] as const];
    });
    places.set(read, { file, line: lineOf(node) ?? 1, members: new Map(members) });
    for (const [name, , part] of parts) visit(part, (read as Record<string, unknown>)[name]);
  };
  visit(document.contents, value);
}

/**
 * Where a value was written, as `file:line`; empty where it comes from no file.
 *
 * @param path of a member, such as `approval.approvers[1]`; the nearest part of it with a known line counts
 */
export function placeOf(value: unknown, path = ''): string {
  let at = value;
  let found: { readonly file: string; readonly line: number } | undefined;
  for (const name of ['', ...path.split(/[.[\]]+/).filter((part) => part !== '')]) {
    if (name !== '') {
      const line = placed(at)?.members.get(name);
      if (line === undefined || found === undefined) break;
      found = { file: found.file, line };
      at = (at as Record<string, unknown>)[name];
    } else found = placed(at);
  }
  return found === undefined ? '' : `${found.file}:${found.line}`;
}

/** The message with the place in front of it. */
export function withPlace(text: string, value: unknown, path?: string): string {
  const place = placeOf(value, path);
  return place === '' ? text : `${place}: ${text}`;
}

function placed(value: unknown): Placed | undefined {
  return typeof value === 'object' && value !== null ? places.get(value) : undefined;
}
