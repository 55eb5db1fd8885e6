import type { Person } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { peopleIn, recordedWith } from './people.ts';

/** An Identity Center user with their e-mail, if known; `undefined`: it is looked up. */
type KnownUser = Pick<Person, 'principalId'> & { readonly email?: string | undefined };

/**
 * Do these two users belong to one person? Decided by record or by e-mail, as for votes. A third user may connect the
 * two, so all users that a record links to either of them are looked up as well.
 *
 * @param known.persons lists of users that belong to one person each, from the access table
 * @param known.users all users, where the caller has read them already
 * @throws the errors of the directory
 */
export async function isOnePerson(
  one: KnownUser,
  other: KnownUser,
  known: {
    readonly persons: readonly (readonly string[])[];
    readonly users?: ReadonlyMap<string, { readonly email: string }>;
  },
  directory: Pick<Directory, 'user'>,
): Promise<boolean> {
  if (one.principalId === other.principalId) return true;
  const users = new Map(known.users);
  const both = [one, other];
  for (const { principalId, email } of both) if (email !== undefined) users.set(principalId, { email });
  const ids = both.map(({ principalId }) => principalId);
  const unseen = [...ids, ...recordedWith(known.persons, ids)].filter((id) => !users.has(id));
  await Promise.all(
    unseen.map(async (id) => {
      users.set(id, { email: (await directory.user(id))?.email ?? '' });
    }),
  );
  const email = users.get(one.principalId)?.email ?? '';
  const people = peopleIn(known.persons, { principalId: one.principalId, email }, { users });
  return people.of(one.principalId) === people.of(other.principalId);
}
