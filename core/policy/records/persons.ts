import type { AccessItem } from '../../model/access-item.ts';
import { PERSON_PREFIX } from '../../model/stored-ids.ts';
import { type MalformedRecord, PRINCIPAL_ID } from './access-records.ts';
import { show } from './parse-fields.ts';

/** One person with several Identity Center users. */
export interface PersonRecord {
  readonly id: string;
  readonly principalIds: readonly string[];
}

/** Parses a `person#<name>` record, strictly. */
export function parsePersonRecord(item: AccessItem): PersonRecord | MalformedRecord {
  const { id, principals, ...rest } = item;
  const malformed = (why: string): MalformedRecord => ({ id, malformed: `person record "${id}": ${why}` });
  if (!/^person#[^#\s]+$/.test(id)) return malformed('its id must be person#<name>');
  const unknown = Object.keys(rest);
  if (unknown.length > 0) return malformed(`${unknown.join(', ')} is not a field of a person record`);
  const ids = idsIn(principals);
  if (ids.length < 2 || ids.length !== sizeOf(principals)) {
    return malformed(`principals must list the ids of at least two Identity Center users, not ${show(principals)}`);
  }
  return { id, principalIds: ids };
}

/**
 * The lists of Identity Center users that belong to one person each. A record that cannot be parsed counts with all
 * users it names: treating two people as one only withholds access, but treating two users of one person as two people
 * would give that person a second vote.
 */
export function personsAmong(items: readonly AccessItem[]): readonly (readonly string[])[] {
  return items
    .filter(({ id }) => id.startsWith(PERSON_PREFIX))
    .map(({ principals }) => idsIn(principals))
    .filter((ids) => ids.length > 1);
}

function idsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = value instanceof Set ? [...value] : Array.isArray(value) ? value : [];
  return [...new Set(list.filter((id): id is string => typeof id === 'string' && PRINCIPAL_ID.test(id)))];
}

function sizeOf(value: unknown): number {
  return value instanceof Set ? value.size : Array.isArray(value) ? value.length : 0;
}
