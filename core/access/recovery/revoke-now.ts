import type { AccessRequest } from '../../model/request.ts';
import { checkRemoval, type RevokeServices, revokeAccess } from '../lease/revoke/revoke-access.ts';
import { recordsGrant } from '../lease/revoke/revoke-lost.ts';
import type { LeaseStore, RequestStore, WorkflowPort } from '../ports.ts';
import { type LostGrantServices, lostGrant, startLostCleanup } from './restart-lost.ts';

export interface RevokeNowServices extends RevokeServices, LostGrantServices {
  readonly requests: RequestStore;
  readonly leases: LeaseStore;
  readonly workflow: WorkflowPort;
}

/**
 * Takes the access of a request back at once, and has a workflow tell people and report: the request's own workflow,
 * where it still waits for a wake-up that was lost, or is running; otherwise a clean-up, started once an hour in case
 * that dies too. For a request that knows of no grant, although its workflow gave access before the table was restored,
 * it is one for that.
 *
 * @param now ISO 8601
 * @param isExecuting whether an execution runs for the request
 * @throws whatever the revoke or the start of the clean-up throws, for the next sweep to try again; if the revoke
 *   fails, a workflow is started all the same, because people have to be told
 */
export async function revokeNow(
  request: AccessRequest,
  now: string,
  services: RevokeNowServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  try {
    const answer = await revokeAccess(request.id, services);
    if (answer.next === 'wait') await checkRemoval(request.id, services);
  } finally {
    await handOver(request, now, services, isExecuting);
  }
}

async function handOver(
  request: AccessRequest,
  now: string,
  services: RevokeNowServices,
  isExecuting: () => Promise<boolean>,
): Promise<void> {
  if (await tryWake(request, services)) return;
  if (!(await isExecuting())) {
    const lost = recordsGrant(request) ? undefined : await lostGrant(request.id, services);
    if (lost !== undefined && lost.removedAt === undefined) return startLostCleanup(request.id, 0, services);
    await services.workflow.startCleanup(request.id, `sweep-${now.slice(0, 13).replace(/\D/g, '')}`);
  } else if (request.tokens.hold === undefined && request.endsAt > now) {
    // The running execution may sleep until the end, because there is no token to wake it by. One clean-up is started
    // beside it, and never a second.
    await services.workflow.startCleanup(request.id, 'sweep-early');
  }
}

/** A wake-up that fails is treated like a workflow that is gone: the clean-up does the same work. */
async function tryWake({ tokens }: AccessRequest, { workflow }: RevokeNowServices): Promise<boolean> {
  return tokens.hold !== undefined && workflow.wake(tokens.hold, { ended: true }).catch(() => false);
}
