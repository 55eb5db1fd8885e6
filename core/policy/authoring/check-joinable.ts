import type { AccessItem } from '../../model/access-item.ts';
import { parseAccessRecord } from '../records/access-records.ts';
import type { AllowPolicy, NameScope, Policy } from '../records/policy.ts';
import { recordKind } from '../records/record-kind.ts';
import { approverRefs } from './check-names.ts';
import type { Organization } from './organization.ts';
import { groupIdOf } from './resolve.ts';

/** A group that people may join for a time, and that another policy or a record refers to. */
export interface JoinableGroup {
  /** The conflict, in one sentence. */
  readonly text: string;
  /** The other policy says `leased: true`, so a granted membership gives what it allows. */
  readonly opens: boolean;
  /** A policy lets people join every group of the configuration, and whether this group is one of them is not known. */
  readonly isUnsure?: boolean;
  /** Name of the policy that refers to the group; absent: an access record does. */
  readonly policy?: string;
}

/**
 * Groups that one policy lets people join for a time, while another policy names them in its `who` or as approvers, or
 * an access record is for them. Either a person who joins gets more than the first policy says, or the author of the
 * second wrongly expects that they do.
 *
 * @param organization absent: only groups that both sides write in the same way are found
 */
export function joinableGroups(
  policies: readonly Policy[],
  records: readonly AccessItem[],
  organization: Organization | undefined,
): readonly JoinableGroup[] {
  const idOf = (ref: string) => (organization && groupIdOf(ref, organization)) ?? ref;
  const doors = policies.filter((policy): policy is AllowPolicy => policy.effect === 'allow' && !!policy.scope.groups);
  const ofPolicies = policies.flatMap((policy) =>
    groupUses(policy).flatMap(({ ref, use }) => {
      const door = doors.find(({ scope }) => mayJoin(scope.groups, ref, idOf));
      if (door === undefined) return [];
      const opens = leasedIn(policy);
      const consequence = opens
        ? 'and says leased: true, so everybody who is put into it for a time has that, too'
        : 'so a person who joins it gets nothing by that; name another group, or write leased: true';
      const text = `policy "${policy.name}": ${use} names group:${ref}, which policy "${door.name}" lets ${described(door)} join, ${consequence}`;
      return [{ text, opens, policy: policy.name }];
    }),
  );
  const ofRecords = recordHolders(records, organization).flatMap(({ id, groupId, name, isGroup }) => {
    // The id in a record does not show whether it is a user or a group. Without a directory, it is known as a group
    // only where a policy names it as one.
    const naming = doors.find(({ scope }) => mayJoin(named(scope.groups), groupId, idOf));
    const door = naming ?? (isGroup ? doors.find(({ scope }) => scope.groups?.all === true) : undefined);
    if (door === undefined) return [];
    const isUnsure = naming === undefined;
    const which = isUnsure ? ', if it is in the configuration,' : '';
    const text = `access record "${id}": it is for group:${name}, which policy "${door.name}" lets ${described(door)} join${which || ','} so a person who joins it gets nothing by that; name another group, or write a policy with leased: true in its place`;
    return [{ text, opens: false, isUnsure }];
  });
  return [...ofPolicies, ...ofRecords];
}

function named(groups: NameScope | undefined): NameScope | undefined {
  return groups && { ...groups, all: false };
}

/** The users and groups of access records. Granted memberships never count for these. */
function recordHolders(
  records: readonly AccessItem[],
  organization: Organization | undefined,
): readonly { readonly id: string; readonly groupId: string; readonly name: string; readonly isGroup: boolean }[] {
  return records.flatMap((item) => {
    if (recordKind(item.id) !== 'access') return [];
    const record = parseAccessRecord(item);
    if ('malformed' in record) return [];
    return [...record.principalIds].map((groupId) => {
      const group = organization?.groups.find(({ id }) => id === groupId);
      return { id: item.id, groupId, name: group?.name || groupId, isGroup: group !== undefined };
    });
  });
}

/**
 * The uses of groups where membership gives a person something. The `who` of a deny or require is left out: joining the
 * group only binds the person.
 */
function groupUses(policy: Policy): { readonly ref: string; readonly use: string }[] {
  const who = policy.effect === 'allow' ? policy.scope.who.groups.map((ref) => ({ ref, use: 'who' })) : [];
  const approvers = approverRefs(policy)
    .filter(([, ref]) => ref.startsWith('group:'))
    .map(([use, ref]) => ({ ref: ref.slice('group:'.length), use }));
  return [...who, ...approvers];
}

function leasedIn(policy: Policy): boolean {
  if (policy.effect === 'require') return policy.approval?.leased === true;
  return policy.effect === 'allow' && policy.scope.who.leased === true;
}

function mayJoin(groups: NameScope | undefined, ref: string, idOf: (ref: string) => string): boolean {
  return groups !== undefined && (groups.all || [...groups.names].some((name) => idOf(name) === idOf(ref)));
}

function described({ scope: { who } }: AllowPolicy): string {
  if (who.everyone) return 'everyone';
  return [...who.users.map((ref) => `user:${ref}`), ...who.groups.map((ref) => `group:${ref}`)].join(' or ');
}
