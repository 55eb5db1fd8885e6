import type { Person } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { peopleIn, recordedWith } from './people.ts';

/** An Identity Center user, with the e-mail that is known of them; `undefined`: to be looked up. */
type KnownUser = Pick<Person, 'principalId'> & { readonly email?: string | undefined };

/**
 * Are these two users one person? By record or by e-mail, as votes are counted; a third user may be what connects them, so those whom a
 * record makes one person with either are looked up.
 *
 * @param known.persons lists of users that are one person each, by the access table
 * @param known.users everybody, where somebody has read them anyway
 * @throws whatever the directory throws
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
