import { compareText } from '../../model/text.ts';

/** Everybody, or a good part of the internet, as address ranges: whoever may not write `0.0.0.0/0` writes its two halves. */
const WIDE_RANGE = String.raw`(?:\d{1,3}\.){3}\d{1,3}\/[0-7](?!\d)|::[\da-f:]*\/(?:\d|1\d)(?!\d)`;
/** Everybody or everything, as this program words what a call did. */
const EVERYBODY = String.raw`\bto \*(?!\w)|\ballow \*(?!\w)|given to all\b|publiclyAccessible true|^(?:\*|all)$`;
/** Names that people and AWS give to rights over everything. */
const RIGHTS =
  'admin|power[ _-]?user|full[ _-]?access|break[ _-]?glass|super[ _-]?user|:root\\b|OrganizationAccountAccess';

const GRAVE = new RegExp(`${WIDE_RANGE}|${EVERYBODY}|${RIGHTS}`, 'i');

/**
 * Does a line about a call, or the name of a role, say by itself that much was given: to everybody, or rights over everything? A name is
 * no proof; it is what a reader with room for a few should see before others.
 */
export function isGrave(text: string): boolean {
  return GRAVE.test(text);
}

/** What is grave by itself first; the rest stays as it is. */
export function compareGrave(a: string, b: string): number {
  return Number(isGrave(b)) - Number(isGrave(a));
}

/** What is grave by itself first, then by its letters: what is kept of many does not depend on the order of reading. */
export function compareGraveness(a: string, b: string): number {
  return compareGrave(a, b) || compareText(a, b);
}
