import type { AccessItem } from '../../model/access-item.ts';
import type { RequestInput } from '../../model/decision.ts';
import { isGroupTarget } from '../../model/target.ts';
import { compareText } from '../../model/text.ts';
import type { AccessRecord } from '../records/access-records.ts';
import type { AllowPolicy, DenyPolicy, Policy, RequirePolicy } from '../records/policy.ts';
import { candidatesFor, type PolicySet, type UnreadablePolicy } from '../records/policy-set.ts';
import { isForOthers } from '../records/who-index.ts';
import type { Facts, FactsRequest } from './known-facts.ts';
import { type People, peopleIn, recordedWith } from './people.ts';
import {
  approversOf,
  buildGrantRule,
  type EligibleApprovers,
  eligibleFrom,
  type GrantRule,
  sourceOfPolicy,
  sourceOfRecord,
} from './rules/grant-rules.ts';
import {
  groupsOf,
  type Matcher,
  type MatchNeeds,
  matcherFor,
  matchScope,
  matchTarget,
  type ScopeMatch,
} from './rules/matching.ts';
import { readRecords, type UnreadRecord } from './rules/matching-records.ts';
import { combineRequirements, type Requirements } from './rules/requirements.ts';

/** How one policy applies to the request input. Only with `all`, policies clearly about something else are listed. */
export interface PolicyEvaluation<P extends Policy = Policy> extends ScopeMatch {
  readonly policy: P;
}

/** A request input evaluated against all policies and records, before the outcome is chosen. */
export interface Evaluation {
  /** Every policy that could be about the target. */
  readonly candidates: readonly Policy[];
  readonly matcher: Matcher;
  readonly evaluations: readonly PolicyEvaluation[];
  readonly denials: readonly DenyPolicy[];
  /** Policies that cannot be parsed and might deny or restrict this request. */
  readonly unreadable: readonly UnreadablePolicy[];
  /** Allow policies that cannot be parsed and might be about this request. */
  readonly lostAllows: readonly UnreadablePolicy[];
  readonly malformedRecords: readonly UnreadRecord[];
  readonly records: readonly { readonly record: AccessRecord; readonly matched: boolean; readonly why: string }[];
  /** Deny and require policies that may match, for lack of a fact. While there are any, nothing is allowed. */
  readonly undecided: readonly string[];
  readonly requirements: Requirements;
  /** Allow policies that match except for their hours. */
  readonly closed: readonly AllowPolicy[];
  readonly grantRules: readonly GrantRule[];
  /** Allow policies with approvers for this target, for any requester: a break-glass grant passes over them. */
  readonly ordinary: readonly AllowPolicy[];
  readonly eligible: EligibleApprovers;
  readonly people: People;
  readonly needs: Omit<FactsRequest, 'next' | 'personGroupIds'>;
}

/**
 * Evaluates a request input against every policy and record that could be about it.
 *
 * @param options.thorough request every fact that an explanation needs, not only those that the outcome depends on
 * @param options.all evaluate every policy of the policy set, including those that are clearly about something else
 */
export function evaluate(
  policySet: PolicySet,
  items: readonly AccessItem[],
  requestInput: RequestInput,
  facts: Facts,
  options: { readonly thorough?: boolean; readonly all?: boolean } = {},
): Evaluation {
  const { thorough = false, all = false } = options;
  const matcher = matcherFor(requestInput, facts, policySet.groups.length);
  const candidates = all ? policySet.policies : candidatesFor(policySet, requestInput.target, matcher.groupName);
  const wanted = noNeeds();
  const relevant = all || candidates.length < MANY ? candidates : withoutOthers(policySet, candidates, matcher);

  const binding: PolicyEvaluation[] = [];
  const allowing: AllowPolicy[] = [];
  for (const policy of relevant) {
    if (policy.effect === 'allow') {
      allowing.push(policy);
      continue;
    }
    const found = matchScope(policy.scope, matcher, false, wanted);
    if (all || isWorthTelling(found)) binding.push(evaluationOf(policy, found));
  }
  const denials = matching(binding, isDeny);
  // A policy that cannot be parsed binds everyone it may have been meant for.
  const mayBind = policySet.unreadable
    .filter(({ effectGuess }) => effectGuess !== 'allow')
    .map((policy) => ({ policy, match: matchScope(policy.covers, matcher, false, wanted).match }))
    .filter(({ match }) => match !== 'no');
  const unreadable = mayBind.filter(({ match }) => match === 'yes').map(({ policy }) => policy);
  const undecided = [...binding, ...mayBind]
    .filter(({ match }) => match === 'unknown')
    .map(({ policy }) => policy.name);
  const requirements = combineRequirements(matching(binding, isRequire));
  const people = peopleIn(policySet.persons, requestInput.person, facts);
  const eligible = eligibleFrom(facts, people);

  const { records, malformedRecords } = readRecords(items, matcher, wanted);
  const recordRules = records
    .filter(({ matched }) => matched)
    .map(({ record }) => buildGrantRule(sourceOfRecord(record), requirements, requestInput, eligible, people));
  const settled = denials.length > 0 || unreadable.length > 0;
  // Facts about allow policies are not needed where a record grants anyway. While deny or require policies are
  // undecided, assume that it does: a later round asks again.
  const recordSuffices = recordRules.some((grantRule) => undecided.length > 0 || isFree(grantRule));
  const askAllows = thorough || !(settled || recordSuffices);
  const evaluations: PolicyEvaluation<AllowPolicy>[] = [];
  for (const policy of allowing) {
    const found = matchScope(policy.scope, matcher, true, askAllows ? wanted : undefined);
    if (all || isWorthTelling(found)) evaluations.push(evaluationOf(policy, found));
  }
  const lostAllows = policySet.unreadable.filter(
    ({ effectGuess, covers }) =>
      effectGuess === 'allow' && matchScope(covers, matcher, true, askAllows ? wanted : undefined).match === 'yes',
  );
  const allows = evaluations.filter(({ match }) => match === 'yes').map(({ policy }) => policy);
  const grantRules = [
    ...recordRules,
    ...allows.map((policy) => buildGrantRule(sourceOfPolicy(policy), requirements, requestInput, eligible, people)),
  ];

  const passedOver = grantRules.some(({ breakGlass }) => breakGlass)
    ? candidates
        .filter(isAllow)
        .filter(
          ({ breakGlass, approval, scope }) =>
            !breakGlass && approval !== undefined && matchTarget(scope, matcher).match === 'yes',
        )
    : [];
  const nothingWanted = settled && !thorough;
  const matchingKnown = isEmptyNeeds(wanted);
  const voting =
    nothingWanted || !matchingKnown
      ? NO_VOTING
      : votingNeeds({
          ...{ requestInput, facts, grantRules, ordinary: passedOver, requirements, eligible, thorough },
          persons: policySet.persons,
        });
  return {
    candidates,
    matcher,
    evaluations: [...binding, ...evaluations],
    denials,
    unreadable,
    lostAllows,
    malformedRecords,
    records,
    undecided,
    requirements,
    closed: evaluations.filter(({ because }) => because === 'hours').map(({ policy }) => policy),
    grantRules,
    ordinary: passedOver,
    eligible,
    people,
    needs: { ...(nothingWanted ? asRequest(noNeeds(), requestInput) : asRequest(wanted, requestInput)), ...voting },
  };
}

/** From this number of policies on, sorting out those that are clearly for other people first saves time. */
const MANY = 500;

/** Leaves out the policies that are clearly for other people, which the trace would not list either. */
function withoutOthers({ groups, who }: PolicySet, candidates: readonly Policy[], matcher: Matcher): readonly Policy[] {
  const mayBeIn = groupsOf(matcher, groups);
  return candidates.filter(({ place }) => place === undefined || !isForOthers(who, place, mayBeIn));
}

/** It matches, it may match, or it would match at another time or if its user name were not ambiguous. */
function isWorthTelling({ match, because }: ScopeMatch): boolean {
  return match !== 'no' || because === 'hours' || because === 'ambiguous';
}

function evaluationOf<P extends Policy>(policy: P, { match, because }: ScopeMatch): PolicyEvaluation<P> {
  return because === undefined ? { policy, match } : { policy, match, because };
}

/** Is the path usable without any vote? */
export function isFree(grantRule: GrantRule): boolean {
  return grantRule.problems.length === 0 && grantRule.needs.length === 0;
}

const isAllow = (policy: Policy): policy is AllowPolicy => policy.effect === 'allow';
const isDeny = (policy: Policy): policy is DenyPolicy => policy.effect === 'deny';
const isRequire = (policy: Policy): policy is RequirePolicy => policy.effect === 'require';

function matching<P extends Policy>(
  evaluations: readonly PolicyEvaluation[],
  is: (policy: Policy) => policy is P,
): P[] {
  return evaluations
    .filter(({ match }) => match === 'yes')
    .map(({ policy }) => policy)
    .filter(is);
}

type VotingNeeds = Pick<FactsRequest, 'approvers' | 'voters' | 'votesWanted'>;
const NO_VOTING: VotingNeeds = { approvers: [], voters: [], votesWanted: 1 };

/** The approvers and voters to look up; none where a path grants without votes. */
function votingNeeds({
  requestInput,
  facts,
  grantRules,
  ordinary,
  requirements,
  eligible,
  thorough,
  persons,
}: Pick<Evaluation, 'grantRules' | 'ordinary' | 'requirements' | 'eligible'> & {
  readonly requestInput: RequestInput;
  readonly facts: Facts;
  readonly thorough: boolean;
  readonly persons: PolicySet['persons'];
}): VotingNeeds {
  const open = grantRules.filter((grantRule) => !(grantRule.breakGlass && requestInput.withoutBreakGlass === true));
  if (!thorough && open.some((grantRule) => isFree(grantRule) && !grantRule.breakGlass)) return NO_VOTING;
  const refs = new Set<string>();
  let votesWanted = requirements.ownVotes?.count ?? 1;
  for (const { rule } of grantRules) {
    for (const ref of approversOf(rule, Number.POSITIVE_INFINITY)) refs.add(ref);
    votesWanted = Math.max(votesWanted, rule?.count ?? 1);
  }
  for (const { approval } of ordinary) for (const ref of approversOf(approval, 0)) refs.add(ref);
  for (const { approvers, count } of requirements.extraVotes) {
    for (const ref of grantRules.length > 0 ? approvers : []) refs.add(ref);
    votesWanted = Math.max(votesWanted, count);
  }
  const approvers = [...refs].filter((ref) => !facts.approvers.has(ref));
  // Only voters who are approvers are looked up; any other vote is refused without a look-up.
  const eligibleVoters = approvers.length > 0 ? undefined : eligible([...refs], undefined, { leased: true });
  const voters = requestInput.votes.map(({ principalId }) => principalId);
  const counted = [...new Set(voters)].filter((id) => thorough || eligibleVoters?.has(id) === true);
  // Users that a record links to the requester or a voter: their e-mail may link yet another user.
  const theirs = refs.size > 0 ? recordedWith(persons, [requestInput.person.principalId, ...counted]) : [];
  const unseen = [...counted, ...theirs].filter((id) => !facts.users.has(id));
  return { approvers, voters: approvers.length > 0 ? [] : unseen, votesWanted };
}

function noNeeds(): MatchNeeds {
  return {
    permissionSet: false,
    group: false,
    ouPath: false,
    tags: false,
    groupNames: new Set(),
    userNames: new Set(),
  };
}

function isEmptyNeeds(needs: MatchNeeds): boolean {
  const { permissionSet, group, ouPath, tags, groupNames, userNames } = needs;
  return !(permissionSet || group || ouPath || tags || groupNames.size > 0 || userNames.size > 0);
}

function asRequest(needs: MatchNeeds, { target }: RequestInput) {
  const about = isGroupTarget(target)
    ? needs.group
      ? { groupId: target.groupId }
      : {}
    : {
        ...(needs.permissionSet ? { permissionSetArn: target.permissionSetArn } : {}),
        ...(needs.ouPath ? { ouPathOf: target.accountId } : {}),
        ...(needs.tags ? { tagsOf: target.accountId } : {}),
      };
  return {
    ...about,
    groupNames: [...needs.groupNames].sort(compareText),
    userNames: [...needs.userNames].sort(compareText),
  };
}
