import type { WorkflowPort } from './ports.ts';
import type { AccessRequest } from './request.ts';
import { checkRemoval, type RevokeServices, revokeAccess } from './revoke-access.ts';

export interface TakeBackServices extends RevokeServices {
  readonly workflow: WorkflowPort;
}

/**
 * Takes the access of a request back here and now, and has a workflow tell and report: its own, where that still waits for a
 * wake-up that was lost; otherwise a clean-up, one an hour, should that die too.
 *
 * @param now ISO 8601
 * @throws whatever the revoke or the start of the clean-up throws, for the next sweep to try again
 */
export async function takeBack(request: AccessRequest, now: string, services: TakeBackServices): Promise<void> {
  const answer = await revokeAccess(request.id, services);
  if (answer.next === 'wait') await checkRemoval(request.id, services);
  if (await isWoken(request, services)) return;
  await services.workflow.startCleanup(request.id, `sweep-${now.slice(0, 13).replace(/\D/g, '')}`);
}

/** A wake-up that fails is as good as a workflow that is gone: the clean-up does the same work. */
async function isWoken({ tokens }: AccessRequest, { workflow }: TakeBackServices): Promise<boolean> {
  return tokens.hold !== undefined && workflow.wake(tokens.hold, { ended: true }).catch(() => false);
}
