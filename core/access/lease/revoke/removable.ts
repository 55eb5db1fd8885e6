import type { TargetNames } from '../../../model/request.ts';
import { isGroupTarget, type Target } from '../../../model/target.ts';

/** What the roles may take back: all that the configuration gives, and all that it has retired. */
export interface Removable {
  /** `*`: every account of the organization. */
  readonly accounts: '*' | readonly string[];
  /** Accounts that are left out, whatever `accounts` says. */
  readonly excludedAccounts?: readonly string[];
  readonly permissionSets: readonly { readonly arn: string }[];
  readonly groups: readonly string[];
}

/** What the roles may give: all that the configuration gives, and nothing that it has retired. */
export type Givable = Removable;

/** The list of the configuration in which a target would have to be named. */
type ConfigList = 'accounts' | 'permissionSets' | 'groups';

/**
 * The part of a target that the configuration does not name, so that no role can take the target back; for the operator
 * who writes the configuration.
 */
export interface LeftOut {
  readonly list: ConfigList;
  /** Such as `permission set PowerUserAccess`; the id where there is no name. */
  readonly what: string;
}

/** Do these lists include the account? */
export function reachesAccount(
  { accounts, excludedAccounts = [] }: Pick<Removable, 'accounts' | 'excludedAccounts'>,
  accountId: string,
): boolean {
  return (accounts === '*' || accounts.includes(accountId)) && !excludedAccounts.includes(accountId);
}

/**
 * The part of a target that the configuration neither gives nor has retired: no role has a right to it, so access to it
 * stays after its end. This happens because people change the configuration while access lasts.
 *
 * @param names the names that people know, as far as they are known
 * @returns `undefined` when it can be taken back
 */
export function leftOut(target: Target, removable: Removable, names: TargetNames = {}): LeftOut | undefined {
  const { accountName, permissionSetName, groupName } = names;
  if (isGroupTarget(target)) {
    if (removable.groups.includes(target.groupId)) return undefined;
    return { list: 'groups', what: `group ${groupName ?? target.groupId}` };
  }
  const { accountId, permissionSetArn } = target;
  if (!removable.permissionSets.some(({ arn }) => arn === permissionSetArn))
    return { list: 'permissionSets', what: `permission set ${permissionSetName ?? permissionSetArn}` };
  if (reachesAccount(removable, accountId)) return undefined;
  return { list: 'accounts', what: `account ${accountName === undefined ? '' : `${accountName} `}${accountId}` };
}

/** Prefix of the note of a removal that no role may do. */
export const LEFT_OUT = 'left out of the configuration: ';

/** The note for a request's history, with what an operator has to do about it. */
export function leftOutNote({ list, what }: LeftOut): string {
  return `${LEFT_OUT}${what}; put it under retired.${list} in glasshammer.config.ts and deploy`;
}
