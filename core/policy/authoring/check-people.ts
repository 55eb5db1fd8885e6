import type { AccessItem } from '../../model/access-item.ts';
import { PERSON_PREFIX } from '../../model/stored-ids.ts';
import { parsePersonRecord } from '../records/persons.ts';
import type { Organization } from './organization.ts';

/** Users that are taken for one person, and users of person records that nobody has; one sentence each. */
export function doubledPeople({ users }: Organization, records: readonly AccessItem[]): readonly string[] {
  const byEmail = new Map<string, string[]>();
  for (const { id, email } of users) {
    const key = email.trim().toLowerCase();
    if (key !== '') byEmail.set(key, [...(byEmail.get(key) ?? []), id]);
  }
  const known = new Set(users.map(({ id }) => id));
  const persons = records
    .filter(({ id }) => id.startsWith(PERSON_PREFIX))
    .map((item) => parsePersonRecord(item))
    .filter((record) => 'principalIds' in record);
  return [
    ...[...byEmail]
      .filter(([, ids]) => ids.length > 1)
      .map(([email, ids]) => `${ids.join(' and ')} have the e-mail ${email}: they count as one person, with one vote`),
    ...persons.map(
      ({ id, principalIds }) => `${principalIds.join(' and ')} count as one person, with one vote, by record ${id}`,
    ),
    ...persons.flatMap(({ id, principalIds }) =>
      principalIds
        .filter((principalId) => !known.has(principalId))
        .map((principalId) => `record ${id}: there is no user ${principalId}`),
    ),
  ];
}
