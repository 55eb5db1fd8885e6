import type { AccessItem } from '../../model/access-item.ts';
import { ACCESS_PREFIX } from '../../model/stored-ids.ts';
import { votes } from '../decision/phrases.ts';
import { parseAccessRecord } from '../records/access-records.ts';
import type { AllowPolicy, DenyPolicy, Policy } from '../records/policy.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { recordKind } from '../records/record-kind.ts';
import { recordProblem } from '../records/record-problem.ts';
import { joinableGroups } from './check-joinable.ts';
import { unknownNames } from './check-names.ts';
import { doubledPeople } from './check-people.ts';
import { reachAlone } from './check-reach.ts';
import type { Organization } from './organization.ts';
import { describeTarget } from './reach.ts';
import { approversIn, type ResolvedScope, resolveScope } from './resolve.ts';

/**
 * Something a check has to say. An error stops a push; a warning is probably not what was meant; a note is worth knowing: who
 * reaches what with no second person.
 */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
}

/**
 * Checks policies and records as a whole, beyond what each says for itself.
 *
 * @param organization absent: names are not looked up, and who reaches what is not told
 * @param at ISO 8601; only so that the decision function has an instant
 */
export function checkPolicies(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization | undefined,
  at: string,
): readonly Finding[] {
  return [
    ...policySet.unreadable.flatMap(({ problems }) => problems.map(error)),
    ...duplicates(policySet).map(error),
    ...records.flatMap((item) => recordProblems(item)),
    ...policySet.policies.flatMap((policy) => [...looseTicket(policy), ...emptyEnds(policy)]),
    ...joinableGroups(policySet.policies, organization).map(({ text, opens }) => (opens ? warning(text) : error(text))),
    ...(organization === undefined ? [] : inOrganization(policySet, records, organization, at)),
  ];
}

const error = (text: string): Finding => ({ severity: 'error', text });
const warning = (text: string): Finding => ({ severity: 'warning', text });
const note = (text: string): Finding => ({ severity: 'note', text });

function duplicates({ policies, unreadable }: PolicySet): string[] {
  const names = [...policies, ...unreadable].map(({ name }) => name).filter((name) => name !== '');
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `policy "${name}": the name is used more than once; each policy needs its own`);
}

function recordProblems(item: AccessItem): Finding[] {
  const kind = recordKind(item.id);
  if (kind !== 'access') {
    const problem = recordProblem(item);
    return problem === undefined ? [] : [error(problem)];
  }
  const record = parseAccessRecord(item);
  if ('malformed' in record) return [error(record.malformed)];
  return record.principalIds.size === 0
    ? [warning(`access record "${item.id}": it has no principals, so it grants nobody`)]
    : [];
}

/** Without `^` and `$` a pattern is satisfied by any text that contains it. */
function looseTicket(policy: Policy): Finding[] {
  const source = policy.effect === 'deny' ? undefined : policy.ticket?.pattern.source;
  if (source === undefined || (source.startsWith('^') && source.endsWith('$'))) return [];
  return [
    warning(
      `policy "${policy.name}": ticket.pattern ${source} accepts any text that contains it; write ^ and $ around it`,
    ),
  ];
}

/** What access by a policy is said to end with, and never can. */
function emptyEnds(policy: Policy): Finding[] {
  if (policy.effect !== 'allow') return [];
  const { name, scope, endsWith = [] } = policy;
  return [
    ...(endsWith.includes('hours') && scope.hours === undefined
      ? [warning(`policy "${name}": endsWith names hours, but the policy has none, so they never end`)]
      : []),
    ...(endsWith.includes('membership') && scope.who.everyone
      ? [warning(`policy "${name}": endsWith names membership, but its who is everyone, so nobody ever leaves it`)]
      : []),
  ];
}

function inOrganization(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization,
  at: string,
): Finding[] {
  const resolved = new Map(
    policySet.policies.map((policy) => [policy, resolveScope(policy.scope, organization)] as const),
  );
  return [
    ...policySet.policies.flatMap((policy) =>
      unknownNames(policy, organization).map((text) => error(`policy "${policy.name}": ${text}`)),
    ),
    ...[...resolved].flatMap(([policy, scope]) => neverMatches(policy, scope)),
    ...[...resolved].flatMap(([policy, scope]) =>
      policy.effect === 'allow' ? alwaysDenied(policy, scope, resolved) : [],
    ),
    ...[...resolved].flatMap(([policy, scope]) => approverProblems(policy, scope, organization)),
    ...doubledPeople(organization, records).map(warning),
    ...aloneNotes(policySet, records, organization, at),
  ];
}

function neverMatches({ name }: Policy, scope: ResolvedScope): Finding[] {
  const empty = [
    ...(scope.users.size === 0 ? ['nobody is meant by its who'] : []),
    ...(scope.accounts?.size === 0 ? ['no account is meant by its accounts'] : []),
    ...(scope.permissionSets?.size === 0 ? ['no permission set is meant by its permissionSets'] : []),
    ...(scope.groups?.size === 0 && scope.accounts === undefined ? ['no group is meant by its groups'] : []),
  ];
  return empty.length === 0 ? [] : [warning(`policy "${name}" never matches: ${empty.join(', ')}`)];
}

function alwaysDenied(policy: AllowPolicy, scope: ResolvedScope, all: ReadonlyMap<Policy, ResolvedScope>): Finding[] {
  const by = [...all].find(
    (entry): entry is [DenyPolicy, ResolvedScope] =>
      entry[0].effect === 'deny' && entry[0].scope.hours === undefined && contains(entry[1], scope),
  );
  return by === undefined
    ? []
    : [warning(`policy "${policy.name}" never allows anything: policy "${by[0].name}" denies all of it`)];
}

function contains(outer: ResolvedScope, inner: ResolvedScope): boolean {
  const covers = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined) =>
    b === undefined || (a !== undefined && [...b].every((id) => a.has(id)));
  return (
    covers(outer.users, inner.users) &&
    covers(outer.accounts, inner.accounts) &&
    covers(outer.permissionSets, inner.permissionSets) &&
    covers(outer.groups, inner.groups)
  );
}

/** Approvers that are nobody, too few, or only the requester. */
function approverProblems(policy: Policy, { users }: ResolvedScope, organization: Organization): Finding[] {
  if (policy.effect === 'deny' || policy.approval?.approvers === undefined) return [];
  const { approvers: refs, count = 1, self = false } = policy.approval;
  const glass = policy.effect === 'allow' && policy.breakGlass;
  const empty = refs.filter((ref) => approversIn(ref, organization).length === 0);
  const findings = empty.map((ref) =>
    warning(`policy "${policy.name}": approval.approvers: ${ref} has nobody who can vote`),
  );
  if (glass) return findings;
  const people = new Set(refs.flatMap((ref) => approversIn(ref, organization)));
  if (people.size < count) {
    return [
      ...findings,
      warning(`policy "${policy.name}": it needs ${votes(count)}, but only ${people.size} can be given`),
    ];
  }
  const stuck = self ? [] : [...people].filter((id) => users.has(id) && people.size - 1 < count);
  return [
    ...findings,
    ...stuck.map((id) =>
      warning(
        `policy "${policy.name}": nobody but ${nameOf(id, organization)} could approve a request of ${nameOf(id, organization)}`,
      ),
    ),
  ];
}

/** How many names a line lists before it counts. */
const LISTED = 6;

function aloneNotes(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization,
  at: string,
): Finding[] {
  const reaches = reachAlone(policySet, records, organization, at);
  if (reaches === undefined) {
    return [note('who reaches what with no second person: too many people and targets to go through one by one')];
  }
  return reaches.map(({ path, userIds, targets, breakGlass }) => {
    const who = listed(userIds.map((id) => nameOf(id, organization)));
    const what = listed(targets.map((target) => describeTarget(target, organization)));
    const by = path.startsWith(ACCESS_PREFIX) ? `access record ${path}` : `policy "${path}"`;
    return note(`with no second person${breakGlass ? ', by breaking glass' : ''}: ${who} can have ${what} (${by})`);
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}

function nameOf(id: string, { users }: Organization): string {
  return users.find((user) => user.id === id)?.userName || id;
}
