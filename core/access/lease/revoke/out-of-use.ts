import type { Directory } from '../../../model/directory.ts';
import { type Assignment, isGroupTarget } from '../../../model/target.ts';
import { OUT_OF_USE } from './end-notes.ts';

/** Where a removal that fails asks why. It needs nothing of it: a look that fails says nothing. */
export interface AccountServices {
  /** Absent for the revoke, which asks for removals; what became of one is seen by who checks it. */
  readonly directory?: Pick<Directory, 'account'>;
}

/**
 * Why nobody can use an assignment, although Identity Center lists it still and cannot take it away; `undefined` where that cannot be
 * said. Nobody signs in to an account that is suspended or closes, and what has left the organization is out of Identity Center's
 * hands.
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
