import type { AccessRequest } from '../../model/request.ts';
import { checkRemoval, type RevokeServices, revokeAccess } from '../lease/revoke/revoke-access.ts';
import type { WorkflowPort } from '../ports.ts';

export interface RevokeNowServices extends RevokeServices {
  readonly workflow: WorkflowPort;
}

/**
 * Takes the access of a request back at once, and has a workflow tell people and report: the request's own workflow,
 * where it still waits for a wake-up that was lost, or is running; otherwise a clean-up, started once an hour in case
 * that dies too.
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
