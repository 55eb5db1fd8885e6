import { dropAssignment, putAssignment, sameAssignment, type World } from './world.ts';

/**
 * Completes what is due. Identity Center provisions asynchronously: the assignment comes or goes when the operation succeeds,
 * not when it was asked for. Nothing here has a timer; every access settles first, so only the clock decides.
 */
export function settleProvisioning(world: World, nowMs: number): void {
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
  return account.status === 'ACTIVE' ? undefined : `Account ${account.id} is ${account.status}.`;
}
