import { compareText } from '../../model/text.ts';

/**
 * Address ranges that cover everybody or a large part of the internet, up to /7 in IPv4 and /19 in IPv6: a caller who
 * may not write `0.0.0.0/0` can write its two halves.
 */
const WIDE_RANGE = String.raw`(?:\d{1,3}\.){3}\d{1,3}\/[0-7](?!\d)|::[\da-f:]*\/(?:\d|1\d)(?!\d)`;
/** The phrases by which this program says that a call was about everybody or everything. */
const EVERYBODY = String.raw`\bto \*(?!\w)|\ballow \*(?!\w)|given to all\b|publiclyAccessible true|^(?:\*|all)(?: but |$)`;
/** Parts of the names that people and AWS give to roles and policies with full rights. */
const RIGHTS =
  'admin|power[ _-]?user|full[ _-]?access|break[ _-]?glass|super[ _-]?user|:root\\b|OrganizationAccountAccess';

const BROAD_ACCESS = new RegExp(`${WIDE_RANGE}|${EVERYBODY}|${RIGHTS}`, 'i');

/**
 * Does a line about a call, or the name of a role, indicate access for everybody or full rights? A name proves nothing;
 * it only decides what is shown first where there is room for a few.
 */
export function isBroadAccess(text: string): boolean {
  return BROAD_ACCESS.test(text);
}

/** Sorts broad access (`isBroadAccess`) first and leaves the rest in its order. */
export function compareBroadFirst(a: string, b: string): number {
  return Number(isBroadAccess(b)) - Number(isBroadAccess(a));
}

/** Sorts broad access first, then alphabetically, so that what is kept does not depend on the order of reading. */
export function compareBroadThenText(a: string, b: string): number {
  return compareBroadFirst(a, b) || compareText(a, b);
}
