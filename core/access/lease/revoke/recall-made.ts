import type { Assignment } from '../../../model/target.ts';
import type { RevokeAnswer } from './revoke-answer.ts';
import { type LostAnswer, type RevokeMadeServices, revokeMade } from './revoke-lost.ts';

export interface RecallServices extends RevokeMadeServices {
  /** What the execution with this name gave, by its own history, which no function can write. */
  readonly executions: { madeBy(executionName: string): Promise<Assignment | undefined> };
}

/** What the workflow knows when it comes to the revoke. */
export interface Remembered {
  readonly requestId: string;
  /** What this workflow's own grant made. */
  readonly made: Assignment | undefined;
  /** True in a clean-up after a workflow whose request the table has lost. */
  readonly lost: boolean;
}

/**
 * The revoke step of the workflow. The input of a clean-up for a lost request does not say what was given, because
 * anyone who may start executions could name any assignment there. It is read from the history of the request's own
 * workflow, and the clean-up keeps it from then on.
 *
 * @returns the answer, and what is known to have been made, for the workflow to keep
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
