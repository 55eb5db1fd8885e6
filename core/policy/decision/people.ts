import type { Person } from '../../model/decision.ts';
import { compareText } from '../../model/text.ts';

/** Which Identity Center users belong to the same person, as far as known. */
export interface People {
  /** Equal for all users of one person. */
  of(principalId: string): string;
  /** Do any two of these users belong to one person? */
  anySamePerson(principalIds: ReadonlySet<string>): boolean;
  /** The other users of the same person, sorted. */
  othersOf(principalId: string): readonly string[];
}

/**
 * Two users belong to one person where a `person#…` record says so, or where they have the same e-mail. E-mails are
 * known of the requester and of every user that was looked up.
 *
 * @param recorded lists of users that belong to one person each, from the access table
 */
export function peopleIn(
  recorded: readonly (readonly string[])[],
  person: Pick<Person, 'principalId' | 'email'>,
  { users }: { readonly users: ReadonlyMap<string, { readonly email?: string | undefined } | null> },
): People {
  const links: (readonly string[])[] = [...recorded];
  const byEmail = new Map<string, string[]>();
  const note = (id: string, email: string | undefined) => {
    const key = (email ?? '').trim().toLowerCase();
    if (key !== '') byEmail.set(key, [...(byEmail.get(key) ?? []), id]);
  };
  note(person.principalId, person.email);
  for (const [id, user] of users) if (id !== person.principalId) note(id, user?.email);
  for (const ids of byEmail.values()) if (ids.length > 1) links.push(ids);
  const usersOf = joined(links);
  const of = (id: string) => usersOf.get(id)?.[0] ?? id;
  const asked = new WeakMap<ReadonlySet<string>, boolean>();
  return {
    of,
    anySamePerson(ids) {
      if (usersOf.size === 0) return false;
      let known = asked.get(ids);
      if (known === undefined) {
        known = new Set([...ids].map(of)).size < ids.size;
        asked.set(ids, known);
      }
      return known;
    },
    othersOf: (id) => (usersOf.get(id) ?? []).filter((other) => other !== id),
  };
}

/**
 * The users that a record links to any of these, without these. Their e-mails may link further users, so callers that
 * compare persons have to look them up as well.
 */
export function recordedWith(
  recorded: readonly (readonly string[])[],
  principalIds: readonly string[],
): readonly string[] {
  if (recorded.length === 0) return [];
  const usersOf = joined(recorded);
  return [...new Set(principalIds.flatMap((id) => usersOf.get(id) ?? []))].filter((id) => !principalIds.includes(id));
}

/** For every user in one of the lists: all users that any chain of lists connects with them, sorted. */
function joined(links: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const ids of links) {
    const together = new Set(ids.flatMap((id) => [...(groups.get(id) ?? [id])]));
    for (const id of together) groups.set(id, together);
  }
  const sorted = new Map([...new Set(groups.values())].map((together) => [together, [...together].sort(compareText)]));
  return new Map([...groups].map(([id, together]) => [id, sorted.get(together) ?? [id]]));
}
