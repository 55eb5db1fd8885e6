import type { Assignment } from '../../model/target.ts';
import type { WorkflowPort } from '../ports.ts';

/** An execution that was cutting sessions and ended without success, and what it was started with. */
export interface DeadCut {
  readonly requestId: string;
  readonly made: Assignment;
  /** ISO 8601. */
  readonly cutSince: string;
}

/**
 * A cut that has died this often is not started again, so that a broken deployment does not start executions without
 * end. The alarm for stopped workflows reports each death.
 */
const MOST_STARTS = 4;

const NAME = /^lost-([0-9a-f]{64})(?:-(\d))?$/;

/**
 * Starts a dead cut again. No request knows of these sessions, so neither a request nor a lease is left by which the
 * sweep would find them.
 *
 * @returns whether it was started
 */
export async function restartCut(
  { requestId, made, cutSince }: DeadCut,
  { workflow }: { readonly workflow: Pick<WorkflowPort, 'startCut'> },
): Promise<boolean> {
  const [, key, start = '1'] = NAME.exec(requestId) ?? [];
  if (key === undefined || Number(start) >= MOST_STARTS) return false;
  await workflow.startCut(`${key}-${Number(start) + 1}`, made, cutSince);
  return true;
}
