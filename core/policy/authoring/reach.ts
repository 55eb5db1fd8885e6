import { isGroupTarget, type Target } from '../../model/target.ts';
import type { Reach } from './check-reach.ts';
import type { Organization } from './organization.ts';

/** One person who can have one target with no second person. */
export interface LoneReach {
  readonly userId: string;
  readonly target: Target;
  /** Name of the policy, or id of the access record. */
  readonly path: string;
  readonly breakGlass: boolean;
}

/** One entry per person and target, with the path. */
export function eachAlone(reaches: readonly Reach[]): readonly LoneReach[] {
  return reaches.flatMap(({ path, breakGlass, userIds, targets }) =>
    targets.flatMap((target) => userIds.map((userId) => ({ userId, target, path, breakGlass }))),
  );
}

/** Who reaches what alone after a change and not before, regardless of the path. */
export function gained(before: readonly LoneReach[], after: readonly LoneReach[]): readonly LoneReach[] {
  const key = ({ userId, target }: LoneReach) => `${userId} ${JSON.stringify(Object.values(target))}`;
  const known = new Set(before.map(key));
  const fresh = new Map(after.filter((one) => !known.has(key(one))).map((one) => [key(one), one]));
  return [...fresh.values()];
}

/** The display name of a target. */
export function describeTarget(target: Target, { accounts, permissionSets, groups }: Organization): string {
  if (isGroupTarget(target))
    return `membership in ${groups.find(({ id }) => id === target.groupId)?.name ?? target.groupId}`;
  const set = permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name ?? target.permissionSetArn;
  const account = accounts.find(({ id }) => id === target.accountId)?.name ?? '';
  return `${set} in ${account === '' ? target.accountId : `${account} (${target.accountId})`}`;
}
