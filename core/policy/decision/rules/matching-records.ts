import type { AccessItem } from '../../../model/access-item.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { type AccessRecord, type MalformedRecord, parseAccessRecord } from '../../records/access-records.ts';
import type { Matcher, MatchNeeds } from './matching.ts';

/** The records that are about this target, and whether they are about this person. */
export function readRecords(items: readonly AccessItem[], matcher: Matcher, wanted: MatchNeeds) {
  const { target, person } = matcher.requestInput;
  const records: { record: AccessRecord; matched: boolean; why: string }[] = [];
  const malformedRecords: MalformedRecord[] = [];
  const sorted = [...items].filter(({ id }) => id.startsWith('access')).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const item of sorted) {
    const record = parseAccessRecord(item);
    if ('malformed' in record) {
      malformedRecords.push(record);
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
