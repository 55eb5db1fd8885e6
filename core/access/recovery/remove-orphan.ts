import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../model/events.ts';
import { assignmentKey, isGroupTarget } from '../../model/target.ts';
import { type RemovalServices, removeInOnePass } from '../lease/revoke/removal.ts';
import { type LeaseItem, type LeaseStore, type Now, type Sha256, SWEEP_HOLDER, type WorkflowPort } from '../ports.ts';

export interface OrphanServices extends RemovalServices {
  readonly leases: Pick<LeaseStore, 'beginRemoval' | 'noteRemoval' | 'forget'>;
  readonly workflow: Pick<WorkflowPort, 'startCut'>;
  readonly now: Now;
  readonly sha256: Sha256;
}

/** This many seconds after it began, a removal is treated as abandoned and the sweep takes it over. */
const STUCK_SECONDS = 600;

/** A removal that has just begun is left to the request that began it; one that no request began, to the sweep. */
export function isRemovalRecent(item: LeaseItem | undefined, now: string): boolean {
  const { removing } = item ?? {};
  if (removing === undefined || removing.requestId === SWEEP_HOLDER) return false;
  // A removal whose start cannot be parsed, or lies in the future, is not treated as recent.
  return (
    isInstant(removing.since) &&
    removing.since <= after(now, CLOCK_SKEW_SECONDS) &&
    after(removing.since, STUCK_SECONDS) > now
  );
}

/**
 * Removes an assignment that no request holds any more, and has the sessions begun with it cut. The next sweep
 * continues a removal that takes longer.
 */
export async function removeOrphan(item: LeaseItem, services: OrphanServices): Promise<void> {
  const { assignment } = item;
  const claimed =
    item.removing === undefined
      ? await services.leases.beginRemoval(assignment, SWEEP_HOLDER, services.now().toISOString())
      : item;
  if (claimed?.removing === undefined || claimed.leases.length > 0) return;
  const step = await removeInOnePass(claimed, services);
  if (step.outcome !== 'gone') return;
  // The request that held the assignment is closed or lost, so its own workflow will not cut these sessions.
  if (!isGroupTarget(assignment.target)) {
    const goneAt = services.now().toISOString();
    const key = services.sha256(`${assignmentKey(assignment)} ${goneAt.slice(0, 16)}`);
    await services.workflow.startCut(key, assignment, goneAt);
  }
  await services.leases.forget(claimed);
}
