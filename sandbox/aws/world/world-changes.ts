import type { Assignment, AssignmentKey, World } from './world.ts';

/** Where the world keeps the records of one account and Region. */
export function trailKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}

/** Do the two name the same assignment? */
export function sameAssignment(a: AssignmentKey, b: AssignmentKey): boolean {
  return (
    a.principalId === b.principalId &&
    a.accountId === b.accountId &&
    a.permissionSetArn === b.permissionSetArn &&
    a.principalType === b.principalType
  );
}

/** The role of a permission set in an account. */
export function roleKey({
  accountId,
  permissionSetArn,
}: Pick<AssignmentKey, 'accountId' | 'permissionSetArn'>): string {
  return `${accountId} ${permissionSetArn}`;
}

/** Brings the newest version of a permission set into an account. */
export function provision(world: World, role: Pick<AssignmentKey, 'accountId' | 'permissionSetArn'>): void {
  const set = world.permissionSets.find(({ arn }) => arn === role.permissionSetArn);
  world.provisioned[roleKey(role)] = set?.permissionsBoundary ?? null;
}

/** Gives an assignment behind everybody's back, at once; twice is once. What is assigned is provisioned. */
export function putAssignment(world: World, assignment: Assignment): void {
  provision(world, assignment);
  if (!world.assignments.some((held) => sameAssignment(held, assignment))) world.assignments.push(assignment);
}

/** Takes an assignment away behind everybody's back. Answers whether it was there. */
export function dropAssignment(world: World, key: AssignmentKey): boolean {
  const before = world.assignments.length;
  world.assignments = world.assignments.filter((held) => !sameAssignment(held, key));
  // With the last assignment the role goes.
  if (!world.assignments.some((held) => roleKey(held) === roleKey(key))) delete world.provisioned[roleKey(key)];
  return world.assignments.length < before;
}
