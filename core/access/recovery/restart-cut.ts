import type { Assignment } from '../../model/target.ts';
import type { WorkflowPort } from '../ports.ts';

/** An execution that ended otherwise than by succeeding, and what it was started with. */
export interface DeadCut {
  readonly requestId: string;
  readonly made: Assignment;
  /** ISO 8601. */
  readonly cutSince: string;
}

/** One whose starts die this often is left, so that a broken deployment cannot spin; the alarm for stopped workflows tells of each. */
const MOST_STARTS = 4;

const NAME = /^lost-([0-9a-f]{64})(?:-(\d))?$/;

/**
 * Starts once more what was cutting sessions that no request speaks of: neither a request nor a lease is left by which the sweep
 * would find them.
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
