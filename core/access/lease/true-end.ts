import { RequestChangedError } from '../../model/errors.ts';
import { happen } from '../../model/events.ts';
import { JOINABLE_STATES } from '../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { assignmentKey } from '../../model/target.ts';
import type { HoldStore, Now, RequestStore } from '../ports.ts';

export interface TrueEndServices {
  readonly requests: Pick<RequestStore, 'change'>;
  readonly holds: Pick<HoldStore, 'given' | 'prune'>;
  readonly now: Now;
}

/**
 * An access with the start and the end that the grant gave it. Many functions may write requests, but only the grant
 * writes holds, and it moves the end in both together. An end that is later in the request alone was not granted, so it
 * is set back.
 *
 * @throws RequestChangedError when the request changed at the same moment
 * @returns the request that the access lives on, as it is then; `undefined` where the grant has begun no such access
 */
export async function keptToItsEnd(root: AccessRequest, services: TrueEndServices): Promise<AccessRequest | undefined> {
  const assignment = assignmentOf(root);
  const given = (await services.holds.given([assignment])).get(assignmentKey(assignment)) ?? [];
  await services.holds.prune(assignment, given);
  const hold = given.find(({ accessId }) => accessId === root.id);
  if (hold === undefined) return undefined;
  // Limits count from the start of the hold, which may be older than the request.
  const { startedAt: startsAt } = hold;
  if (root.endsAt <= hold.endsAt) return { ...root, startsAt };
  const result = await services.requests.change(root.id, {
    from: JOINABLE_STATES,
    event: happen('duration-shortened', services.now().toISOString(), {
      note: `its end had become ${root.endsAt} although nobody extended it`,
      endsAt: hold.endsAt,
    }),
    eventsSeen: root.events.length,
    set: { endsAt: hold.endsAt },
  });
  // If the later end were left in place, the workflow would wait for it although nobody granted it.
  if (!result.changed) throw new RequestChangedError(`access ${root.id} changed while its end was put right`);
  return { ...result.request, startsAt };
}
