import type { CreatedAssignment } from '../lease/ports.ts';
import { readableRequest } from '../lease/readable-request.ts';
import { recordsGrant } from '../lease/revoke/revoke-lost.ts';
import type { RequestStore, WorkflowPort } from '../ports.ts';
import type { DeadWorkflow } from './reconcile-access.ts';

export interface RestartLostServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly workflow: Pick<WorkflowPort, 'startCleanup'>;
  readonly executions: { madeBy(executionName: string): Promise<CreatedAssignment | undefined> };
}

/**
 * Starts a clean-up for a dead workflow whose grant the request table knows nothing of, because the record was deleted
 * or the table was restored from a backup. The clean-up reads what was given from the workflow's own history.
 *
 * @returns whether one was started
 */
export async function restartLost(
  { requestId, executionName }: Pick<DeadWorkflow, 'requestId' | 'executionName'>,
  { requests, workflow, executions }: RestartLostServices,
): Promise<boolean> {
  // Only a request's own workflow gives access. A clean-up that died is followed up by the sweep and the next clean-up.
  if (executionName !== requestId || recordsGrant(await readableRequest(requestId, requests))) return false;
  if ((await executions.madeBy(executionName)) === undefined) return false;
  await workflow.startCleanup(requestId, 'lost');
  return true;
}
