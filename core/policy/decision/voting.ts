import type { CastVote, RequestInput } from '../../model/decision.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { Facts } from './known-facts.ts';
import type { People } from './people.ts';
import { addToQuorum, isReached, type Quorum } from './quorum.ts';
import { type GrantRule, startingQuorum } from './rules/grant-rules.ts';

/** A path that waits for votes, and the votes it has so far. */
export interface WaitingGrantRule {
  readonly grantRule: GrantRule;
  /** Absent while nobody has voted on it. */
  readonly quorum?: Quorum;
}

/** The result of counting the votes. */
export interface Voting {
  /** Paths that have all the votes they need. */
  readonly satisfied: readonly GrantRule[];
  readonly waiting: readonly WaitingGrantRule[];
  /** The approver whose deny vote ended the request. */
  readonly deniedBy?: string;
  readonly refusedVotes: readonly { readonly principalId: string; readonly why: Refusal }[];
}

/**
 * Counts the votes in the order they were cast, until one decides. A deny by anyone who may approve the target on a
 * matching path ends the request: several paths offer several ways to a yes, but none around a no.
 *
 * @param usable the paths that can be used and need votes
 * @param eligibleVoters everyone who may vote on any matching path, including paths that are not usable
 */
export function countVotes(
  usable: readonly GrantRule[],
  eligibleVoters: ReadonlySet<string>,
  requestInput: RequestInput,
  facts: Facts,
  people: People,
): Voting {
  const refusedVotes: { principalId: string; why: Refusal }[] = [];
  const voted = new Set<string>();
  const { principalId } = requestInput.person;
  // Thousands of paths may wait, so a quorum is only built where there are votes.
  const idle = requestInput.votes.length === 0;
  let waiting: WaitingGrantRule[] = usable.map((grantRule) =>
    idle && !grantRule.selfGiven ? { grantRule } : { grantRule, quorum: startingQuorum(grantRule, principalId) },
  );
  let deniedBy: string | undefined;
  const satisfied = () =>
    waiting.filter(({ quorum }) => quorum !== undefined && isReached(quorum)).map(({ grantRule }) => grantRule);

  for (const vote of requestInput.votes) {
    const decided = deniedBy !== undefined || satisfied().length > 0;
    const why = decided
      ? refusal('already-decided')
      : refusesVoter(vote, voted, usable, eligibleVoters, requestInput, facts, people);
    if (why !== undefined) {
      refusedVotes.push({ principalId: vote.principalId, why });
      continue;
    }
    if (vote.vote === 'deny') {
      voted.add(people.of(vote.principalId));
      deniedBy = vote.principalId;
      continue;
    }
    // The requester's own vote, where it counts, is in the starting quorum already.
    if (people.of(vote.principalId) === people.of(principalId)) continue;
    const next = waiting.map((one) => withVote(one, vote.principalId));
    if (next.every((one, index) => one === waiting[index])) {
      refusedVotes.push({ principalId: vote.principalId, why: uselessVote(vote.principalId, usable) });
      continue;
    }
    voted.add(people.of(vote.principalId));
    waiting = next;
  }
  return { satisfied: satisfied(), waiting, refusedVotes, deniedBy };
}

/** Why an approver's yes has no effect. */
function uselessVote(principalId: string, usable: readonly GrantRule[]): Refusal {
  if (usable.length === 0) return refusal('no-longer-allowed');
  const onPath = usable.some(({ needs }) => needs.some(({ approvers }) => approvers.has(principalId)));
  return onPath
    ? refusal('already-decided', 'the votes still needed are those of other people')
    : refusal('not-approver');
}

function withVote(waiting: WaitingGrantRule, person: string): WaitingGrantRule {
  const next = waiting.quorum === undefined ? undefined : addToQuorum(waiting.quorum, person);
  return next === undefined ? waiting : { grantRule: waiting.grantRule, quorum: next };
}

function refusesVoter(
  { principalId, vote }: CastVote,
  voted: ReadonlySet<string>,
  usable: readonly GrantRule[],
  eligibleVoters: ReadonlySet<string>,
  requestInput: RequestInput,
  facts: Facts,
  people: People,
): Refusal | undefined {
  const user = facts.users.get(principalId);
  if (user === null) return refusal('principal-not-found', principalId);
  if (user?.enabled === false) return refusal('principal-disabled');
  // A person who voted yes may still change to no before the decision; only a second yes is refused.
  if (vote === 'approve' && voted.has(people.of(principalId))) return refusal('already-voted');
  if (people.of(principalId) === people.of(requestInput.person.principalId)) {
    const given = vote === 'approve' && usable.some(({ selfGiven }) => selfGiven);
    return given ? undefined : refusal('own-request');
  }
  return eligibleVoters.has(principalId) ? undefined : refusal('not-approver');
}
