import type { AccessItem } from '../../../model/access-item.ts';
import { isGroupTarget } from '../../../model/target.ts';
import {
  type AccessRecord,
  type MalformedRecord,
  PRINCIPAL_ID,
  parseAccessRecord,
} from '../../records/access-records.ts';
import { PERMISSION_SET_ARN } from '../../records/parse-fields.ts';
import type { Matcher, MatchNeeds } from './matching.ts';

/** An access record that could not be parsed. */
export interface UnreadRecord extends MalformedRecord {
  /** Its id does not rule out that it is about this person and target. */
  readonly mayBeAbout: boolean;
}

/** The access records among these items, and whether each matches this target and person. */
export function readRecords(items: readonly AccessItem[], matcher: Matcher, wanted: MatchNeeds) {
  const { target, person } = matcher.requestInput;
  const records: { record: AccessRecord; matched: boolean; why: string }[] = [];
  const malformedRecords: UnreadRecord[] = [];
  const sorted = [...items].filter(({ id }) => id.startsWith('access')).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const item of sorted) {
    const record = parseAccessRecord(item);
    if ('malformed' in record) {
      malformedRecords.push({ ...record, mayBeAbout: mayBeAbout(item.id, matcher) });
      continue;
    }
    const sameTarget =
      !isGroupTarget(target) &&
      record.accountId === target.accountId &&
      record.permissionSetArn === target.permissionSetArn;
    if (!sameTarget) {
      records.push({ record, matched: false, why: 'is about something else' });
    } else if (record.permissionSetName !== undefined && matcher.permissionSetName === undefined) {
      wanted.permissionSet = true;
      records.push({
        record,
        matched: false,
        why: 'could not be checked: the name of the permission set is not known',
      });
    } else if (record.permissionSetName !== undefined && record.permissionSetName !== matcher.permissionSetName) {
      records.push({ record, matched: false, why: `the permission set is not called ${record.permissionSetName}` });
    } else if (record.principalIds.size === 0) {
      records.push({ record, matched: false, why: 'has no principals, so it grants nobody' });
    } else {
      const matched =
        record.principalIds.has(person.principalId) ||
        [...matcher.ownGroups.ids].some((id) => record.principalIds.has(id));
      records.push({ record, matched, why: matched ? 'grants it' : 'does not name this person' });
    }
  }
  return { records, malformedRecords };
}

/**
 * Might a record that cannot be parsed be about this person and target? Only where its id names the account, and no
 * other permission set and no other user or group. A broken record about one account must not change the answer for
 * another.
 */
function mayBeAbout(id: string, { requestInput: { target, person }, ownGroups }: Matcher): boolean {
  if (isGroupTarget(target)) return false;
  const [, account = '', ...rest] = id.split('#');
  if (!account.includes(target.accountId)) return false;
  const sets = rest.filter((part) => PERMISSION_SET_ARN.test(part));
  if (sets.length > 0 && !sets.includes(target.permissionSetArn)) return false;
  const holder = rest[1] ?? '';
  return !PRINCIPAL_ID.test(holder) || holder === person.principalId || ownGroups.ids.has(holder);
}
