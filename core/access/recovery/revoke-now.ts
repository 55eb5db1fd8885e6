import type { AccessRequest } from '../../model/request.ts';
import { checkRemoval, type RevokeServices, revokeAccess } from '../lease/revoke/revoke-access.ts';
import type { WorkflowPort } from '../ports.ts';

export interface RevokeNowServices extends RevokeServices {
  readonly workflow: WorkflowPort;
}

/**
 * Takes the access of a request back here and now, and has a workflow tell and report: its own, where that still waits for a
 * wake-up that was lost, or works on it; otherwise a clean-up, one an hour, should that die too.
 *
 * @param now ISO 8601
 * @param isWorkedOn whether an execution runs for the request
 * @throws whatever the revoke or the start of the clean-up throws, for the next sweep to try again; a revoke that fails keeps no
 *   workflow from being started, because somebody has to tell of it
 */
export async function revokeNow(
  request: AccessRequest,
  now: string,
  services: RevokeNowServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  try {
    const answer = await revokeAccess(request.id, services);
    if (answer.next === 'wait') await checkRemoval(request.id, services);
  } finally {
    await handOver(request, now, services, isWorkedOn);
  }
}

async function handOver(
  request: AccessRequest,
  now: string,
  services: RevokeNowServices,
  isWorkedOn: () => Promise<boolean>,
): Promise<void> {
  if (await isWoken(request, services)) return;
  if (!(await isWorkedOn())) {
    await services.workflow.startCleanup(request.id, `sweep-${now.slice(0, 13).replace(/\D/g, '')}`);
  } else if (request.tokens.hold === undefined && request.endsAt > now) {
    // What runs may sleep until the end, because there is no token to wake it by. One more, and never a second.
    await services.workflow.startCleanup(request.id, 'sweep-early');
  }
}

/** A wake-up that fails is as good as a workflow that is gone: the clean-up does the same work. */
async function isWoken({ tokens }: AccessRequest, { workflow }: RevokeNowServices): Promise<boolean> {
  return tokens.hold !== undefined && workflow.wake(tokens.hold, { ended: true }).catch(() => false);
}
