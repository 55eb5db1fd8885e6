import type { Decision } from '../../model/decision.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { type AccessRequest, type Vote, waitedSeconds } from '../../model/request.ts';
import type { Now } from '../ports.ts';
import { type DecidedRequest, type DecideServices, decideRequest } from './decide-request.ts';
import { type HeldServices, lookAtHeld } from './held.ts';

export interface DecideAgainServices extends DecideServices, HeldServices {
  readonly now: Now;
}

/**
 * Decides a request that was made before with everything as it is today: the person and their groups, the policies, what they hold
 * and have held. The vote and the grant decide by this alone. Of the request it believes who asks for what and for how long; what
 * the target is called is looked up again, because a policy may go by the name.
 *
 * @param votes as they count now, a vote that is only being considered included
 * @param joins the access the request is about to join, where the caller has just read it; absent: looked up
 * @returns the decision; a refusal where the person is gone from Identity Center or disabled
 * @throws whatever the tables or the directory throw; the caller refuses or retries, and never grants
 */
export async function decideAgain(
  request: AccessRequest,
  votes: readonly Vote[],
  services: DecideAgainServices,
  joins?: HeldAccess,
): Promise<Decision | Refusal> {
  const decided = await decideNow(request, votes, services, joins);
  return 'decision' in decided ? decided.decision : decided;
}

/** The same, and whether all new access is frozen: a freeze ends no vote, but nothing is granted under it. */
export async function decideNow(
  request: AccessRequest,
  votes: readonly Vote[],
  services: DecideAgainServices,
  joins?: HeldAccess,
): Promise<DecidedRequest | Refusal> {
  const { principalId } = request.requester;
  const now = services.now();
  const [found, groups] = await Promise.allSettled([
    services.directory.user(principalId),
    services.directory.groupIdsOf(principalId),
  ]);
  const user = valueIn(found);
  // Of nobody no groups can be read, so it is asked first whether there is somebody.
  if (user === undefined) return refusal('no-longer-allowed', 'the user is gone from Identity Center');
  if (!user.enabled) return refusal('no-longer-allowed', 'the user is disabled in Identity Center');
  return decideRequest(
    {
      person: { principalId, userName: user.userName, email: user.email, groupIds: valueIn(groups) },
      target: request.target,
      names: {},
      recordName: request.names.permissionSetName ?? '',
      durationSeconds: request.durationSeconds,
      reason: request.reason,
      ticket: request.ticket,
      at: request.startsAt > now.toISOString() ? request.startsAt : now.toISOString(),
      votes,
      waitedSeconds: waitedSeconds(request, now),
      withoutBreakGlass: !request.breakGlass,
      held: lookAtHeld(request, services, joins),
    },
    services,
  );
}

function valueIn<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
