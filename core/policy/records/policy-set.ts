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

/** A policy that could not be read, and the most it might have been about. */
export interface UnreadablePolicy {
  readonly name: string;
  /** `unknown` when not even the effect can be read: then it might have been a deny. */
  readonly effectGuess: Effect | 'unknown';
  readonly covers: Scope;
  readonly problems: readonly string[];
  /** For each problem the field it is in, as a path; empty where it is in none. */
  readonly fields?: readonly string[];
  /** The policy as it was written. */
  readonly entry?: unknown;
}

/** All policies, read once and arranged so that a question looks only at those that could be about its target. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly unreadable: readonly UnreadablePolicy[];
  readonly index: PolicyIndex;
  /** The groups that the policies name in their `who`, as they are written; the place of each is its number. */
  readonly groups: readonly string[];
  readonly who: WhoIndex;
  /** Identity Center users that are one person, list by list. */
  readonly persons: readonly (readonly string[])[];
}

/** Policies by what they name literally, each list sorted by name. */
interface PolicyIndex {
  readonly byAccount: ReadonlyMap<string, readonly Policy[]>;
  readonly byGroup: ReadonlyMap<string, readonly Policy[]>;
  /** Policies about accounts that name them by unit, tag or `*`, or not at all. */
  readonly anyAccount: readonly Policy[];
  readonly anyGroup: readonly Policy[];
}

/** Everything and everyone: what a policy with nothing readable might have been about. */
const EVERYONE = { everyone: true, users: [], groups: [] } as const;

/**
 * Reads the policies among items of the access table. An allow that cannot be read is left out. A deny or require that cannot be
 * read (or a policy whose effect cannot) goes to `unreadable`, and what it might cover is refused; so does one whose id is mistyped.
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

/** The same policies, with what the `person#…` records among these items say. */
export function withPersons(policySet: PolicySet, items: readonly AccessItem[]): PolicySet {
  return { ...policySet, persons: [...policySet.persons, ...personsAmong(items)] };
}

/** The same for the entries of a policy file, which carry their own names. */
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

/** Arranges policies that are already read. */
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

/** Sorted, so that the order of records never shows in an answer. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

/** The effect and the widest scope an unreadable policy might have: a part that cannot be read limits nothing. */
function mightBe(raw: unknown): { readonly effectGuess: Effect | 'unknown'; readonly covers: Scope } {
  if (typeof raw !== 'object' || raw === null) return { effectGuess: 'unknown', covers: { who: EVERYONE } };
  const { effect, who, accounts, permissionSets, groups, hours } = raw as Record<string, unknown>;
  const effectGuess = effect === 'allow' || effect === 'deny' || effect === 'require' ? effect : 'unknown';
  const readHours = hours === undefined ? undefined : hoursSchema.safeParse(hours);
  const scope: { -readonly [K in keyof Scope]: Scope[K] } = { who: readable(readWho(who)) ?? EVERYONE };
  if (readHours?.success === true) scope.hours = readHours.data;
  // Naming both sides is itself an error; which one was meant cannot be known.
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
 * The policies that could be about a target, by what they name literally.
 *
 * @param groupName name of the target group; `null` when there is no such group, `undefined` when it is not known yet and a
 *   policy naming any group could mean this one
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
