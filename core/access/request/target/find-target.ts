import { isJoinable } from '../../../model/access.ts';
import type { Directory, DirectoryPermissionSet } from '../../../model/directory.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { AccessRequest, TargetNames } from '../../../model/request.ts';
import type { Target } from '../../../model/target.ts';
import { LONGEST_SESSION_SECONDS } from '../../../sessions/live-sessions.ts';
import type { Now, RequestStore } from '../../ports.ts';

/** What is asked for, as it came in: names not yet looked up, or the reason why the request could not be parsed. */
export type Wanted =
  /** Permission set by name or ARN, group by name or id. */
  | { readonly accountId: string; readonly permissionSet: string }
  | { readonly group: string }
  /** More time on an access that lasts, named by the id of any of its requests. */
  | { readonly extends: string }
  | { readonly unreadable: Refusal };

export interface FindTargetServices {
  readonly directory: Directory;
  readonly requests: Pick<RequestStore, 'get'>;
  readonly now: Now;
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  /** Ids of the groups that Glasshammer may add people to. */
  readonly groups: readonly string[];
}

/** The target of a request, as far as it was found; with a refusal, why it cannot be given. */
export interface FoundTarget {
  /** The root request of the access to be extended. */
  readonly extends?: AccessRequest;
  readonly target: Target;
  readonly names: TargetNames;
  readonly sessionSeconds: number;
}

/** The result where nothing was found, or where the caller may not know what was found. */
export const NOTHING_FOUND: FoundTarget = {
  target: { accountId: '', permissionSetArn: '' },
  names: {},
  sessionSeconds: 0,
};

/** Looks up what is asked for. A name that cannot be looked up is refused, never guessed. */
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
        // Sessions last as long as the permission sets that the group is assigned say, which are not known here.
        sessionSeconds: LONGEST_SESSION_SECONDS,
      };
    }
    // Glasshammer's roles cannot assign permission sets outside of the configuration: these are refused as unknown,
    // even if they exist.
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

/** Finds the access of a request and checks that it can be extended. `requestAccess` checks whose access it is. */
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

/** By id or name. Only configured groups are looked up by id: Glasshammer's roles cannot add people to others. */
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
