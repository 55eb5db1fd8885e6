import { didYouMean } from '../records/near.ts';
import type { Policy, Scope } from '../records/policy.ts';
import { findUsers, type Organization } from './organization.ts';
import { coversAccount, groupIdOf } from './resolve.ts';

/** A name in a policy that does not exist in the organization, or is ambiguous. */
export interface UnknownName {
  /** The field that contains the name. */
  readonly field: string;
  /** A phrase that starts with the field. */
  readonly text: string;
}

/** Names in a policy that do not exist in the organization, or exist twice. */
export function unknownNames(policy: Policy, organization: Organization): UnknownName[] {
  const { who } = policy.scope;
  return [
    ...who.users.flatMap((ref) => unknownUser('who', ref, organization)),
    ...who.groups.flatMap((ref) => unknownGroup('who', ref, organization)),
    ...approverRefs(policy).flatMap(([field, ref]) => {
      const name = ref.slice(ref.indexOf(':') + 1);
      return ref.startsWith('user:') ? unknownUser(field, name, organization) : unknownGroup(field, name, organization);
    }),
    ...unknownTargets(policy.scope, organization),
  ].map((text) => ({ field: text.slice(0, text.indexOf(':')), text }));
}

/** Accounts that a policy covers and in which the configuration gives no access. */
export interface NotGiven {
  readonly policy: string;
  /** All of these accounts, in one sentence. */
  readonly text: string;
  /** The policy names such an account by id, rather than only by `*`, a unit or a tag. */
  readonly isNamed: boolean;
}

/**
 * The accounts of each `allow` in which the configuration gives no access.
 *
 * @param organization absent: only accounts that the policies name by id are checked
 */
export function accountsNotGiven(
  policies: readonly Policy[],
  organization: Organization | undefined,
  isGiven: (accountId: string) => boolean,
): readonly NotGiven[] {
  return policies.flatMap((policy) => {
    const { accounts } = policy.scope;
    if (policy.effect !== 'allow' || accounts === undefined) return [];
    const known = (organization?.accounts ?? []).filter((account) => coversAccount(accounts, account));
    const names = new Map([...accounts.ids].map((id) => [id, id]));
    for (const { id, name } of known) names.set(id, name === '' ? id : `${name} (${id})`);
    const left = [...names].filter(([id]) => !isGiven(id));
    if (left.length === 0) return [];
    const where = shortened(left.map(([, name]) => name));
    const text = `policy "${policy.name}": the configuration gives nobody access in ${where}, whatever it says`;
    return [{ policy: policy.name, text, isNamed: left.some(([id]) => accounts.ids.has(id)) }];
  });
}

/** The most names in a line; the rest is counted. */
const LISTED = 6;

/** The first names, separated by commas, and how many more there are. */
export function shortened(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown;
}

/** Every approver that a policy names, with the field that names it. */
export function approverRefs(policy: Policy): readonly (readonly [string, string])[] {
  if (policy.effect === 'deny' || policy.approval === undefined) return [];
  const own = (policy.approval.approvers ?? []).map((ref) => ['approval.approvers', ref] as const);
  const escalate = 'escalate' in policy.approval ? policy.approval.escalate : undefined;
  return [...own, ...(escalate?.to ?? []).map((ref) => ['approval.escalate.to', ref] as const)];
}

function unknownUser(field: string, ref: string, organization: Organization): string[] {
  const found = findUsers(organization, ref);
  if (found.length === 1) return [];
  if (found.length === 0) {
    const names = organization.users.flatMap(({ userName, email }) => [userName, email]);
    return [`${field}: there is no user ${ref}${didYouMean(ref, names)}`];
  }
  return [`${field}: ${ref} is more than one user (${found.map(({ id }) => id).join(', ')}); name the id`];
}

function unknownGroup(field: string, ref: string, organization: Organization): string[] {
  return groupIdOf(ref, organization) === undefined
    ? [
        `${field}: there is no group ${ref}${didYouMean(
          ref,
          organization.groups.map(({ name }) => name),
        )}`,
      ]
    : [];
}

function unknownTargets({ accounts, permissionSets, groups }: Scope, organization: Organization): string[] {
  const units = new Set(organization.accounts.flatMap(({ ou }) => ou));
  const problems: string[] = [];
  for (const id of accounts?.ids ?? []) {
    if (!organization.accounts.some((account) => account.id === id))
      problems.push(`accounts: there is no account ${id}`);
  }
  for (const unit of [...(accounts?.ous ?? []), ...(accounts?.directOus ?? [])]) {
    if (!units.has(unit)) problems.push(`accounts: no account is in a unit ${unit}`);
  }
  for (const { key, value } of accounts?.tags ?? []) {
    const carried = organization.accounts.some(({ tags }) => Object.hasOwn(tags, key) && tags[key] === value);
    if (!carried) problems.push(`accounts: no account carries the tag ${key}=${value}`);
  }
  for (const name of permissionSets?.names ?? []) {
    const known = organization.permissionSets.some((set) => set.arn === name || set.name === name);
    if (!known)
      problems.push(
        `permissionSets: there is no permission set ${name}${didYouMean(
          name,
          organization.permissionSets.map((set) => set.name),
        )}`,
      );
  }
  for (const ref of groups?.names ?? []) problems.push(...unknownGroup('groups', ref, organization));
  return problems;
}
