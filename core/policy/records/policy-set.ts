import type { AccessItem } from '../../model/access-item.ts';
import { POLICY_PREFIX } from '../../model/stored-ids.ts';
import { isGroupTarget, type Target } from '../../model/target.ts';
import { compareText } from '../../model/text.ts';
import {
  hoursSchema,
  isProblem,
  type Problem,
  readAccounts,
  readGroups,
  readPermissionSets,
  readWho,
} from './parse-fields.ts';
import { parsePolicy } from './parse-policy.ts';
import { personsAmong } from './persons.ts';
import type { Effect, Policy, Scope } from './policy.ts';
import { isMistypedPolicy, misplaced } from './record-kind.ts';
import { indexWho, type WhoIndex } from './who-index.ts';

/** A policy that could not be parsed, and the widest scope it may have been meant for. */
export interface UnreadablePolicy {
  readonly name: string;
  /** `unknown` when not even the effect can be parsed: then the policy is treated as a possible deny. */
  readonly effectGuess: Effect | 'unknown';
  readonly covers: Scope;
  readonly problems: readonly string[];
  /** For each problem the path of its field; empty where the problem is in no field. */
  readonly fields?: readonly string[];
  /** The policy as it was written. */
  readonly entry?: unknown;
}

/** All policies, parsed once and indexed so that a decision only evaluates those that could be about its target. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly unreadable: readonly UnreadablePolicy[];
  readonly index: PolicyIndex;
  /** The groups that the policies name in their `who`, as written; the index of each is its number. */
  readonly groups: readonly string[];
  readonly who: WhoIndex;
  /** Lists of Identity Center users; each list is one person. */
  readonly persons: readonly (readonly string[])[];
}

/** Policies by the accounts and groups that they name literally, each list sorted by policy name. */
interface PolicyIndex {
  readonly byAccount: ReadonlyMap<string, readonly Policy[]>;
  readonly byGroup: ReadonlyMap<string, readonly Policy[]>;
  /** Policies about accounts that name them by unit, tag or `*`, or not at all. */
  readonly anyAccount: readonly Policy[];
  readonly anyGroup: readonly Policy[];
}

/** The `who` of an unreadable policy: it might have been for everyone. */
const EVERYONE = { everyone: true, users: [], groups: [] } as const;

/**
 * Parses the policies among items of the access table. An allow that cannot be parsed is left out. A deny or require
 * that cannot be parsed, or a policy of unknown effect or with a mistyped id, goes to `unreadable`, and everything it
 * might cover is refused.
 */
export function parsePolicySet(items: readonly AccessItem[]): PolicySet {
  const mistyped = items.filter(isMistypedPolicy).map((item) => ({
    name: item.id,
    problems: [misplaced(item.id)],
    ...mightBe(item),
  }));
  const policySet = makePolicySet(
    items
      .filter(({ id }) => id.startsWith(POLICY_PREFIX))
      .map((item) => ({ raw: item, name: item.id.slice(POLICY_PREFIX.length) })),
    mistyped,
  );
  return withPersons(policySet, items);
}

/** Adds the `person#…` records among these items to a policy set. */
export function withPersons(policySet: PolicySet, items: readonly AccessItem[]): PolicySet {
  return { ...policySet, persons: [...policySet.persons, ...personsAmong(items)] };
}

/** The policy set of the entries of a policy file, which contain their own names. */
export function policySetOf(entries: readonly unknown[]): PolicySet {
  return makePolicySet(entries.map((raw) => ({ raw })));
}

function makePolicySet(
  entries: readonly { readonly raw: unknown; readonly name?: string }[],
  mistyped: readonly UnreadablePolicy[] = [],
): PolicySet {
  const policies: Policy[] = [];
  const unreadable: UnreadablePolicy[] = [...mistyped];
  for (const { raw, name } of entries) {
    const parsed = parsePolicy(raw, name);
    if (parsed.ok) policies.push(parsed.policy);
    else {
      const { name: known, problems, fields } = parsed;
      unreadable.push({ name: known, problems, fields, entry: raw, ...mightBe(raw) });
    }
  }
  return policySetOfItems(policies, unreadable);
}

/** Makes a policy set of policies that are already parsed. */
export function policySetOfItems(policies: readonly Policy[], unreadable: readonly UnreadablePolicy[]): PolicySet {
  const numbers = new Map<string, number>();
  const numbered = policies.map((policy): Policy => {
    const { who } = policy.scope;
    const groupNumbers = who.groups.map((ref) => {
      const number = numbers.get(ref) ?? numbers.size;
      numbers.set(ref, number);
      return number;
    });
    return { ...policy, scope: { ...policy.scope, who: { ...who, groupNumbers } } };
  });
  const placed = numbered.sort(byName).map((policy, place) => ({ ...policy, place }));
  return {
    policies: placed,
    unreadable: [...unreadable].sort(byName),
    index: indexOf(placed),
    groups: [...numbers.keys()],
    who: indexWho(placed),
    persons: [],
  };
}

/** Sorted, so that no result depends on the order of records. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

/** The effect and the widest scope that an unreadable policy may have: an unreadable part does not limit it. */
function mightBe(raw: unknown): { readonly effectGuess: Effect | 'unknown'; readonly covers: Scope } {
  if (typeof raw !== 'object' || raw === null) return { effectGuess: 'unknown', covers: { who: EVERYONE } };
  const { effect, who, accounts, permissionSets, groups, hours } = raw as Record<string, unknown>;
  const effectGuess = effect === 'allow' || effect === 'deny' || effect === 'require' ? effect : 'unknown';
  const readHours = hours === undefined ? undefined : hoursSchema.safeParse(hours);
  const scope: { -readonly [K in keyof Scope]: Scope[K] } = { who: readable(readWho(who)) ?? EVERYONE };
  if (readHours?.success === true) scope.hours = readHours.data;
  // Naming both sides is an error, and which side the author meant is unknown, so neither limits the scope.
  const bothSides = groups !== undefined && (accounts !== undefined || permissionSets !== undefined);
  if (!bothSides) {
    const readGroup = groups === undefined ? undefined : readable(readGroups(groups));
    const readAccount = accounts === undefined ? undefined : readable(readAccounts(accounts));
    const readSets = permissionSets === undefined ? undefined : readable(readPermissionSets(permissionSets));
    if (readGroup !== undefined) scope.groups = readGroup;
    if (readAccount !== undefined) scope.accounts = readAccount;
    if (readSets !== undefined) scope.permissionSets = readSets;
  }
  return { effectGuess, covers: scope };
}

function readable<T extends object>(result: T | Problem): T | undefined {
  return isProblem(result) ? undefined : result;
}

function indexOf(policies: readonly Policy[]): PolicyIndex {
  const byAccount = new Map<string, Policy[]>();
  const byGroup = new Map<string, Policy[]>();
  const anyAccount: Policy[] = [];
  const anyGroup: Policy[] = [];
  const add = (map: Map<string, Policy[]>, key: string, policy: Policy) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [policy]);
    else list.push(policy);
  };
  for (const policy of policies) {
    const { accounts, permissionSets, groups } = policy.scope;
    if (groups === undefined) {
      const literal =
        accounts !== undefined &&
        !accounts.all &&
        accounts.ous.length + accounts.directOus.length + accounts.tags.length === 0;
      if (literal) for (const id of accounts.ids) add(byAccount, id, policy);
      else anyAccount.push(policy);
      if (accounts === undefined && permissionSets === undefined) anyGroup.push(policy);
    } else if (groups.all) {
      anyGroup.push(policy);
    } else {
      for (const ref of groups.names) add(byGroup, ref, policy);
    }
  }
  return { byAccount, byGroup, anyAccount, anyGroup };
}

/**
 * The policies that could be about a target, judged by what they name literally.
 *
 * @param groupName name of the target group; `null` when the group does not exist, `undefined` when the name is not
 *   known yet, so that a policy naming any group could mean this one
 */
export function candidatesFor(
  policySet: PolicySet,
  target: Target,
  groupName: string | null | undefined,
): readonly Policy[] {
  const { byAccount, byGroup, anyAccount, anyGroup } = policySet.index;
  if (!isGroupTarget(target)) return merge([byAccount.get(target.accountId) ?? [], anyAccount]);
  if (groupName === undefined) return merge([...byGroup.values(), anyGroup]);
  const named = groupName === null ? [] : (byGroup.get(groupName) ?? []);
  return merge([byGroup.get(target.groupId) ?? [], named, anyGroup]);
}

/** The lists together, sorted by name, each policy once. */
function merge(lists: readonly (readonly Policy[])[]): readonly Policy[] {
  const [only = [], other] = lists.filter((list) => list.length > 0);
  return other === undefined ? only : [...new Set(lists.flat())].sort(byName);
}
