import type { Directory, DirectoryUser } from '../../../model/directory.ts';
import { compareText } from '../../../model/text.ts';
import { parseAccessRecord } from '../../../policy/records/access-records.ts';
import { candidatesFor } from '../../../policy/records/policy-set.ts';
import { leasedGroupsOf } from '../decide-request.ts';
import { type Judge, judgeOf, type ReachServices, type SetReached } from './judge.ts';

/** The people who can get to permission sets of an account without a second person. */
export interface AloneInAccount {
  /** What every user of the directory can get to, including users that no policy or record names. */
  readonly everyone: readonly SetReached[];
  readonly people: readonly { readonly user: DirectoryUser; readonly reached: readonly SetReached[] }[];
  /** `judged`: how many people were judged for this page; `named`: how many people policies and records name. */
  readonly judged: number;
  readonly named: number;
  /** The id behind which the next page starts; absent: this is the last page. */
  readonly next?: string;
}

/** People judged on one page: with 200 permission sets, 20,000 judgements and 100 look-ups. */
const PEOPLE_ON_PAGE = 100;

/** The most groups and users that policies and records about one account may name: each costs at least one look-up. */
export const MOST_NAMED = 300;

/** Concurrent look-ups. */
const SIDE_BY_SIDE = 10;

/**
 * The people who could get to an account alone, break-glass included, at any time of the week; freezes and locks are
 * ignored. Judges only people whom a policy or record that may apply to the account names, by id, name or group; all
 * others are judged once, as `everyone`.
 *
 * @returns `undefined` where more than `MOST_NAMED` groups and users are named
 * @throws any error of the table or the directory
 */
export async function reachOfAccount(
  accountId: string,
  { after = '' }: { readonly after?: string },
  services: ReachServices,
): Promise<AloneInAccount | undefined> {
  const judge = await judgeOf(services);
  const { keptDirectory } = services;
  const named = await peopleNamed(accountId, judge, keptDirectory);
  if (named === undefined) return undefined;
  const { groupsByUser, groupIds } = named;
  const alone = async (person: Parameters<Judge['reached']>[0]) =>
    (await judge.reached(person, accountId, groupIds)).filter(({ way }) => way.how !== 'approval');

  const ids = [...groupsByUser.keys()].sort(compareText);
  const left = ids.filter((id) => id > after);
  const people: { user: DirectoryUser; reached: readonly SetReached[] }[] = [];
  let judged = 0;
  while (judged < Math.min(left.length, PEOPLE_ON_PAGE) && !(judged > 0 && judge.isLate())) {
    const some = left.slice(judged, Math.min(judged + SIDE_BY_SIDE, PEOPLE_ON_PAGE));
    judged += some.length;
    const found = await inOrder(some, async (id) => {
      const user = await keptDirectory.user(id);
      if (user?.enabled !== true) return [];
      const { userName, email } = user;
      const whom = { principalId: id, userName, email, groupIds: [...(groupsByUser.get(id) ?? [])] };
      const person = { ...whom, leasedGroupIds: await leasedGroupsOf(whom, keptDirectory) };
      const reached = await alone(person);
      return reached.length === 0 ? [] : [{ user, reached }];
    });
    people.push(...found.flat());
  }
  const last = left[judged - 1];
  const unnamedUser = { principalId: UNNAMED_USER, userName: '', email: '', groupIds: [] };
  return {
    // Only on the first page.
    everyone: after === '' ? await alone(unnamedUser) : [],
    people,
    judged,
    named: ids.length,
    ...(judged < left.length && last !== undefined ? { next: last } : {}),
  };
}

/** An id that no user has: it stands for every user that no policy or record names. */
const UNNAMED_USER = 'anybody';

/**
 * The people whom policies and records that may apply to the account name, with those of their groups that are named.
 */
async function peopleNamed(
  accountId: string,
  { policySet, recordsOf }: Judge,
  directory: Directory,
): Promise<
  | {
      readonly groupsByUser: ReadonlyMap<string, ReadonlySet<string>>;
      /** Ids of groups by their name as written in policies. */
      readonly groupIds: ReadonlyMap<string, string | null>;
    }
  | undefined
> {
  const policies = candidatesFor(policySet, { accountId, permissionSetArn: '' }, null);
  const groupRefs = new Set(policies.flatMap(({ scope }) => scope.who.groups));
  const userRefs = new Set(policies.flatMap(({ effect, scope }) => (effect === 'allow' ? scope.who.users : [])));
  const principalIds = new Set(
    recordsOf(accountId).flatMap((item) => {
      const record = parseAccessRecord(item);
      return 'malformed' in record ? [] : [...record.principalIds];
    }),
  );
  if (groupRefs.size + userRefs.size + principalIds.size > MOST_NAMED) return undefined;
  const found = new Map<string, Set<string>>();
  const groupIds = new Map<string, string | null>();
  const note = (userId: string) => {
    const groups = found.get(userId) ?? new Set<string>();
    found.set(userId, groups);
    return groups;
  };
  const members = async (groupId: string) => {
    for (const userId of (await directory.memberIdsOf(groupId)) ?? []) note(userId).add(groupId);
  };
  await inOrder([...groupRefs], async (ref) => {
    const byName = await directory.groupIdByName(ref);
    groupIds.set(ref, byName ?? null);
    // A reference may be an id or a name, and a name may look like an id, so both are followed.
    for (const groupId of new Set([ref, ...(byName === undefined ? [] : [byName])])) await members(groupId);
  });
  await inOrder([...userRefs], async (ref) => {
    if ((await directory.user(ref)) !== undefined) note(ref);
    for (const userId of await directory.userIdsByEmail(ref)) note(userId);
  });
  await inOrder([...principalIds], async (id) => {
    if ((await directory.user(id)) === undefined) await members(id);
    else note(id);
  });
  return { groupsByUser: found, groupIds };
}

/** Runs `work` for `SIDE_BY_SIDE` entries at a time; the results are in the order of the entries. */
async function inOrder<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = [];
  for (let at = 0; at < all.length; at += SIDE_BY_SIDE)
    answers.push(...(await Promise.all(all.slice(at, at + SIDE_BY_SIDE).map(work))));
  return answers;
}
