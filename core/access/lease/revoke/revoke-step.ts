import type { CreatedAssignment } from '../ports.ts';
import type { RevokeUnrecordedServices } from './remove-lost.ts';
import type { RevokeAnswer } from './revoke-answer.ts';
import { type LostAnswer, revokeUnrecorded } from './revoke-lost.ts';

export interface RevokeStepServices extends RevokeUnrecordedServices {
  /** What the execution with this name gave, by its own history, which no function can write. */
  readonly executions: { madeBy(executionName: string): Promise<CreatedAssignment | undefined> };
}

/** What the workflow knows when it comes to the revoke. */
export interface RevokeInput {
  readonly requestId: string;
  /** What this workflow's own grant made; absent in a clean-up. */
  readonly made: CreatedAssignment | undefined;
}

/**
 * The revoke step of the workflow. A clean-up does not know what its request was given: its input does not say so,
 * because anyone who may start executions could name any assignment there. If the request does not know either, as it
 * was deleted or the table is from before its grant, the history of the request's own workflow is read, and the
 * clean-up keeps what it says.
 *
 * @returns the answer, and what is known to have been made, for the workflow to keep
 * @throws as `revokeUnrecorded`; whatever the history throws, for the workflow to try again
 */
export async function revokeStep(
  { requestId, made }: RevokeInput,
  step: () => Promise<RevokeAnswer>,
  services: RevokeStepServices,
): Promise<LostAnswer & { readonly made: CreatedAssignment | '' }> {
  let known = made;
  const recall = async () => {
    known = await services.executions.madeBy(requestId);
    return known;
  };
  const answer = await revokeUnrecorded(requestId, { known, recall }, step, services);
  return { ...answer, made: known ?? '' };
}
