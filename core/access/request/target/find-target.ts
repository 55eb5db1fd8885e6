import { isJoinable } from '../../../model/access.ts';
import type { Directory, DirectoryPermissionSet } from '../../../model/directory.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { AccessRequest, TargetNames } from '../../../model/request.ts';
import type { Target } from '../../../model/target.ts';
import { LONGEST_SESSION_SECONDS } from '../../../sessions/live-sessions.ts';
import type { Now, RequestStore } from '../../ports.ts';

/** What is asked for, as it came in: names not yet looked up; or why the ask could not be read at all. */
export type Wanted =
  /** Permission set by name or ARN, group by name or id. */
  | { readonly accountId: string; readonly permissionSet: string }
  | { readonly group: string }
  /** More time on access that lasts, by the id of any request that is part of it. */
  | { readonly extends: string }
  | { readonly unreadable: Refusal };

export interface FindTargetServices {
  readonly directory: Directory;
  readonly requests: Pick<RequestStore, 'get'>;
  readonly now: Now;
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  /** Ids of the groups Glasshammer may put people into. */
  readonly groups: readonly string[];
}

/** What the ask is about, as far as it was found; with a refusal, why it cannot be given. */
export interface FoundTarget {
  /** The request that the access to be extended lives on. */
  readonly extends?: AccessRequest;
  readonly target: Target;
  readonly names: TargetNames;
  readonly sessionSeconds: number;
}

/** What is known where nothing was found, or nothing may be told. */
export const NOTHING_FOUND: FoundTarget = {
  target: { accountId: '', permissionSetArn: '' },
  names: {},
  sessionSeconds: 0,
};

/** Looks up what is asked for. Whatever cannot be looked up is refused, never guessed. */
export async function findTarget(
  wanted: Wanted,
  services: FindTargetServices,
): Promise<FoundTarget & { readonly refusal?: Refusal }> {
  if ('unreadable' in wanted) return { ...NOTHING_FOUND, refusal: wanted.unreadable };
  try {
    if ('extends' in wanted) return await findAccess(wanted.extends, services);
    if ('group' in wanted) {
      const group = await findGroup(wanted.group, services);
      if (group === undefined)
        return { ...NOTHING_FOUND, target: { groupId: wanted.group }, refusal: refusal('unknown-group', wanted.group) };
      return {
        target: { groupId: group.id },
        names: { groupName: group.name },
        // Sessions of a group's members last as long as the permission sets behind the group say.
        sessionSeconds: LONGEST_SESSION_SECONDS,
      };
    }
    // Others exist, perhaps, but Glasshammer's own roles could not assign them: to the person they are unknown.
    const configured = services.permissionSets.find(({ name, arn }) => [name, arn].includes(wanted.permissionSet));
    const target = { accountId: wanted.accountId, permissionSetArn: configured?.arn ?? wanted.permissionSet };
    const [account, permissionSet] = await Promise.all([
      services.directory.account(wanted.accountId),
      configured === undefined ? undefined : services.directory.permissionSet(configured.arn),
    ]);
    const names = nameTarget(account?.name, permissionSet);
    const found = { target, names, sessionSeconds: permissionSet?.sessionSeconds ?? 0 };
    if (account === undefined) return { ...found, refusal: refusal('unknown-account', wanted.accountId) };
    if (!account.active) return { ...found, refusal: refusal('account-not-active', account.name) };
    if (permissionSet === undefined)
      return { ...found, refusal: refusal('unknown-permission-set', wanted.permissionSet) };
    return found;
  } catch {
    return { ...NOTHING_FOUND, refusal: refusal('directory-unreadable') };
  }
}

/** The access of a request, and that it can be extended at all; by whom is asked once it is known who asks. */
async function findAccess(
  requestId: string,
  services: FindTargetServices,
): Promise<FoundTarget & { readonly refusal?: Refusal }> {
  const named = await services.requests.get(requestId);
  const root = named?.accessId === undefined ? named : await services.requests.get(named.accessId);
  if (root === undefined) {
    return { ...NOTHING_FOUND, refusal: refusal('unknown-request') };
  }
  const { target, names, sessionSeconds } = root;
  const found = { extends: root, target, names, sessionSeconds };
  if (isJoinable(root, services.now().toISOString())) return found;
  return {
    ...found,
    refusal: refusal(isOver(root.state) || root.state === 'ending' ? 'access-over' : 'already-decided'),
  };
}

/** By id or name. Other groups exist, but Glasshammer's roles could put nobody into them; what is no id is never asked for as one. */
async function findGroup(
  wanted: string,
  services: FindTargetServices,
): Promise<{ id: string; name: string } | undefined> {
  const id = services.groups.includes(wanted) ? wanted : await services.directory.groupIdByName(wanted);
  return id !== undefined && services.groups.includes(id) ? services.directory.group(id) : undefined;
}

function nameTarget(accountName: string | undefined, set: DirectoryPermissionSet | undefined): TargetNames {
  return {
    accountName,
    ...(set === undefined ? {} : { permissionSetName: set.name }),
  };
}
