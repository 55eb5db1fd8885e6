import { policyInForce } from '../access/iam.ts';
import type { World } from '../world/world.ts';
import { dropAssignment, provision, putAssignment, sameAssignment } from '../world/world-changes.ts';
import { contentsOf, referenceOf, referredArn } from './permission-set-roles.ts';

/**
 * Completes the operations that are due. Identity Center provisions asynchronously: an assignment is created or deleted
 * when its operation succeeds, not when it is requested. There are no timers: every access calls this first, so only
 * the clock decides.
 */
export function settleProvisioning(world: World, nowMs: number): void {
  settleAssignments(world, nowMs);
  for (const running of world.provisionings) {
    if (running.status !== 'IN_PROGRESS' || running.dueAtMs > nowMs) continue;
    const { permissionSetArn } = running;
    const failure =
      running.willFail ??
      running.accountIds.map((accountId) => roleTrouble(world, accountId, permissionSetArn)).find(Boolean);
    // Accounts that lack the policy stay unchanged; the other accounts are provisioned.
    for (const accountId of running.accountIds)
      if (running.willFail === undefined && roleTrouble(world, accountId, permissionSetArn) === undefined)
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
  const account = world.accounts.find(({ id }) => id === operation.accountId);
  // AWS's words for the deletion of an assignment that does not exist.
  if (operation.kind === 'delete' && !held) return "Received a 404 status error: EntitlementItem doesn't exist.";
  if (account === undefined) return `Received a 404 status error: Account ${operation.accountId} not found.`;
  if (account.status !== 'ACTIVE') return outOfReach(account.id);
  if (operation.kind === 'delete') return undefined;
  return roleTrouble(world, account.id, operation.permissionSetArn);
}

/**
 * AWS's words where the account is suspended or closing. Identity Center creates and removes a permission set's role
 * with rights in that account, which it cannot get there. Captured from a creation; a removal changes the same role.
 *
 * @see https://github.com/aws-samples/aws-identitycenter-codepipeline-auto-assignment/issues/31
 */
function outOfReach(accountId: string): string {
  return `AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account '${accountId}' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.`;
}

/** IAM's default quota of managed policies per role. */
const MOST_POLICIES_OF_A_ROLE = 10;

/**
 * Why the role cannot be provisioned: its account lacks the boundary or a policy, or the role has more policies than
 * the quota.
 */
function roleTrouble(world: World, accountId: string, permissionSetArn: string): string | undefined {
  const set = world.permissionSets.find(({ arn }) => arn === permissionSetArn);
  const { boundary, policies } = contentsOf(set);
  const references = [
    ...(boundary?.CustomerManagedPolicyReference === undefined ? [] : [boundary.CustomerManagedPolicyReference]),
    ...policies.map(referenceOf),
  ];
  const missing = references
    .map((reference) => referredArn(accountId, reference))
    .find((arn) => policyInForce(world, arn) === undefined);
  if (missing !== undefined)
    return `Received a 404 status error: Policy ${missing} does not exist or is not attachable.`;
  if (policies.length + (set?.managedPolicies.length ?? 0) > MOST_POLICIES_OF_A_ROLE)
    return `Received a 409 status error: Cannot exceed quota for PoliciesPerRole: ${MOST_POLICIES_OF_A_ROLE}`;
  return undefined;
}
