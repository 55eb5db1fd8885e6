import { contentsOf } from '../identity-center/permission-set-roles.ts';
import type { Assignment, AssignmentKey, World } from './world.ts';

/** The key of the records of one account and Region in `World.trail`. */
export function trailKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}

/** Is it the same assignment? */
export function sameAssignment(a: AssignmentKey, b: AssignmentKey): boolean {
  return (
    a.principalId === b.principalId &&
    a.accountId === b.accountId &&
    a.permissionSetArn === b.permissionSetArn &&
    a.principalType === b.principalType
  );
}

/** The key of a permission set's role in an account in `World.provisioned`. */
export function roleKey({
  accountId,
  permissionSetArn,
}: Pick<AssignmentKey, 'accountId' | 'permissionSetArn'>): string {
  return `${accountId} ${permissionSetArn}`;
}

/** Provisions the current version of a permission set to an account. */
export function provision(world: World, role: Pick<AssignmentKey, 'accountId' | 'permissionSetArn'>): void {
  const set = world.permissionSets.find(({ arn }) => arn === role.permissionSetArn);
  world.provisioned[roleKey(role)] = contentsOf(set);
}

/**
 * Adds an assignment at once, without an API call; an existing one stays. The permission set is provisioned to its
 * account.
 */
export function putAssignment(world: World, assignment: Assignment): void {
  provision(world, assignment);
  if (!world.assignments.some((held) => sameAssignment(held, assignment))) world.assignments.push(assignment);
}

/** Removes an assignment at once, without an API call. Returns whether it existed. */
export function dropAssignment(world: World, key: AssignmentKey): boolean {
  const before = world.assignments.length;
  world.assignments = world.assignments.filter((held) => !sameAssignment(held, key));
  // The role is deleted with its last assignment.
  if (!world.assignments.some((held) => roleKey(held) === roleKey(key))) delete world.provisioned[roleKey(key)];
  return world.assignments.length < before;
}
