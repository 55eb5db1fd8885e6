import { type HandedOn, isLasting } from '../handed-on.ts';
import { bounded, keep } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** What a policy may name: a role's whole ARN, which a path makes long. */
const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const LONGEST_ARN = 200;

/** Notes the roles that a call of the permission set's own role passed to a service, for which IAM asks for `iam:PassRole`. */
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
