import type { AccessItem } from '../../model/access-item.ts';
import { PERSON_PREFIX } from '../../model/stored-ids.ts';
import { recordedWith } from '../decision/people.ts';
import { parsePersonRecord } from '../records/persons.ts';
import type { Organization } from './organization.ts';

/** Users that count as one person, and users in person records that do not exist; one sentence each. */
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
  const lists = persons.map(({ principalIds }) => principalIds);
  const areRecorded = ([first = '', ...others]: readonly string[]) => {
    const recorded = recordedWith(lists, [first]);
    return others.every((id) => recorded.includes(id));
  };
  return [
    ...[...byEmail]
      .filter(([, ids]) => ids.length > 1)
      .map(
        ([email, ids]) =>
          `${ids.join(' and ')} have the e-mail ${email}: they count as one person, with one vote${areRecorded(ids) ? '' : '; a person#… record makes them one for limits, too'}`,
      ),
    ...persons.map(
      ({ id, principalIds }) =>
        `${principalIds.join(' and ')} count as one person, with one vote and the limits of one, by record ${id}`,
    ),
    ...persons.flatMap(({ id, principalIds }) =>
      principalIds
        .filter((principalId) => !known.has(principalId))
        .map((principalId) => `record ${id}: there is no user ${principalId}`),
    ),
  ];
}
