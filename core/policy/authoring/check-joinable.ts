import type { AccessItem } from '../../model/access-item.ts';
import { parseAccessRecord } from '../records/access-records.ts';
import type { AllowPolicy, NameScope, Policy } from '../records/policy.ts';
import { recordKind } from '../records/record-kind.ts';
import { approverRefs } from './check-names.ts';
import type { Organization } from './organization.ts';
import { groupIdOf } from './resolve.ts';

/** A group that people may be put into, and what being in it would open. */
export interface JoinableGroup {
  /** The whole chain, in one sentence. */
  readonly text: string;
  /** The policy says `leased: true`, so membership that was given does open it. */
  readonly opens: boolean;
  /** A policy lets people join every group of the configuration, which may not have this one. */
  readonly isUnsure?: boolean;
  /** Name of the policy that names the group; absent: an access record does. */
  readonly policy?: string;
}

/**
 * Groups that one policy lets people join for a time and that another names in its `who` or as approvers, or that an access record
 * is for: either whoever joins gets more than the one policy says, or whoever reads the other believes so.
 *
 * @param organization absent: only groups that both write in the same way are found
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
        ? 'and says leased: true, so whoever is put into it for a time has that, too'
        : 'so whoever joins it gets nothing by that; name another group, or write leased: true';
      const text = `policy "${policy.name}": ${use} names group:${ref}, which policy "${door.name}" lets ${described(door)} join, ${consequence}`;
      return [{ text, opens, policy: policy.name }];
    }),
  );
  const ofRecords = recordHolders(records, organization).flatMap(({ id, groupId, name, isGroup }) => {
    // Nothing in a holder's id says whether it is a user or a group: without a directory, only a group that a policy names is known as one.
    const naming = doors.find(({ scope }) => mayJoin(named(scope.groups), groupId, idOf));
    const door = naming ?? (isGroup ? doors.find(({ scope }) => scope.groups?.all === true) : undefined);
    if (door === undefined) return [];
    const isUnsure = naming === undefined;
    const which = isUnsure ? ', if it is in the configuration,' : '';
    const text = `access record "${id}": it is for group:${name}, which policy "${door.name}" lets ${described(door)} join${which || ','} so whoever joins it gets nothing by that; name another group, or write a policy with leased: true in its place`;
    return [{ text, opens: false, isUnsure }];
  });
  return [...ofPolicies, ...ofRecords];
}

function named(groups: NameScope | undefined): NameScope | undefined {
  return groups && { ...groups, all: false };
}

/** Membership that was given opens no record, and a record cannot say otherwise. */
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

/** In a deny or a require, a `who` binds those who are in the group, and being put into it frees nobody. */
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
