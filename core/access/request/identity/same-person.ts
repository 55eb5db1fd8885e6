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
 * Are these two users the same person? What people may not do for themselves, they may not do with a second user of
 * theirs either. For a user who is gone from the directory, the stored e-mail counts.
 *
 * @throws any error of the table or the directory
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
