import type { AccessItem } from '../../model/access-item.ts';
import { formatDuration } from '../../model/duration.ts';
import { ACCESS_PREFIX } from '../../model/stored-ids.ts';
import { votes } from '../decision/phrases.ts';
import { parseAccessRecord } from '../records/access-records.ts';
import type { AllowPolicy, DenyPolicy, Policy } from '../records/policy.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { recordKind } from '../records/record-kind.ts';
import { recordProblem } from '../records/record-problem.ts';
import { matchesWholeTicket } from '../records/ticket/ticket-pattern.ts';
import { joinableGroups } from './check-joinable.ts';
import { accountsNotGiven, shortened, unknownNames } from './check-names.ts';
import { doubledPeople } from './check-people.ts';
import { reachAlone, uselessPolicies } from './check-reach.ts';
import type { Organization } from './organization.ts';
import { describeTarget } from './reach.ts';
import { approversIn, type ResolvedScope, resolveScope } from './resolve.ts';

/**
 * A result of the check. An error prevents a push; a warning is probably a mistake; a note is information, such as who
 * can reach what with no second person.
 */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  /** What the finding is about, so that a caller who parsed a file can add the position. */
  readonly about?: FindingPlace;
}

/** The policy by name, or the entry itself where the name cannot be read; and the field, where one is wrong. */
export interface FindingPlace {
  readonly policy?: string;
  readonly entry?: unknown;
  readonly field?: string;
}

/**
 * Checks policies and records together, beyond what can be checked in each alone.
 *
 * @param organization absent: names are not looked up, and who reaches what is not determined
 * @param at ISO 8601; only because the evaluation needs an instant
 * @param isGiven in which accounts the configuration gives access at all; absent: not known
 */
export function checkPolicies(
  policySet: PolicySet,
  records: readonly AccessItem[],
  organization: Organization | undefined,
  at: string,
  isGiven?: (accountId: string) => boolean,
): readonly Finding[] {
  return [
    ...policySet.unreadable.flatMap(({ problems, fields = [], entry }) =>
      problems.map((text, index) => error(text, { entry, field: fields[index] })),
    ),
    ...duplicates(policySet),
    ...records.flatMap((item) => recordProblems(item)),
    ...policySet.policies.flatMap((policy) => [...looseTicket(policy), ...lateReminder(policy), ...emptyEnds(policy)]),
    ...joinableGroups(policySet.policies, records, organization).map(({ text, opens, isUnsure, policy }) =>
      found(opens || isUnsure === true ? 'warning' : 'error', text, policy === undefined ? undefined : { policy }),
    ),
    ...(organization === undefined ? [] : inOrganization(policySet, records, organization, at)),
    ...(isGiven === undefined
      ? starNotes(policySet.policies)
      : accountsNotGiven(policySet.policies, organization, isGiven).map(({ policy, text, isNamed }) =>
          found(isNamed ? 'warning' : 'note', text, { policy }),
        )),
  ];
}

/** A note for authors who expect `*` to mean every account of the organization. */
function starNotes(policies: readonly Policy[]): Finding[] {
  const names = policies.flatMap(({ effect, name, scope }) =>
    effect === 'allow' && scope.accounts?.all ? [name] : [],
  );
  if (names.length === 0) return [];
  const which = `${names.length === 1 ? 'policy' : 'policies'} ${shortened(names)}`;
  return [
    note(
      `${which}: * is without the account Glasshammer runs in and the management account, unless the configuration includes them; --config FILE tells`,
    ),
  ];
}

const found = (severity: Finding['severity'], text: string, about?: FindingPlace): Finding =>
  about === undefined ? { severity, text } : { severity, text, about };
const error = (text: string, about?: FindingPlace) => found('error', text, about);
const warning = (text: string, about?: FindingPlace) => found('warning', text, about);
const note = (text: string) => found('note', text);

function duplicates({ policies, unreadable }: PolicySet): Finding[] {
  const names = [...policies, ...unreadable].map(({ name }) => name).filter((name) => name !== '');
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((policy) =>
    error(`policy "${policy}": the name is used more than once; each policy needs its own`, { policy }),
  );
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

/** Warns of a pattern with an alternative that is not between `^` and `$`: a longer text would satisfy it. */
function looseTicket(policy: Policy): Finding[] {
  const pattern = policy.effect === 'deny' ? undefined : policy.ticket?.pattern;
  if (pattern === undefined || matchesWholeTicket(pattern)) return [];
  return [
    warning(
      `policy "${policy.name}": ticket.pattern ${pattern.source} also accepts a longer text that contains a match; write ^( and )$ around it`,
      { policy: policy.name, field: 'ticket.pattern' },
    ),
  ];
}

/** Warns of a reminder that would come after the request has expired. */
function lateReminder(policy: Policy): Finding[] {
  if (policy.effect !== 'allow' || policy.approval === undefined) return [];
  const { remindSeconds, expiresSeconds } = policy.approval;
  if (remindSeconds < expiresSeconds) return [];
  return [
    warning(
      `policy "${policy.name}": approval.remind comes after ${formatDuration(remindSeconds)}, but the request expires after ${formatDuration(expiresSeconds)}; nobody would be reminded`,
      { policy: policy.name, field: 'approval.remind' },
    ),
  ];
}

/** Warns where `endsWith` names something that can never happen. */
function emptyEnds(policy: Policy): Finding[] {
  if (policy.effect !== 'allow') return [];
  const { name, scope, endsWith = [] } = policy;
  const about = { policy: name, field: 'endsWith' };
  return [
    ...(endsWith.includes('hours') && scope.hours === undefined
      ? [warning(`policy "${name}": endsWith names hours, but the policy has none, so they never end`, about)]
      : []),
    ...(endsWith.includes('membership') && scope.who.everyone
      ? [
          warning(
            `policy "${name}": endsWith names membership, but its who is everyone, so nobody ever leaves it`,
            about,
          ),
        ]
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
  const unknown = new Map(policySet.policies.map((policy) => [policy, unknownNames(policy, organization)] as const));
  // Policies with unknown names are reported once, for the name. Other findings about them would only repeat that.
  const sound = [...resolved].filter(([policy]) => unknown.get(policy)?.length === 0);
  const dead = sound.flatMap(([policy, scope]) => {
    const never = neverMatches(policy, scope);
    return never.length > 0 || policy.effect !== 'allow' ? never : alwaysDenied(policy, scope, resolved);
  });
  const stuck = sound.flatMap(([policy, scope]) => approverProblems(policy, scope, organization));
  const told = new Set([...dead, ...stuck].map(({ about }) => about?.policy));
  const useless = uselessPolicies(policySet, records, organization, at) ?? new Map<string, string>();
  return [
    ...[...unknown].flatMap(([policy, names]) =>
      names.map(({ field, text }) => error(`policy "${policy.name}": ${text}`, { policy: policy.name, field })),
    ),
    ...dead,
    ...stuck,
    ...sound
      .filter(([{ name }]) => useless.has(name) && !told.has(name))
      .map(([{ name }]) => warning(`policy "${name}" can never give anything: ${useless.get(name)}`, { policy: name })),
    ...doubledPeople(organization, records).map((text) => warning(text)),
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
  return empty.length === 0 ? [] : [warning(`policy "${name}" never matches: ${empty.join(', ')}`, { policy: name })];
}

function alwaysDenied(policy: AllowPolicy, scope: ResolvedScope, all: ReadonlyMap<Policy, ResolvedScope>): Finding[] {
  const by = [...all].find(
    (entry): entry is [DenyPolicy, ResolvedScope] =>
      entry[0].effect === 'deny' && entry[0].scope.hours === undefined && contains(entry[1], scope),
  );
  return by === undefined
    ? []
    : [
        warning(`policy "${policy.name}" never allows anything: policy "${by[0].name}" denies all of it`, {
          policy: policy.name,
        }),
      ];
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

/** Warns where the approvers do not exist, are too few, or are only the requester. */
function approverProblems(policy: Policy, { users }: ResolvedScope, organization: Organization): Finding[] {
  if (policy.effect === 'deny' || policy.approval?.approvers === undefined) return [];
  const { approvers: refs, count = 1, self = false } = policy.approval;
  const about = { policy: policy.name, field: 'approval.approvers' };
  const glass = policy.effect === 'allow' && policy.breakGlass;
  const empty = refs.filter((ref) => approversIn(ref, organization).length === 0);
  const findings = empty.map((ref) =>
    warning(`policy "${policy.name}": approval.approvers: ${ref} has nobody who can vote`, about),
  );
  if (glass) return findings;
  const people = new Set(refs.flatMap((ref) => approversIn(ref, organization)));
  if (people.size < count) {
    return [
      ...findings,
      warning(`policy "${policy.name}": it needs ${votes(count)}, but only ${people.size} can be given`, about),
    ];
  }
  const stuck = self ? [] : [...people].filter((id) => users.has(id) && people.size - 1 < count);
  return [
    ...findings,
    ...stuck.map((id) =>
      warning(
        `policy "${policy.name}": nobody but ${nameOf(id, organization)} could approve a request of ${nameOf(id, organization)}`,
        about,
      ),
    ),
  ];
}

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
    const who = shortened(userIds.map((id) => nameOf(id, organization)));
    const what = shortened(targets.map((target) => describeTarget(target, organization)));
    const by = path.startsWith(ACCESS_PREFIX) ? `access record ${path}` : `policy "${path}"`;
    return note(`with no second person${breakGlass ? ', by breaking glass' : ''}: ${who} can have ${what} (${by})`);
  });
}

function nameOf(id: string, { users }: Organization): string {
  return users.find((user) => user.id === id)?.userName || id;
}
