import type { Facts } from '../decision/known-facts.ts';
import type { AccountScope, NameScope, Scope, Who } from '../records/policy.ts';
import { findUsers, type Organization } from './organization.ts';

/** A scope resolved in an organization: the ids of everything and everyone it covers. */
export interface ResolvedScope {
  readonly users: ReadonlySet<string>;
  /** Absent when the scope is about groups only. */
  readonly accounts?: ReadonlySet<string>;
  /** ARNs. */
  readonly permissionSets?: ReadonlySet<string>;
  /** Absent when the scope is about accounts only. */
  readonly groups?: ReadonlySet<string>;
}

/** Resolves a scope, without its hours. */
export function resolveScope(
  { who, accounts, permissionSets, groups }: Scope,
  organization: Organization,
): ResolvedScope {
  const users = usersIn(who, organization);
  if (groups !== undefined) return { users, groups: groupsIn(groups, organization) };
  const aboutAccounts = {
    accounts: new Set(
      organization.accounts
        .filter((account) => accounts === undefined || coversAccount(accounts, account))
        .map(({ id }) => id),
    ),
    permissionSets: new Set(
      organization.permissionSets
        .filter(({ arn, name }) => permissionSets === undefined || isNamed(permissionSets, arn, name))
        .map(({ arn }) => arn),
    ),
  };
  const everything = accounts === undefined && permissionSets === undefined;
  return {
    users,
    ...aboutAccounts,
    ...(everything ? { groups: new Set(organization.groups.map(({ id }) => id)) } : {}),
  };
}

/** Ids of everyone that a `who` covers. */
function usersIn(who: Who, organization: Organization): ReadonlySet<string> {
  if (who.everyone) return new Set(organization.users.map(({ id }) => id));
  const groupIds = new Set(who.groups.map((ref) => groupIdOf(ref, organization)));
  const named = who.users.flatMap((ref) => findUsers(organization, ref).map(({ id }) => id));
  const members = organization.users.filter(({ groups }) => groups.some((id) => groupIds.has(id))).map(({ id }) => id);
  return new Set([...named, ...members]);
}

/** The id of a group given by id or name; `undefined` where the group does not exist. */
export function groupIdOf(ref: string, { groups }: Organization): string | undefined {
  return groups.find(({ id, name }) => id === ref || name === ref)?.id;
}

function groupsIn(scope: NameScope, { groups }: Organization): ReadonlySet<string> {
  return new Set(groups.filter(({ id, name }) => isNamed(scope, id, name)).map(({ id }) => id));
}

function isNamed(scope: NameScope, id: string, name: string): boolean {
  return scope.all || scope.names.has(id) || scope.names.has(name);
}

/** Does the scope cover the account? */
export function coversAccount(scope: AccountScope, account: Organization['accounts'][number]): boolean {
  const { id, ou, tags } = account;
  return (
    scope.all ||
    scope.ids.has(id) ||
    scope.ous.some((unit) => ou.includes(unit)) ||
    scope.directOus.some((unit) => ou.at(-1) === unit) ||
    scope.tags.some(({ key, value }) => Object.hasOwn(tags, key) && tags[key] === value)
  );
}

/** The enabled users behind one approver reference; none where a user name is ambiguous. */
export function approversIn(ref: string, organization: Organization): readonly string[] {
  const name = ref.slice(ref.indexOf(':') + 1);
  if (ref.startsWith('user:')) {
    const found = findUsers(organization, name);
    return found.length === 1 ? found.filter(({ enabled }) => enabled).map(({ id }) => id) : [];
  }
  const groupId = groupIdOf(name, organization);
  return organization.users
    .filter(({ enabled, groups }) => enabled && groups.some((id) => id === groupId))
    .map(({ id }) => id);
}

/** All facts about an organization that do not depend on the requested target. */
export function sharedFacts(
  organization: Organization,
  approverRefs: Iterable<string>,
  userRefs: Iterable<string>,
): Facts {
  return {
    groupIds: new Map(organization.groups.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const])),
    userIds: new Map([...userRefs].map((ref) => [ref, findUsers(organization, ref).map(({ id }) => id)])),
    approvers: new Map([...approverRefs].map((ref) => [ref, approversIn(ref, organization)])),
    users: new Map(organization.users.map(({ id, enabled, email }) => [id, { enabled, email }])),
  };
}
