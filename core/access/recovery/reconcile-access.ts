import { happen } from '../../model/events.ts';
import { STATES, statesWhere } from '../../model/life-cycle.ts';
import { type RevokeServices, revokeAccess } from '../lease/revoke/revoke-access.ts';
import { mayRepeat } from '../notify/repeated-events.ts';
import type { WorkflowPort } from '../ports.ts';

export interface ReconcileServices extends RevokeServices {
  readonly workflow: WorkflowPort;
}

/** A workflow execution that ended without success. */
export interface DeadWorkflow {
  readonly requestId: string;
  readonly executionName: string;
  readonly status: string;
}

/** The states in which a clean-up has work left; access that has ended owes its report. */
const RECOVERABLE_STATES = statesWhere(({ recoverable }) => recoverable);

/**
 * After this many clean-ups of a request have died, the rest is left to the sweep, so that a broken deployment does not
 * start executions without end.
 */
const MOST_CLEANUPS = 3;

/**
 * Ends what a dead workflow left behind: takes the access back at once, then hands the rest (polling, telling,
 * reporting) to a clean-up execution of the same workflow.
 *
 * @throws whatever the revoke throws, after the clean-up was started: Lambda then runs the function twice more, within
 * minutes
 */
export async function reconcileAccess(dead: DeadWorkflow, services: ReconcileServices): Promise<void> {
  const request = await services.requests.get(dead.requestId);
  if (request === undefined || !STATES[request.state].recoverable) return;
  const at = services.now().toISOString();
  if (mayRepeat(request, 'workflow-stopped', at)) {
    const note = `${dead.executionName} ${dead.status}`;
    await services.requests.change(request.id, {
      from: RECOVERABLE_STATES,
      event: happen('workflow-stopped', at, { note }),
    });
  }
  try {
    if (request.state !== 'ended') await revokeAccess(request.id, services);
  } finally {
    const cleanups = request.events.filter((event) => event.type === 'workflow-stopped').length;
    if (cleanups < MOST_CLEANUPS) await services.workflow.startCleanup(request.id, String(cleanups + 1));
  }
}
