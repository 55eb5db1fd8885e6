import type { Person } from '../../model/decision.ts';
import { compareText } from '../../model/text.ts';

/** Which Identity Center users are one human being, as far as is known. */
export interface People {
  /** Equal for the users of one person. */
  of(principalId: string): string;
  /** Do any two of these belong to one person? */
  anyTwins(principalIds: ReadonlySet<string>): boolean;
}

/**
 * Two users are one person where a `person#…` record says so or where they have the same e-mail: of the person who asks, and of
 * everybody who was looked up.
 *
 * @param recorded lists of users that are one person each, by the access table
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
  const nameOf = joined(links);
  const of = (id: string) => nameOf.get(id) ?? id;
  const asked = new WeakMap<ReadonlySet<string>, boolean>();
  return {
    of,
    anyTwins(ids) {
      if (nameOf.size === 0) return false;
      let known = asked.get(ids);
      if (known === undefined) {
        known = new Set([...ids].map(of)).size < ids.size;
        asked.set(ids, known);
      }
      return known;
    },
  };
}

/** For every user in one of the lists, one name for all users that any chain of lists connects with it. */
function joined(links: readonly (readonly string[])[]): ReadonlyMap<string, string> {
  const groups = new Map<string, Set<string>>();
  for (const ids of links) {
    const together = new Set(ids.flatMap((id) => [...(groups.get(id) ?? [id])]));
    for (const id of together) groups.set(id, together);
  }
  return new Map([...groups].map(([id, together]) => [id, [...together].sort(compareText)[0] ?? id]));
}
