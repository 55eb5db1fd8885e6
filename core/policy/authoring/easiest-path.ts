import type { AccessItem } from '../../model/access-item.ts';
import type { RequestInput } from '../../model/decision.ts';
import { evaluate } from '../decision/evaluate.ts';
import type { Facts } from '../decision/known-facts.ts';
import { isReached, type Missing, stillNeeded } from '../decision/quorum.ts';
import { type GrantRule, type Problem, startingQuorum } from '../decision/rules/grant-rules.ts';
import type { Policy } from '../records/policy.ts';
import { type PolicySet, policySetOfItems } from '../records/policy-set.ts';

/** How a person can get a target: alone, by breaking the glass, or with approval. */
export interface EasiestPath {
  readonly how: 'alone' | 'break-glass' | 'approval';
  /** Name of the policy, or id of the access record. */
  readonly path: string;
  /** Principal ids and counts of the votes needed without breaking the glass; empty for none, or no such path. */
  readonly votes: readonly Missing[];
}

/**
 * The easiest path of a person to a target at any time of the week; `undefined` where there is none.
 *
 * @param timelessSet result of `timeless`
 */
export function easiestPath(
  timelessSet: PolicySet,
  records: readonly AccessItem[],
  requestInput: RequestInput,
  facts: Facts,
): EasiestPath | undefined {
  const { grantRules, denials, unreadable, undecided } = evaluate(timelessSet, records, requestInput, facts);
  if (denials.length + unreadable.length + undecided.length > 0) return undefined;
  const { principalId } = requestInput.person;
  const usable = grantRules.filter(isUsable);
  const quiet = usable.filter(({ breakGlass }) => !breakGlass);
  const alone = quiet.find((rule) => needsNobody(rule, principalId));
  if (alone !== undefined) return { how: 'alone', path: alone.name, votes: [] };
  // Of several paths, take the one that needs the fewest votes.
  const [asked] = quiet
    .map((rule) => ({ path: rule.name, votes: stillNeeded(rule.needs, startingQuorum(rule, principalId)) }))
    .sort((a, b) => votesOf(a.votes) - votesOf(b.votes));
  const broken = usable.find((rule) => rule.breakGlass && needsNobody(rule, principalId));
  if (broken !== undefined) return { how: 'break-glass', path: broken.name, votes: asked?.votes ?? [] };
  return asked === undefined ? undefined : { how: 'approval', ...asked };
}

function votesOf(votes: readonly Missing[]): number {
  return votes.reduce((sum, { count }) => sum + count, 0);
}

/** Does the path grant without the vote of another person? */
export function needsNobody(path: GrantRule, principalId: string): boolean {
  return isUsable(path) && isReached(startingQuorum(path, principalId));
}

/** Can the path be used, with any number of votes? */
export function isUsable({ problems }: GrantRule): boolean {
  return !problems.some(blocksPath);
}

/** Is the problem something other than a missing reason or ticket? The requester can simply write those. */
export function blocksPath({ refusal: { reason } }: Problem): boolean {
  return reason !== 'reason-required' && reason !== 'ticket-required';
}

/** The policies as if every allow were always open, and without denies and requires that apply only at some hours. */
export function timeless(policySet: PolicySet): PolicySet {
  const policies = policySet.policies.flatMap((policy): Policy[] => {
    const { hours, ...scope } = policy.scope;
    if (hours === undefined) return [policy];
    return policy.effect === 'allow' ? [{ ...policy, scope }] : [];
  });
  return { ...policySetOfItems(policies, policySet.unreadable), persons: policySet.persons };
}
