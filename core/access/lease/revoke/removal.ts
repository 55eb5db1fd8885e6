import type { Assignment } from '../../../model/target.ts';
import type { AssignmentPort, LeaseItem, LeaseStore, Now } from '../../ports.ts';

/** What a removal needs: the lease item and Identity Center, so that nothing else can prevent it. */
export interface RemovalServices {
  readonly leases: Pick<LeaseStore, 'noteRemoval'>;
  readonly assignments: Pick<AssignmentPort, 'exists' | 'remove' | 'removalStatus'>;
}

/**
 * The state of a removal.
 *
 * - `gone`: Identity Center says that it is done, and a look confirms it.
 * - `running`: Identity Center works on it; `begun` when this very step asked for it.
 * - `failed`: Identity Center gave up, or still lists the assignment. The next step asks anew.
 */
export type RemovalStep =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'running'; readonly begun: boolean }
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * Takes the removal of an assignment one step further: asks about the running operation, or asks for the removal. The
 * revoke, the sweep and drift all remove assignments here and nowhere else, so that what is safe is decided once. The
 * caller has claimed the item (`removing` is set), so that no grant can come between.
 *
 * @throws whatever Identity Center or DynamoDB throws, for the caller to retry
 */
export async function continueRemoval(claimed: LeaseItem, services: RemovalServices): Promise<RemovalStep> {
  const { assignments, leases } = services;
  const { assignment, removing } = claimed;
  if (removing?.operationId !== undefined) {
    const running = await assignments.removalStatus(assignment, removing.operationId);
    if (running.status === 'in-progress') return { outcome: 'running', begun: false };
    if (running.status === 'succeeded') return confirmed(claimed, services);
    await leases.noteRemoval(claimed, undefined);
    return { outcome: 'failed', reason: running.reason ?? NO_REASON };
  }
  const removal = await assignments.remove(assignment);
  if (removal.status === 'succeeded') return confirmed(claimed, services);
  if (removal.status === 'failed') return { outcome: 'failed', reason: removal.reason ?? NO_REASON };
  await leases.noteRemoval(claimed, removal.operationId);
  return { outcome: 'running', begun: true };
}

/** The same for a pass that comes back only minutes later: if an earlier removal has failed, asks again at once. */
export async function removeInOnePass(claimed: LeaseItem, services: RemovalServices): Promise<RemovalStep> {
  const step = await continueRemoval(claimed, services);
  if (step.outcome !== 'failed' || claimed.removing?.operationId === undefined) return step;
  const { operationId: _failed, ...removing } = claimed.removing;
  return continueRemoval({ ...claimed, removing }, services);
}

const NO_REASON = 'no reason given';

/**
 * Identity Center accepts the same assignment twice, so a removal may leave one behind. A removal is done only when a
 * look no longer finds the assignment.
 */
async function confirmed(claimed: LeaseItem, { assignments, leases }: RemovalServices): Promise<RemovalStep> {
  if (!(await assignments.exists(claimed.assignment))) return { outcome: 'gone' };
  if (claimed.removing?.operationId !== undefined) await leases.noteRemoval(claimed, undefined);
  return { outcome: 'failed', reason: 'Identity Center still lists the assignment after its removal' };
}

/**
 * Identity Center may still be creating the assignment, and no other record mentions it. The item makes the sweep look
 * again, for as long as a creation can come late.
 */
export async function leaveItemForSweep(
  made: Assignment,
  requestId: string,
  { leases, now }: { readonly leases: Pick<LeaseStore, 'claim' | 'release'>; readonly now: Now },
): Promise<void> {
  const at = now().toISOString();
  const claimed = await leases.claim(made, requestId, at);
  if (claimed !== undefined) await leases.release(claimed, at);
}
