import { type Assignment, assignmentKey, isGroupTarget } from '../../model/target.ts';
import type { CreatedAssignment } from '../lease/ports.ts';
import { readableRequest } from '../lease/readable-request.ts';
import { recordsGrant } from '../lease/revoke/revoke-lost.ts';
import type { LeaseStore, Now, RequestStore, Sha256, WorkflowPort } from '../ports.ts';
import type { DeadWorkflow } from './reconcile-access.ts';

/** What is needed to find out what a workflow gave that the table does not know of. */
export interface LostGrantServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly leases: Pick<LeaseStore, 'removedFor'>;
  readonly executions: { madeBy(executionName: string): Promise<CreatedAssignment | undefined> };
}

export interface RestartLostServices extends LostGrantServices {
  readonly workflow: Pick<WorkflowPort, 'startCleanup' | 'startCut'>;
  readonly sha256: Sha256;
  readonly now: Now;
}

/**
 * A clean-up that has died this often is not started again, so that a broken deployment does not start executions
 * without end. The alarm for stopped workflows reports each death.
 */
export const MOST_STARTS = 4;

/** A grant that the request table does not know of. */
export interface LostGrant {
  readonly made: CreatedAssignment;
  /** ISO 8601; when it was taken back, by own records. What exists since was given by others. */
  readonly removedAt: string | undefined;
}

/**
 * What the workflow of a request gave, if the request table does not know of it, because the record was deleted or the
 * table was restored from a backup.
 *
 * @throws whatever the table or Step Functions throws
 */
export async function lostGrant(
  requestId: string,
  { requests, leases, executions }: LostGrantServices,
): Promise<LostGrant | undefined> {
  if (recordsGrant(await readableRequest(requestId, requests))) return undefined;
  const made = await executions.madeBy(requestId);
  return made === undefined ? undefined : { made, removedAt: await leases.removedFor(made, requestId) };
}

/**
 * Goes on for a dead workflow, or for a dead clean-up of one, of whose grant the request table knows nothing: with a
 * clean-up, which reads what was given from the workflow's own history; or, if that has been taken back already, with a
 * cut of its sessions alone.
 *
 * @returns whether something was started
 */
export async function restartLost(
  { requestId, executionName }: Pick<DeadWorkflow, 'requestId' | 'executionName'>,
  services: RestartLostServices,
): Promise<boolean> {
  const starts = startsBefore(requestId, executionName);
  if (starts === undefined || starts >= MOST_STARTS) return false;
  const lost = await lostGrant(requestId, services);
  if (lost === undefined) return false;
  if (lost.removedAt === undefined) await startLostCleanup(requestId, starts, services);
  else await cutLost(requestId, lost.made, lost.removedAt, services);
  return true;
}

/**
 * Starts a clean-up of a lost grant. Its name is new each time: after a second restore the first one counts for nothing.
 *
 * @param starts how many were started before
 */
export async function startLostCleanup(
  requestId: string,
  starts: number,
  { workflow, now }: { readonly workflow: Pick<WorkflowPort, 'startCleanup'>; readonly now: Now },
): Promise<void> {
  await workflow.startCleanup(requestId, `lost-${starts + 1}-${now().toISOString().replace(/\D/g, '')}`);
}

/** How many clean-ups of a lost grant were started in a row; `undefined` if the execution is not of this request. */
function startsBefore(requestId: string, executionName: string): number | undefined {
  if (executionName === requestId) return 0;
  const prefix = `${requestId}-cleanup-`;
  if (!executionName.startsWith(prefix)) return undefined;
  return Number(/^lost-(\d+)-/.exec(executionName.slice(prefix.length))?.[1] ?? 0);
}

/** Only an assignment to an account gives credentials. */
async function cutLost(
  requestId: string,
  { principalId, target }: Assignment,
  removedAt: string,
  { workflow, sha256 }: Pick<RestartLostServices, 'workflow' | 'sha256'>,
): Promise<void> {
  if (isGroupTarget(target)) return;
  const made = { principalId, target };
  await workflow.startCut(sha256(`${assignmentKey(made)} lost ${requestId}`), made, removedAt);
}
