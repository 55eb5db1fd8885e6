import type { Directory } from '../../../model/directory.ts';
import type { Requester } from '../../../model/request.ts';
import { isOnePerson } from '../../../policy/decision/one-person.ts';
import type { PolicyStore } from '../../ports.ts';
import { parsedPolicySet } from '../decide-request.ts';

export interface SamePersonServices {
  readonly policyStore: Pick<PolicyStore, 'storeState' | 'policies'>;
  readonly directory: Pick<Directory, 'user'>;
}

/**
 * Is this the same person, be it with another user of theirs? What nobody may do for themselves, they may not do with their second user
 * either. Of a user who is gone, the e-mail counts that was known of them.
 *
 * @throws whatever the table or the directory throws
 */
export async function isSamePerson(
  caller: Pick<Requester, 'principalId' | 'email'>,
  other: Pick<Requester, 'principalId' | 'email'>,
  { policyStore, directory }: SamePersonServices,
): Promise<boolean> {
  if (caller.principalId === other.principalId) return true;
  const [{ accessVersion }, user] = await Promise.all([policyStore.storeState(), directory.user(other.principalId)]);
  const { persons } = parsedPolicySet(await policyStore.policies(accessVersion));
  return isOnePerson(caller, { ...other, email: user?.email ?? other.email }, { persons }, directory);
}
