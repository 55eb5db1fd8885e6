import type { AccessRequest } from '../../core/model/request.ts';
import { compareText } from '../../core/model/text.ts';

/** Requests on a page: the default, and the largest number a caller may ask for. */
const PAGE = 50;
const LARGEST_PAGE = 100;

export type Paged =
  | { readonly ok: true; readonly requests: readonly AccessRequest[]; readonly nextCursor: string | null }
  | { readonly ok: false; readonly message: string };

/**
 * A page of requests, the newest first. The cursor names the last request shown, so that requests which appear or
 * disappear between two pages neither repeat a request nor hide one.
 */
export function pageOf(
  requests: readonly AccessRequest[],
  { cursor, limit }: Readonly<Record<string, string | undefined>>,
): Paged {
  const size = sizeOf(limit);
  if (size === undefined) return { ok: false, message: `limit is a whole number from 1 to ${LARGEST_PAGE}` };
  const from = cursor === undefined ? undefined : readCursor(cursor);
  if (cursor !== undefined && from === undefined) return { ok: false, message: 'cursor is the nextCursor of a page' };
  const rest = [...requests]
    .sort((a, b) => compareText(keyOf(b), keyOf(a)))
    .filter((request) => from === undefined || compareText(keyOf(request), from) < 0);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { ok: true, requests: page, nextCursor: rest.length > size && last !== undefined ? toCursor(last) : null };
}

/** The size of a page; `undefined` for an invalid `limit`. */
export function sizeOf(limit: string | undefined): number | undefined {
  const size = limit === undefined ? PAGE : Number(limit);
  return Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE ? size : undefined;
}

function keyOf({ requestedAt, id }: Pick<AccessRequest, 'requestedAt' | 'id'>): string {
  return `${requestedAt} ${id}`;
}

/** The cursor of the page that begins after this request. */
export function toCursor(request: Pick<AccessRequest, 'requestedAt' | 'id'>): string {
  return Buffer.from(keyOf(request)).toString('base64url');
}

/** Decodes a cursor to `<instant> <id>` of the request that the page begins after; the id may be empty. */
export function readCursor(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString();
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z \S*$/.test(key) ? key : undefined;
}
