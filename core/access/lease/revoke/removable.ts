import type { TargetNames } from '../../../model/request.ts';
import { isGroupTarget, type Target } from '../../../model/target.ts';

/** What the roles may take back: all that the configuration gives, and all that it has retired. */
export interface Removable {
  /** `*`: every account of the organization. */
  readonly accounts: '*' | readonly string[];
  /** Accounts that are not among them whatever `accounts` says. */
  readonly excludedAccounts?: readonly string[];
  readonly permissionSets: readonly { readonly arn: string }[];
  readonly groups: readonly string[];
}

/** What the roles may give: all that the configuration gives, and nothing that it has retired. */
export type Givable = Removable;

/** Where in the configuration a target would have to stand. */
type ConfigList = 'accounts' | 'permissionSets' | 'groups';

/** What stands in the way of taking a target back, for whoever writes the configuration. */
export interface LeftOut {
  readonly list: ConfigList;
  /** `permission set PowerUserAccess`; without a name, by its id. */
  readonly what: string;
}

/** Is an account among those? */
export function reachesAccount(
  { accounts, excludedAccounts = [] }: Pick<Removable, 'accounts' | 'excludedAccounts'>,
  accountId: string,
): boolean {
  return (accounts === '*' || accounts.includes(accountId)) && !excludedAccounts.includes(accountId);
}

/**
 * What of a target the configuration neither gives nor has retired: no role has a right to it, so access to it stays when its time is
 * over. The configuration is changed by people while access lasts.
 *
 * @param names as people know them, where they are known
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

/** In front of the note of a removal that no role may do. */
export const LEFT_OUT = 'left out of the configuration: ';

/** The same in a request's history, with what an operator does about it. */
export function leftOutNote({ list, what }: LeftOut): string {
  return `${LEFT_OUT}${what}; put it under retired.${list} in glasshammer.config.ts and deploy`;
}
