import type { OptionGroup, PlainTextOption } from '@slack/types';
import { option, plain } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';

/** Options of the form's menus, which Slack fetches from the options address. */

/** Marks a group among the accounts in the first menu. */
export const ACCOUNT_GROUP_PREFIX = 'group:';

export interface AccountOptions {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** What the person typed. */
  readonly query: string;
}

/** Accounts and groups the person may ask for, whose name or id contains what was typed. */
export function accountOptions({ accounts, groups, query }: AccountOptions): { option_groups: OptionGroup[] } {
  const kinds = [
    optionGroup('Accounts', matching(accounts, query), (id) => id),
    optionGroup('Groups', matching(groups, query), (id) => `${ACCOUNT_GROUP_PREFIX}${id}`),
  ];
  return { option_groups: kinds.filter((kind) => kind.options.length > 0) };
}

export interface PermissionSetOptions {
  readonly permissionSets: readonly { readonly arn: string; readonly name: string; readonly description?: string }[];
  readonly query: string;
}

/** Permission sets the person may ask for in the chosen account. */
export function permissionSetOptions({ permissionSets, query }: PermissionSetOptions): { options: PlainTextOption[] } {
  const entries = permissionSets.map(({ arn, name, description = '' }) => ({ id: arn, name, description }));
  const options = matching(entries, query).map(({ id, name, description }) =>
    option(name, permissionSetValue(id, name), description),
  );
  return { options };
}

/** In some partitions an ARN is longer than an option's value may be; then the name replaces it. */
export function permissionSetValue(arn: string, name: string): string {
  return arn.length <= LIMITS.optionValue ? arn : name;
}

function optionGroup(
  label: string,
  entries: readonly { readonly id: string; readonly name: string }[],
  writeValue: (id: string) => string,
): OptionGroup {
  // A cut value would name another target.
  const offered = entries.filter(({ id }) => writeValue(id).length <= LIMITS.optionValue);
  return {
    label: plain(label, LIMITS.optionGroupLabel),
    options: offered.map(({ id, name }) => option(name, writeValue(id), id)),
  };
}

function matching<T extends { readonly id: string; readonly name: string }>(entries: readonly T[], query: string): T[] {
  const wanted = query.trim().toLowerCase();
  return entries
    .filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
    .slice(0, LIMITS.options);
}
