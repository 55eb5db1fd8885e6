import type { Decision } from '../../model/decision.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { type AccessRequest, type Vote, waitedSeconds } from '../../model/request.ts';
import type { Now } from '../ports.ts';
import { type DecidedRequest, type DecideServices, decideRequest } from './decide-request.ts';
import { type HeldServices, lookUpHolds } from './held.ts';

export interface DecideAgainServices extends DecideServices, HeldServices {
  readonly now: Now;
}

/**
 * Decides an existing request again from today's data: the requester's user and groups, the policies, and what the
 * requester holds and has held. Both a vote and the grant rely on this decision alone. It trusts the stored request for
 * who asks for what, why and for how long. The names of the target are looked up again, because a policy may match on a
 * name.
 *
 * @param votes the votes that count now, including a vote that is only being considered
 * @param joins the access the request is about to join, where the caller has just read it; absent: looked up
 * @returns the decision; a refusal where the requester is gone from Identity Center or disabled
 * @throws any error of the tables or the directory; the caller refuses or retries, and never grants
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

/** As `decideAgain`, and also says whether all access is frozen: a freeze stops grants, but does not reject a vote. */
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
  // Reading the groups of a deleted user fails, so the user is checked before that error is thrown.
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
      held: lookUpHolds(request, services, joins),
    },
    services,
  );
}

function valueIn<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
