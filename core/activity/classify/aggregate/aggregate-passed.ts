import { type HandedOn, isLasting } from '../handed-on.ts';
import { bounded, keep } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** The full ARN of a role, which a policy can name; a path makes it long. */
const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const LONGEST_ARN = 200;

/** Records the roles that a call of the permission set's own role passed to a service: IAM demands `iam:PassRole`. */
export function aggregatePassed(digest: ActivityDigest, handed: readonly HandedOn[]): void {
  for (const { action, power } of handed) {
    if (isLasting(action)) continue;
    digest.passed ??= { roles: [], others: [] };
    const { passed } = digest;
    const isTold = ROLE_ARN.test(power) && power.length <= LONGEST_ARN;
    const isLeft = isTold
      ? keep(passed.roles, power, LIMITS.passedRoles)
      : keep(passed.others, bounded(power), LIMITS.passedOthers);
    if (isLeft) passed.cut = true;
  }
}
