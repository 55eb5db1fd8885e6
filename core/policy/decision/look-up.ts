import type { Directory } from '../../model/directory.ts';
import { compareText } from '../../model/text.ts';
import { isIdentityCenterId } from '../records/identity-center-id.ts';
import type { Facts, FactsRequest } from './known-facts.ts';

/** The most members of an approver group to look up, to bound the calls; others are assumed to be able to vote. */
const MAX_MEMBERS_CHECKED = 8;

type User = { readonly enabled: boolean; readonly email: string } | null;

/** One round of look-ups, all in parallel. Returns the known facts with the new ones added. */
export async function lookUp(
  request: FactsRequest,
  known: Facts,
  directory: Directory,
  checkAll: boolean,
): Promise<Facts> {
  const users = new Map(known.users);
  const statusOf = async (id: string): Promise<Pick<NonNullable<User>, 'enabled'> | null> => {
    const found = users.get(id);
    if (found !== undefined) return found;
    const user = await directory.user(id);
    const status: User = user === undefined ? null : { enabled: user.enabled, email: user.email };
    users.set(id, status);
    return status;
  };
  const [permissionSet, group, ouPath, tags, groupIds, userIds, approvers] = await Promise.all([
    request.permissionSetArn === undefined ? undefined : orNull(directory.permissionSet(request.permissionSetArn)),
    request.groupId === undefined ? undefined : orNull(directory.group(request.groupId)),
    request.ouPathOf === undefined ? undefined : directory.ouPathOf(request.ouPathOf),
    request.tagsOf === undefined ? undefined : directory.tagsOf(request.tagsOf),
    groupsOfPerson(request, directory),
    mapOf(request.userNames, (name) => directory.userIdsByEmail(name)),
    mapOf(request.approvers, (ref) => principalsOf(ref, request.votesWanted, directory, statusOf, checkAll)),
    Promise.all(request.voters.map(statusOf)),
  ]);
  return {
    ...known,
    ...(permissionSet === undefined ? {} : { permissionSetName: permissionSet?.name ?? null }),
    ...(group === undefined ? {} : { groupName: group?.name ?? null }),
    ...(ouPath === undefined ? {} : { ouPath }),
    ...(tags === undefined ? {} : { tags }),
    groupIds: new Map([...known.groupIds, ...groupIds]),
    userIds: new Map([...known.userIds, ...userIds]),
    approvers: new Map([...known.approvers, ...[...approvers].map(([ref, { ids }]) => [ref, ids] as const)]),
    leasedApprovers: new Map([
      ...(known.leasedApprovers ?? []),
      ...[...approvers].map(([ref, { leased }]) => [ref, leased] as const),
    ]),
    users,
  };
}

async function orNull<T>(work: Promise<T | undefined>): Promise<T | null> {
  return (await work) ?? null;
}

async function mapOf<T>(keys: readonly string[], of: (key: string) => Promise<T>): Promise<Map<string, T>> {
  return new Map(await Promise.all(keys.map(async (key) => [key, await of(key)] as const)));
}

/** The ids of the named groups, looked up by name or through the person's own groups, whichever takes fewer calls. */
async function groupsOfPerson(request: FactsRequest, directory: Directory): Promise<Map<string, string | null>> {
  const { groupNames, personGroupIds } = request;
  const byId = groupNames.filter((name) => isIdentityCenterId(name));
  const byName = groupNames.filter((name) => !isIdentityCenterId(name));
  const notTheirs = byId.map((id) => [id, null] as const);
  if (byName.length <= personGroupIds.length) {
    return new Map([
      ...notTheirs,
      ...(await mapOf(byName, async (name) => (await directory.groupIdByName(name)) ?? null)),
    ]);
  }
  const groups = await Promise.all(personGroupIds.map((id) => directory.group(id)));
  const ids = new Map(groups.flatMap((group) => (group === undefined ? [] : [[group.name, group.id] as const])));
  return new Map([...notTheirs, ...byName.map((name) => [name, ids.get(name) ?? null] as const)]);
}

/** The principals of an approver reference; none where it does not exist, or a user name is ambiguous. */
async function principalsOf(
  ref: string,
  votesWanted: number,
  directory: Directory,
  statusOf: (id: string) => Promise<{ readonly enabled: boolean } | null>,
  checkAll: boolean,
): Promise<{ readonly ids: readonly string[]; readonly leased: ReadonlySet<string> }> {
  const name = ref.slice(ref.indexOf(':') + 1);
  if (ref.startsWith('user:')) {
    const id = await userIdOf(name, directory);
    if (id === undefined) return { ids: [], leased: new Set() };
    await statusOf(id);
    return { ids: [id], leased: new Set() };
  }
  const groupId = isIdentityCenterId(name) ? name : ((await directory.groupIdByName(name)) ?? name);
  const members = [...new Set((await directory.memberIdsOf(groupId)) ?? [])].sort(compareText);
  const given = await directory.givenMemberships?.(members.map((principalId) => ({ principalId, groupId })));
  const leased = new Set(given?.map(({ principalId }) => principalId));
  // Members who may vote under any policy come first: enough enabled ones of them have to be found.
  const [own, borrowed] = [members.filter((id) => !leased.has(id)), members.filter((id) => leased.has(id))];
  await checkMembers([...own, ...borrowed], votesWanted, statusOf, checkAll);
  return { ids: members, leased };
}

async function userIdOf(name: string, directory: Directory): Promise<string | undefined> {
  if (isIdentityCenterId(name)) return name;
  const byName = await directory.userIdsByEmail(name);
  // An e-mail address is never an id.
  const byId = name.includes('@') ? undefined : (await directory.user(name))?.id;
  const ids = new Set(byId === undefined ? byName : [...byName, byId]);
  return ids.size === 1 ? [...ids][0] : undefined;
}

/**
 * Looks up members until enough of them are known to be enabled, so that a request does not wait for people who cannot
 * answer. One more than the wanted votes, because one of them may be the requester.
 */
async function checkMembers(
  members: readonly string[],
  votesWanted: number,
  statusOf: (id: string) => Promise<{ readonly enabled: boolean } | null>,
  checkAll: boolean,
): Promise<void> {
  const wanted = checkAll ? members.length : votesWanted + 1;
  const limit = checkAll ? members.length : MAX_MEMBERS_CHECKED;
  let enabled = 0;
  for (let at = 0; at < Math.min(members.length, limit) && enabled < wanted; ) {
    const batch = members.slice(at, Math.min(at + Math.max(wanted - enabled, 1), limit));
    for (const status of await Promise.all(batch.map(statusOf))) if (status?.enabled === true) enabled++;
    at += batch.length;
  }
}
