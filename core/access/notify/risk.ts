import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';

/*
 * What a permission set is called and how it is described says how much it can do; nothing else is known of it here. The words warn,
 * and decide nothing.
 */

/** By name: administrators, and who can do nearly as much. */
const ADMINISTRATOR = /admin|root|break.?glass|full.?access|super.?user|owner/i;
const POWER = /power|write|deploy|operator|engineer|developer/i;
/** By description. What is less than everything is less than that: it may be just what would give more. */
const ADMINISTRATORS_ALLOW = /\badministrator|\beverything\b(?!\W+(?:but|except|other than|besides|apart)\b)/i;
const READING = /read.?only|view|audit|support|billing/i;

/** Can the holder do anything, give themselves more included? A permission set that says nothing of the kind may be as strong. */
export function isAdministratorLike({ target, names }: Pick<AccessRequest, 'target' | 'names'>, allows = ''): boolean {
  if (isGroupTarget(target)) return ADMINISTRATOR.test(names.groupName ?? '');
  const name = names.permissionSetName ?? '';
  if (READING.test(name) && !ADMINISTRATOR.test(name)) return false;
  return ADMINISTRATOR.test(name) || ADMINISTRATORS_ALLOW.test(allows);
}

/** How much harm it can do, in a sentence: `High: …`. @param place names a text for where it is shown; plain by default */
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
