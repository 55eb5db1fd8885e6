import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';

/*
 * The risk of a permission set, guessed from its name and description, as nothing else is known here. The sentence
 * warns and decides nothing.
 */

/** By name: administrators, and sets that are nearly as powerful. */
const ADMINISTRATOR = /admin|root|break.?glass|full.?access|super.?user|owner/i;
const POWER = /power|write|deploy|operator|engineer|developer/i;
/**
 * By description. “Everything but …” does not count: what it leaves out may be the very rights that would give more.
 */
const ADMINISTRATORS_ALLOW = /\badministrator|\beverything\b(?!\W+(?:but|except|other than|besides|apart)\b)/i;
const READING = /read.?only|view|audit|support|billing/i;

/** Can the holder do anything, including give themselves more access? Sets without such a name may be as powerful. */
export function isAdministratorLike({ target, names }: Pick<AccessRequest, 'target' | 'names'>, allows = ''): boolean {
  if (isGroupTarget(target)) return ADMINISTRATOR.test(names.groupName ?? '');
  const name = names.permissionSetName ?? '';
  if (READING.test(name) && !ADMINISTRATOR.test(name)) return false;
  return ADMINISTRATOR.test(name) || ADMINISTRATORS_ALLOW.test(allows);
}

/** The harm the access can do, in a sentence: `High: …`. @param place formats the account's name; plain by default */
export function riskSentence(
  request: Pick<AccessRequest, 'target' | 'names'>,
  allows = '',
  place: (name: string) => string = (name) => oneLine(name, 80),
): string {
  const { target, names } = request;
  if (isGroupTarget(target)) return 'Whatever that group may do, in every account it reaches.';
  const where = place(names.accountName ?? target.accountId);
  const name = names.permissionSetName ?? '';
  if (isAdministratorLike(request, allows))
    return `High: can read, change and delete anything in ${where}, and give itself and others more.`;
  if (READING.test(name)) return `Low: reads in ${where}; what it reads may be confidential.`;
  if (POWER.test(name)) return `Medium: can change and delete resources in ${where}.`;
  return `Not known from its name; see what it allows in ${where}.`;
}
