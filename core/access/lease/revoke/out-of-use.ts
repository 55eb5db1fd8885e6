import type { Directory } from '../../../model/directory.ts';
import { type Assignment, isGroupTarget } from '../../../model/target.ts';
import { OUT_OF_USE } from './end-notes.ts';

/** Where to ask why a removal failed. The removal does not depend on it: a look-up that fails explains nothing. */
export interface AccountServices {
  /** Absent in `revoke-access`, which only asks for removals; the functions that check how a removal ended have it. */
  readonly directory?: Pick<Directory, 'account'>;
}

/**
 * Why nobody can use an assignment that Identity Center still lists and cannot remove; `undefined` where no such reason
 * is found. Nobody can sign in to an account that is suspended or being closed, and Identity Center cannot change an
 * account that has left the organization.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html
 */
export async function whyOutOfUse({ target }: Assignment, { directory }: AccountServices): Promise<string | undefined> {
  if (directory === undefined || isGroupTarget(target)) return undefined;
  try {
    const account = await directory.account(target.accountId);
    if (account === undefined) return `${OUT_OF_USE}the account is no longer in the organization`;
    return account.active ? undefined : `${OUT_OF_USE}the account is closed, or suspended`;
  } catch {
    return undefined;
  }
}
