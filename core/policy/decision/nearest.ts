import { isGroupTarget } from '../../model/target.ts';
import { compareText } from '../../model/text.ts';
import { isOpen } from '../records/hours.ts';
import type { AccountScope, NameScope, Policy } from '../records/policy.ts';
import type { PolicySet } from '../records/policy-set.ts';
import type { Evaluation } from './evaluate.ts';
import { type Matcher, matchAccount, matchWho } from './rules/matching.ts';

/**
 * Another permission set that the person may ask for in the same account, or another group, and the policy that offers
 * it. It is suggested where no change to the request itself would help. Anything that a deny, readable or not, might
 * cover is left out; so the suggestion may miss something, but is never refused by a deny.
 */
export function nearestAlternative(policySet: PolicySet, { matcher, candidates }: Evaluation): string | undefined {
  const { target } = matcher.requestInput;
  const offers: { readonly policy: string; readonly name: string }[] = [];
  // The candidates include every policy about this account; another group may be in any policy.
  const policies = isGroupTarget(target) ? policySet.policies : candidates;
  for (const policy of policies) {
    if (policy.effect !== 'allow' || !isFor(policy, matcher, true)) continue;
    for (const name of namesOf(policy, matcher)) offers.push({ policy: policy.name, name });
  }
  const bars = [
    ...policies.filter(({ effect }) => effect === 'deny'),
    ...policySet.unreadable.filter(({ effectGuess }) => effectGuess !== 'allow'),
  ];
  const open = offers.filter(
    ({ name }) => !bars.some((bar) => mightBar('scope' in bar ? bar.scope : bar.covers, name, matcher)),
  );
  const [best] = open.sort((a, b) => compareText(a.name, b.name) || compareText(a.policy, b.policy));
  if (best === undefined) return undefined;
  const what = isGroupTarget(target) ? `the group ${best.name}` : `${best.name} in this account`;
  return `${what}, by policy ${best.policy}`;
}

function isFor(policy: Policy, matcher: Matcher, strict: boolean): boolean {
  const { scope } = policy;
  if (scope.hours !== undefined && !isOpen(scope.hours, matcher.at, matcher.walls)) return false;
  return matchWho(scope.who, matcher, strict).match === 'yes';
}

/** What the policy names besides the requested target. */
function namesOf({ scope }: Policy, matcher: Matcher): readonly string[] {
  const { target } = matcher.requestInput;
  if (isGroupTarget(target)) return others(scope.groups, target.groupId, matcher.groupName);
  if (!covers(scope.accounts, target.accountId, matcher)) return [];
  return others(scope.permissionSets, target.permissionSetArn, matcher.permissionSetName);
}

function others(scope: NameScope | undefined, id: string, name: string | null | undefined): readonly string[] {
  return scope === undefined ? [] : [...scope.names].filter((other) => other !== id && other !== name);
}

function covers(scope: AccountScope | undefined, accountId: string, matcher: Matcher): boolean {
  return scope !== undefined && matchAccount(scope, accountId, matcher.facts) === 'yes';
}

/** A name and an ARN may mean the same permission set, so a deny that uses the other form is assumed to cover it. */
function mightBar(scope: Policy['scope'], name: string, matcher: Matcher): boolean {
  const { target } = matcher.requestInput;
  if (matchWho(scope.who, matcher, false).match === 'no') return false;
  if (isGroupTarget(target))
    return scope.groups !== undefined
      ? mightName(scope.groups, name)
      : scope.accounts === undefined && scope.permissionSets === undefined;
  if (scope.groups !== undefined) return false;
  if (scope.accounts !== undefined && matchAccount(scope.accounts, target.accountId, matcher.facts) === 'no')
    return false;
  return scope.permissionSets === undefined || mightName(scope.permissionSets, name);
}

function mightName(scope: NameScope, name: string): boolean {
  if (scope.all || scope.names.has(name)) return true;
  const isArn = name.startsWith('arn:');
  return [...scope.names].some((other) => other.startsWith('arn:') !== isArn);
}
