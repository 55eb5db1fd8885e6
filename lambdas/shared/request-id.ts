import { sha256 } from './sha256.ts';

/**
 * A request id made from the parts of an ask, so that the same ask gets the same id. It has 120 bits, so different asks
 * do not collide.
 */
export function requestIdFrom(parts: readonly string[]): string {
  return `req-${digestOf(parts)}`;
}

/** 120 bits of a SHA-256, in hexadecimal. */
export function digestOf(parts: readonly string[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 30);
}

/**
 * Whether a text can be a request id. Ids from callers may be any text, and the table has other items under other ids.
 */
export function isRequestId(text: string): boolean {
  return /^req-[A-Za-z0-9-]{1,100}$/.test(text);
}
