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
 * A clean-up that has died this often is not started again, so that a broken deployment does not start executions
 * without end. The alarm for stopped workflows reports each death.
 */
const MOST_STARTS = 4;

/** The first clean-up of a request whose workflow died. */
const FIRST = 'lost';

/**
 * Starts a clean-up for a dead workflow, or for a dead clean-up of one, of whose grant the request table knows nothing,
 * because the record was deleted or the table was restored from a backup. The clean-up reads what was given from the
 * workflow's own history.
 *
 * @returns whether one was started
 */
export async function restartLost(
  { requestId, executionName }: Pick<DeadWorkflow, 'requestId' | 'executionName'>,
  services: RestartLostServices,
): Promise<boolean> {
  const attempt = nextAttempt(requestId, executionName);
  if (attempt === undefined || (await lostGrant(requestId, services)) === undefined) return false;
  await services.workflow.startCleanup(requestId, attempt);
  return true;
}

/**
 * What the workflow of a request gave, if the request table does not know of it.
 *
 * @throws whatever the table or Step Functions throws
 */
export async function lostGrant(
  requestId: string,
  { requests, executions }: Pick<RestartLostServices, 'requests' | 'executions'>,
): Promise<CreatedAssignment | undefined> {
  return recordsGrant(await readableRequest(requestId, requests)) ? undefined : executions.madeBy(requestId);
}

/** Other clean-ups have a request that knows of its grant: those are started again by that request's history. */
function nextAttempt(requestId: string, executionName: string): string | undefined {
  if (executionName === requestId) return FIRST;
  if (!executionName.startsWith(`${requestId}-cleanup-`)) return undefined;
  const [, first, starts = '1'] =
    /^(lost(?:-at-\d{12})?)(?:-(\d))?$/.exec(executionName.slice(`${requestId}-cleanup-`.length)) ?? [];
  return first === undefined || Number(starts) >= MOST_STARTS ? undefined : `${first}-${Number(starts) + 1}`;
}
