import type { Assignment } from '../../../model/target.ts';
import type { RevokeAnswer } from './revoke-answer.ts';
import { type LostAnswer, type RevokeMadeServices, revokeMade } from './revoke-lost.ts';

export interface RecallServices extends RevokeMadeServices {
  /** What the execution of this name gave, by its own history, which no function can write. */
  readonly executions: { madeBy(executionName: string): Promise<Assignment | undefined> };
}

/** What the workflow knows when it comes to the revoke. */
export interface Remembered {
  readonly requestId: string;
  /** What its own grant made. */
  readonly made: Assignment | undefined;
  /** It is a clean-up after a workflow whose request the table has lost. */
  readonly lost: boolean;
}

/**
 * The workflow's step of the revoke. A clean-up that is told that its request is lost is told nothing of what was given: whoever may
 * start executions could name anything. It is read from the history of the request's own workflow, and kept from then on.
 *
 * @returns the answer, and what is known to be made, for the workflow to keep
 * @throws as `revokeMade`; whatever the history throws, for the workflow to try again
 */
export async function revokeRecalled(
  { requestId, made, lost }: Remembered,
  step: () => Promise<RevokeAnswer>,
  services: RecallServices,
): Promise<LostAnswer & { readonly made: Assignment | '' }> {
  const known = made ?? (lost ? await services.executions.madeBy(requestId) : undefined);
  return { ...(await revokeMade(requestId, known, step, services)), made: known ?? '' };
}
