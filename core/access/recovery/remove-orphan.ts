import { after, isInstant } from '../../model/events.ts';
import { assignmentKey, isGroupTarget } from '../../model/target.ts';
import { type RemovalServices, removeInOnePass } from '../lease/revoke/removal.ts';
import { type LeaseItem, type LeaseStore, type Now, type Sha256, SWEEP_HOLDER, type WorkflowPort } from '../ports.ts';

export interface OrphanServices extends RemovalServices {
  readonly leases: Pick<LeaseStore, 'beginRemoval' | 'noteRemoval' | 'forget'>;
  readonly workflow: Pick<WorkflowPort, 'startCut'>;
  readonly now: Now;
  readonly sha256: Sha256;
}

/** A removal that no one has moved by now is nobody's work any more. Seconds. */
const STUCK_SECONDS = 600;
/** What is said to begin later than this from now was written by nobody who removes. Seconds. */
const SKEW_SECONDS = 60;

/** A removal that has only just begun is in the hands of the request that began it; what no request began is in the sweep's. */
export function isRemovalRecent(item: LeaseItem | undefined, now: string): boolean {
  const { removing } = item ?? {};
  if (removing === undefined || removing.requestId === SWEEP_HOLDER) return false;
  // Of what began at no instant, nobody knows that it is recent.
  return (
    isInstant(removing.since) &&
    removing.since <= after(now, SKEW_SECONDS) &&
    after(removing.since, STUCK_SECONDS) > now
  );
}

/** Removes what no request holds any more, and has the sessions cut that were begun with it; the next sweep goes on with what takes longer. */
export async function removeOrphan(item: LeaseItem, services: OrphanServices): Promise<void> {
  const { assignment } = item;
  const claimed =
    item.removing === undefined
      ? await services.leases.beginRemoval(assignment, SWEEP_HOLDER, services.now().toISOString())
      : item;
  if (claimed?.removing === undefined || claimed.leases.length > 0) return;
  const step = await removeInOnePass(claimed, services);
  if (step.outcome !== 'gone') return;
  // Whatever request it was of has been closed before, or is lost, so that none would have these sessions cut.
  if (!isGroupTarget(assignment.target)) {
    const goneAt = services.now().toISOString();
    const key = services.sha256(`${assignmentKey(assignment)} ${goneAt.slice(0, 16)}`);
    await services.workflow.startCut(key, assignment, goneAt);
  }
  await services.leases.forget(claimed);
}
