import type { RequestInput } from '../../../model/decision.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { isOpen, type Wall } from '../../records/hours.ts';
import { isIdentityCenterId } from '../../records/identity-center-id.ts';
import type { AccountScope, NameScope, Scope, Who } from '../../records/policy.ts';
import type { Facts } from '../known-facts.ts';

/** Whether something matches; `unknown` while a fact it depends on is missing. */
export type Match = 'yes' | 'no' | 'unknown';

/** The part of a policy that did not match. */
export type Mismatch = 'kind' | 'account' | 'permission-set' | 'group' | 'who' | 'ambiguous' | 'hours';

export interface ScopeMatch {
  readonly match: Match;
  /** Present when it does not match. */
  readonly because?: Mismatch;
}

/** A request input with the known facts, prepared once to be matched against many policies. */
export interface Matcher {
  readonly requestInput: RequestInput;
  readonly facts: Facts;
  readonly at: Date;
  readonly permissionSetName: string | null | undefined;
  readonly groupName: string | null | undefined;
  readonly groups: Groups;
  /** The groups without leased memberships, which count for an allow only where the policy says `leased`. */
  readonly ownGroups: Groups;
  /** User name and e-mail in lower case. */
  readonly names: ReadonlySet<string>;
  readonly walls: Map<string, Wall>;
}

/** Groups a person is in. */
interface Groups {
  readonly ids: ReadonlySet<string>;
  /** By the number of a group in the policy set: whether it is one of these groups; filled on first use. */
  readonly known: (Match | undefined)[];
}

/** The facts that would turn an `unknown` into an answer. */
export interface MatchNeeds {
  permissionSet: boolean;
  group: boolean;
  ouPath: boolean;
  tags: boolean;
  readonly groupNames: Set<string>;
  readonly userNames: Set<string>;
}

/**
 * Prepares a request input for matching.
 *
 * @param groupCount how many groups the policies to be matched have numbered
 */
export function matcherFor(requestInput: RequestInput, facts: Facts, groupCount: number): Matcher {
  const { person, names } = requestInput;
  const leased = new Set(person.leasedGroupIds);
  const groupsOfPerson = (ids: readonly string[]): Groups => ({
    ids: new Set(ids),
    known: new Array<Match | undefined>(groupCount).fill(undefined),
  });
  const groups = groupsOfPerson(person.groupIds);
  return {
    requestInput,
    facts,
    at: new Date(requestInput.at),
    permissionSetName: names?.permissionSetName ?? facts.permissionSetName,
    groupName: names?.groupName ?? facts.groupName,
    groups,
    ownGroups: leased.size === 0 ? groups : groupsOfPerson(person.groupIds.filter((id) => !leased.has(id))),
    // An empty name matches nothing: two people without an e-mail must not be confused. A name that looks like an id
    // matches nothing either, because `user:<id>` always means an id.
    names: new Set(
      [person.userName, person.email]
        .filter((name) => name !== '' && !isIdentityCenterId(name))
        .map((name) => name.toLowerCase()),
    ),
    walls: new Map(),
  };
}

/**
 * Does the request input fall into the scope? Policies match on who, target and hours.
 *
 * @param strict for an allow: a user name or e-mail must belong to exactly one user. A deny or require binds every user
 *   it could mean.
 * @param needs receives the facts that would decide an `unknown`
 */
export function matchScope(scope: Scope, matcher: Matcher, strict: boolean, needs?: MatchNeeds): ScopeMatch {
  const target = matchTarget(scope, matcher);
  if (target.match === 'no') return target;
  const closed = scope.hours !== undefined && !isOpen(scope.hours, matcher.at, matcher.walls);
  // Outside its hours a deny or require does not bind, so `who` is not checked. An allow is still reported as closed,
  // but only to people it is for.
  if (closed && !strict) return NO.hours;
  const who = matchWho(scope.who, matcher, strict);
  if (who.match === 'no') return who;
  if (target.match === 'yes' && who.match === 'yes') return closed ? NO.hours : target;
  if (needs !== undefined) collectNeeds(scope, matcher, strict, needs);
  return UNKNOWN;
}

const YES: ScopeMatch = { match: 'yes' };
const UNKNOWN: ScopeMatch = { match: 'unknown' };

/** One shared answer per cause, because ten thousand policies give ten thousand answers for each request. */
const NO: Readonly<Record<Mismatch, ScopeMatch>> = {
  kind: { match: 'no', because: 'kind' },
  account: { match: 'no', because: 'account' },
  'permission-set': { match: 'no', because: 'permission-set' },
  group: { match: 'no', because: 'group' },
  who: { match: 'no', because: 'who' },
  ambiguous: { match: 'no', because: 'ambiguous' },
  hours: { match: 'no', because: 'hours' },
};

/** Does the target fall into the scope, for any requester and at any time? */
export function matchTarget(scope: Scope, matcher: Matcher): ScopeMatch {
  const { target } = matcher.requestInput;
  const { accounts, permissionSets, groups } = scope;
  if (isGroupTarget(target)) {
    if (groups === undefined) {
      return accounts === undefined && permissionSets === undefined ? YES : NO.kind;
    }
    return becauseOf(matchName(groups, target.groupId, matcher.groupName), 'group');
  }
  if (groups !== undefined) return NO.kind;
  const account = accounts === undefined ? 'yes' : matchAccount(accounts, target.accountId, matcher.facts);
  if (account === 'no') return NO.account;
  const set =
    permissionSets === undefined
      ? 'yes'
      : matchName(permissionSets, target.permissionSetArn, matcher.permissionSetName);
  if (set === 'no') return NO['permission-set'];
  return account === 'unknown' || set === 'unknown' ? UNKNOWN : YES;
}

function becauseOf(match: Match, because: Mismatch): ScopeMatch {
  if (match === 'no') return NO[because];
  return match === 'yes' ? YES : UNKNOWN;
}

/** Matches by id or ARN, or by name where the name is known. */
function matchName(scope: NameScope, id: string, name: string | null | undefined): Match {
  if (scope.all || scope.names.has(id)) return 'yes';
  if (name === undefined) return hasNames(scope) ? 'unknown' : 'no';
  return name !== null && scope.names.has(name) ? 'yes' : 'no';
}

/** An ARN is never the name of a permission set, but a group's id cannot be told from a group's name. */
function hasNames(scope: NameScope): boolean {
  for (const name of scope.names) if (!name.startsWith('arn:')) return true;
  return false;
}

/** Is the account within the scope? `unknown` where that depends on an organizational unit or tag that is not known. */
export function matchAccount(scope: AccountScope, accountId: string, { ouPath, tags }: Facts): Match {
  if (scope.all || scope.ids.has(accountId)) return 'yes';
  let unknown = false;
  if (scope.ous.length + scope.directOus.length > 0) {
    if (ouPath === undefined) unknown = true;
    else if (scope.ous.some((ou) => ouPath.includes(ou)) || scope.directOus.some((ou) => ouPath.at(-1) === ou))
      return 'yes';
  }
  if (scope.tags.length > 0) {
    if (tags === undefined) unknown = true;
    else if (scope.tags.some(({ key, value }) => Object.hasOwn(tags, key) && tags[key] === value)) return 'yes';
  }
  return unknown ? 'unknown' : 'no';
}

/** Is the policy for this person? Ids are compared exactly, user names and e-mails without regard to case. */
export function matchWho(who: Who, matcher: Matcher, strict: boolean): ScopeMatch {
  const { requestInput, names, facts } = matcher;
  const { principalId } = requestInput.person;
  if (who.everyone || who.users.includes(principalId)) return YES;
  let unknown = false;
  const { groupNumbers } = who;
  const groups = strict && who.leased !== true ? matcher.ownGroups : matcher.groups;
  for (let n = 0; n < who.groups.length; n++) {
    const match = matchGroup(who.groups[n] as string, groupNumbers?.[n], groups, facts);
    if (match === 'yes') return YES;
    if (match === 'unknown') unknown = true;
  }
  let ambiguous = false;
  for (const ref of who.users) {
    if (!names.has(ref.toLowerCase())) continue;
    if (!strict) return YES;
    const ids = facts.userIds.get(ref);
    if (ids === undefined) unknown = true;
    // The directory may compare case-sensitively and find nobody; then the person's own name counts.
    else if (ids.every((id) => id === principalId)) return YES;
    else ambiguous = true;
  }
  if (unknown) return UNKNOWN;
  return ambiguous ? NO.ambiguous : NO.who;
}

/** Is the person in the group that a policy names so? By id, or by name where the id of that name is known. */
function matchGroup(ref: string, number: number | undefined, { ids: groupIds, known }: Groups, facts: Facts): Match {
  const asked = number === undefined ? undefined : known[number];
  if (asked !== undefined) return asked;
  const id = facts.groupIds.get(ref);
  const mine = groupIds.has(ref) || (id !== undefined && id !== null && groupIds.has(id));
  const match = mine ? 'yes' : id === undefined ? 'unknown' : 'no';
  if (number !== undefined) known[number] = match;
  return match;
}

/** For each group of a policy set, by number: 1 if the person is in it or may be. */
export function groupsOf(matcher: Matcher, groups: readonly string[]): Uint8Array {
  return Uint8Array.from(groups, (ref, number) =>
    matchGroup(ref, number, matcher.groups, matcher.facts) === 'no' ? 0 : 1,
  );
}

function collectNeeds(scope: Scope, matcher: Matcher, strict: boolean, needs: MatchNeeds): void {
  const { requestInput, facts, names } = matcher;
  const { ids: groupIds } = strict && scope.who.leased !== true ? matcher.ownGroups : matcher.groups;
  const { target } = requestInput;
  const { who, accounts, permissionSets, groups } = scope;
  if (isGroupTarget(target)) {
    if (groups !== undefined && matchName(groups, target.groupId, matcher.groupName) === 'unknown') needs.group = true;
  } else {
    if (accounts !== undefined && matchAccount(accounts, target.accountId, facts) === 'unknown') {
      if (accounts.ous.length + accounts.directOus.length > 0 && facts.ouPath === undefined) needs.ouPath = true;
      if (accounts.tags.length > 0 && facts.tags === undefined) needs.tags = true;
    }
    const set =
      permissionSets === undefined
        ? 'yes'
        : matchName(permissionSets, target.permissionSetArn, matcher.permissionSetName);
    if (set === 'unknown') needs.permissionSet = true;
  }
  if (matchWho(who, matcher, strict).match !== 'unknown') return;
  for (const ref of who.groups) if (!groupIds.has(ref) && !facts.groupIds.has(ref)) needs.groupNames.add(ref);
  if (!strict) return;
  for (const ref of who.users) if (names.has(ref.toLowerCase()) && !facts.userIds.has(ref)) needs.userNames.add(ref);
}
