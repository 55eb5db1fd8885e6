import { sha256 } from './sha256.ts';

/** The id of a request that is made of what it came from: the same comes to the same request. 120 bits: no two share one. */
export function requestIdFrom(parts: readonly string[]): string {
  return `req-${digestOf(parts)}`;
}

/** 120 bits in hex. */
export function digestOf(parts: readonly string[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 30);
}

/**
 * Can this be the id of a request at all? What people and programs send is anything until then, and other things are kept under
 * other ids.
 */
export function isRequestId(text: string): boolean {
  return /^req-[A-Za-z0-9-]{1,100}$/.test(text);
}
