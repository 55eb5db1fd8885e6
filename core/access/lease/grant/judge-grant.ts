import type { Decision } from '../../../model/decision.ts';
import { isInstant } from '../../../model/events.ts';
import type { HeldAccess } from '../../../model/held-access.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { AccessRequest, PolicyText } from '../../../model/request.ts';
import { policyTextOf } from '../../../policy/records/record-text.ts';
import { agreedSeconds, countedVotes, votesUntil } from '../../approval/counted-votes.ts';
import type { Sha256, VotedRequest } from '../../ports.ts';
import { type DecideAgainServices, decideNow } from '../../request/decide-again.ts';

export interface JudgeGrantServices extends DecideAgainServices {
  readonly sha256: Sha256;
}

/** What may be given now, by the current policies and the votes that were cast. */
export interface GrantJudgement {
  readonly decision: Decision;
  /** The duration that was asked for, or less where an approver shortened it. */
  readonly durationSeconds: number;
  /** The policy or access record by which it may be given, as it stands now. */
  readonly policy?: PolicyText;
  /** ISO 8601; until when the votes on the request count, where there are any. */
  readonly votesUntil?: string;
}

/**
 * Judges a request at the moment of the grant, as if it had never been judged. Many functions may write requests, so
 * what a request says of its own approval, or of when it was decided, proves nothing.
 *
 * @param joins the access the request is about to join
 * @returns what may be given, or why nothing may
 * @throws whatever the tables or the directory throw
 */
export async function judgeGrant(
  { request, votes }: VotedRequest,
  services: JudgeGrantServices,
  joins?: HeldAccess,
): Promise<GrantJudgement | Refusal> {
  if (!isReadable(request)) return refusal('no-longer-allowed', 'the request cannot be read');
  const counted = countedVotes(request, votes, services.now().toISOString());
  const durationSeconds = agreedSeconds(request.durationSeconds, counted);
  const decided = await decideNow({ ...request, durationSeconds }, counted, services, joins);
  if (!('decision' in decided)) return decided;
  const { decision, storeState, items } = decided;
  if (storeState.frozen !== undefined) return refusal('frozen', storeState.frozen.reason);
  if (storeState.locked !== undefined) return refusal('locked', storeState.locked.reason);
  const why = whyNot(decision);
  if (why !== undefined) return why;
  const policy =
    decision.path === undefined
      ? undefined
      : policyTextOf(decision.path, items.flat(), storeState.accessVersion, services.sha256);
  const until = votesUntil(votes);
  return {
    ...{ decision, durationSeconds },
    ...(policy === undefined ? {} : { policy }),
    ...(until === undefined ? {} : { votesUntil: until }),
  };
}

/**
 * Why a request that was approved is not granted now. The refusal of a limit says what is left of the limit; any other
 * reason means that something has changed meanwhile.
 */
function whyNot(decision: Decision): Refusal | undefined {
  if (decision.outcome === 'granted') return undefined;
  const { refusal: why } = decision;
  return why !== undefined && LIMITS.includes(why.reason) ? why : refusal('no-longer-allowed', decision.reason);
}

const LIMITS: readonly Refusal['reason'][] = ['hold-limit', 'per-day', 'cooldown'];

/** Malformed durations and instants are refused, because a comparison with a limit would find them within it. */
function isReadable({ requester, durationSeconds, startsAt, windowFrom, reason, ticket }: AccessRequest): boolean {
  return (
    typeof requester.principalId === 'string' &&
    requester.principalId !== '' &&
    Number.isInteger(durationSeconds) &&
    durationSeconds > 0 &&
    isInstant(startsAt) &&
    (windowFrom === undefined || isInstant(windowFrom)) &&
    typeof reason === 'string' &&
    typeof ticket === 'string'
  );
}
