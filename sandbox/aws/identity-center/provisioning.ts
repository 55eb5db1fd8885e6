import { policyInForce } from '../access/iam.ts';
import type { World } from '../world/world.ts';
import { dropAssignment, provision, putAssignment, sameAssignment } from '../world/world-changes.ts';

/**
 * Completes what is due. Identity Center provisions asynchronously: the assignment comes or goes when the operation succeeds,
 * not when it was asked for. Nothing here has a timer; every access settles first, so only the clock decides.
 */
export function settleProvisioning(world: World, nowMs: number): void {
  settleAssignments(world, nowMs);
  for (const running of world.provisionings) {
    if (running.status !== 'IN_PROGRESS' || running.dueAtMs > nowMs) continue;
    const { permissionSetArn } = running;
    const failure =
      running.willFail ??
      running.accountIds.map((accountId) => missingBoundary(world, accountId, permissionSetArn)).find(Boolean);
    // Where it is missing nothing changes, in the other accounts it does.
    for (const accountId of running.accountIds)
      if (running.willFail === undefined && missingBoundary(world, accountId, permissionSetArn) === undefined)
        provision(world, { accountId, permissionSetArn });
    running.status = failure === undefined ? 'SUCCEEDED' : 'FAILED';
    if (failure !== undefined) running.failureReason = failure;
  }
}

function settleAssignments(world: World, nowMs: number): void {
  const due = world.operations.filter((operation) => operation.status === 'IN_PROGRESS' && operation.dueAtMs <= nowMs);
  for (const operation of due.sort((a, b) => a.dueAtMs - b.dueAtMs)) {
    const failure = operation.willFail ?? failureAtTheEnd(world, operation);
    if (failure !== undefined) {
      operation.status = 'FAILED';
      operation.failureReason = failure;
      continue;
    }
    operation.status = 'SUCCEEDED';
    const { principalType, principalId, accountId, permissionSetArn } = operation;
    const key = { principalType, principalId, accountId, permissionSetArn };
    if (operation.kind === 'delete') dropAssignment(world, key);
    else
      putAssignment(world, {
        ...key,
        createdBy: operation.startedBy,
        createdAt: new Date(operation.dueAtMs).toISOString(),
      });
  }
}

function failureAtTheEnd(world: World, operation: World['operations'][number]): string | undefined {
  const held = world.assignments.some((assignment) => sameAssignment(assignment, operation));
  // AWS's own words for deleting what is not there.
  if (operation.kind === 'delete')
    return held ? undefined : "Received a 404 status error: EntitlementItem doesn't exist.";
  const account = world.accounts.find(({ id }) => id === operation.accountId);
  if (account === undefined) return `Received a 404 status error: Account ${operation.accountId} not found.`;
  if (account.status !== 'ACTIVE') return `Account ${account.id} is ${account.status}.`;
  return missingBoundary(world, account.id, operation.permissionSetArn);
}

/** A role cannot get a boundary that its account does not have. */
function missingBoundary(world: World, accountId: string, permissionSetArn: string): string | undefined {
  const reference = world.permissionSets.find(({ arn }) => arn === permissionSetArn)?.permissionsBoundary
    ?.CustomerManagedPolicyReference;
  if (reference === undefined) return undefined;
  const arn = `arn:aws:iam::${accountId}:policy${reference.Path ?? '/'}${reference.Name}`;
  if (policyInForce(world, arn) !== undefined) return undefined;
  return `Received a 404 status error: Policy ${arn} does not exist or is not attachable.`;
}
