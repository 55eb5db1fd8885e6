import type { AccessItem } from '../../model/access-item.ts';
import { unaskedInput } from '../../model/decision.ts';
import { isGroupTarget, type Target } from '../../model/target.ts';
import { evaluate } from '../decision/evaluate.ts';
import type { GrantRule } from '../decision/rules/grant-rules.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { approverRefs } from './check-names.ts';
import { blocksPath, isUsable, needsNobody, timeless } from './easiest-path.ts';
import type { Organization } from './organization.ts';
import { sharedFacts } from './resolve.ts';

/** People who can get certain targets by one path without another person's vote. */
export interface Reach {
  /** Name of the policy, or id of the access record. */
  readonly path: string;
  readonly userIds: readonly string[];
  readonly targets: readonly Target[];
  readonly breakGlass: boolean;
}

/** The most combinations of person and target to evaluate, so that a check in a terminal soon ends. */
const MAX_QUESTIONS = 60_000;

/** `alone`: with no second person. `at-all`: with any number of votes. */
export type ReachHow = 'alone' | 'at-all';

/**
 * Who can reach what with no second person, at any time of the week: the hours of an allow count as open, and a deny or
 * require with hours counts as not binding.
 *
 * @param most the most combinations of person and target to evaluate; a caller that can wait may raise it
 * @param how `at-all`: include what takes approvals
 * @returns `undefined` when there are more combinations of people and targets than `most`
 */
export function reachAlone(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization,
  at: string,
  most = MAX_QUESTIONS,
  how: ReachHow = 'alone',
): readonly Reach[] | undefined {
  const found = new Map<string, { breakGlass: boolean; byTarget: Map<Target, string[]> }>();
  const isReachedBy = how === 'alone' ? needsNobody : isUsable;
  const done = eachRule(policySet, records, organization, at, most, (rule, principalId, target) => {
    if (!isReachedBy(rule, principalId)) return;
    const reach = found.get(rule.name) ?? { breakGlass: rule.breakGlass, byTarget: new Map() };
    found.set(rule.name, reach);
    reach.byTarget.set(target, [...(reach.byTarget.get(target) ?? []), principalId]);
  });
  return done ? [...found].flatMap(([path, reach]) => groupByPeople(path, reach)) : undefined;
}

/**
 * Policies that match people and targets, but can never grant anything, whatever the votes. The value is the first
 * problem found.
 *
 * @returns `undefined` as `reachAlone` does
 */
export function uselessPolicies(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization,
  at: string,
): ReadonlyMap<string, string> | undefined {
  const inTheWay = new Map<string, string>();
  const useful = new Set<string>();
  const done = eachRule(policySet, records, organization, at, MAX_QUESTIONS, (rule) => {
    if (isUsable(rule)) useful.add(rule.name);
    else if (!inTheWay.has(rule.name)) inTheWay.set(rule.name, rule.problems.find(blocksPath)?.sentence ?? '');
  });
  return done ? new Map([...inTheWay].filter(([name]) => !useful.has(name))) : undefined;
}

/**
 * Calls `visit` for each path of each person to each target that nothing denies.
 *
 * @returns false for too many combinations
 */
function eachRule(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization,
  at: string,
  most: number,
  visit: (rule: GrantRule, principalId: string, target: Target) => void,
): boolean {
  const targets: Target[] = [
    ...organization.accounts.flatMap(({ id: accountId }) =>
      organization.permissionSets.map(({ arn: permissionSetArn }) => ({ accountId, permissionSetArn })),
    ),
    ...organization.groups.map(({ id: groupId }) => ({ groupId })),
  ];
  const people = organization.users.filter(({ enabled }) => enabled);
  if (targets.length * people.length > most) return false;

  const always = timeless(policySet);
  const shared = sharedFacts(
    organization,
    refsOf(policySet),
    policySet.policies.flatMap(({ scope }) => scope.who.users),
  );
  for (const target of targets) {
    const facts = { ...shared, ...aboutTarget(target, organization) };
    for (const { id: principalId, userName, email, groups: groupIds } of people) {
      const person = { principalId, userName, email, groupIds };
      const requestInput = unaskedInput(person, target, at);
      const { grantRules, denials, unreadable } = evaluate(always, records, requestInput, facts);
      if (denials.length + unreadable.length > 0) continue;
      for (const rule of grantRules) visit(rule, principalId, target);
    }
  }
  return true;
}

/** Groups targets that the same people reach by the same path. */
function groupByPeople(path: string, reach: { breakGlass: boolean; byTarget: Map<Target, string[]> }): Reach[] {
  const groups = new Map<string, { userIds: string[]; targets: Target[] }>();
  for (const [target, userIds] of reach.byTarget) {
    const key = userIds.join(' ');
    const group = groups.get(key) ?? { userIds, targets: [] };
    group.targets.push(target);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ path, breakGlass: reach.breakGlass, ...group }));
}

function refsOf({ policies }: PolicySet): ReadonlySet<string> {
  return new Set(policies.flatMap((policy) => approverRefs(policy).map(([, ref]) => ref)));
}

function aboutTarget(target: Target, organization: Organization) {
  if (isGroupTarget(target))
    return { groupName: organization.groups.find(({ id }) => id === target.groupId)?.name ?? null };
  const account = organization.accounts.find(({ id }) => id === target.accountId);
  const set = organization.permissionSets.find(({ arn }) => arn === target.permissionSetArn);
  return { permissionSetName: set?.name ?? null, ouPath: account?.ou ?? [], tags: account?.tags ?? {} };
}
