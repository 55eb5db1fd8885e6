import type { AccessItem } from '../../model/access-item.ts';
import { parseDuration } from '../../model/duration.ts';
import { accessRecordId } from '../../model/stored-ids.ts';
import { ACCOUNT_ID, isGroupTarget, PERMISSION_SET_NAME, type Target } from '../../model/target.ts';
import { PERMISSION_SET_ARN, show } from './parse-fields.ts';

/** A parsed access record: these users or groups may have that permission set in that account, without approval. */
export interface AccessRecord {
  readonly id: string;
  readonly accountId: string;
  readonly permissionSetArn: string;
  /** Only in records whose id names the permission set. */
  readonly permissionSetName?: string;
  /** Ids of users or groups. Empty: the record grants nothing to anybody. */
  readonly principalIds: ReadonlySet<string>;
  readonly maxDurationSeconds?: number;
}

/** A record that could not be parsed, with a text that says what to fix. It grants nothing. */
export interface MalformedRecord {
  readonly id: string;
  readonly malformed: string;
}

/** The form of a user or group id in a record. Wider than Identity Center's: a mistyped id matches nobody. */
export const PRINCIPAL_ID = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

/**
 * The ids of all access records that could give a person this target: one for the person, one for each of their groups,
 * and one by the name of the permission set. The table is read by these keys, so the cost does not depend on its size.
 *
 * @param permissionSetName empty when it is not known; the record by name is then not looked up
 * @returns empty for groups, which only policies can grant
 */
export function recordIdsFor(
  target: Target,
  permissionSetName: string,
  principalId: string,
  groupIds: readonly string[],
): string[] {
  if (isGroupTarget(target)) return [];
  const { accountId, permissionSetArn: arn } = target;
  const ids = [principalId, ...groupIds].map((id) => accessRecordId(accountId, arn, id));
  return permissionSetName === '' ? ids : [...ids, accessRecordId(accountId, permissionSetName, arn)];
}

/**
 * Parses an `access#…` record, strictly: anything that is not exactly one of the two forms is malformed, because a
 * guess could give more access than the author meant.
 */
export function parseAccessRecord(item: AccessItem): AccessRecord | MalformedRecord {
  const { id, principals, maxDuration, ...rest } = item;
  const malformed = (why: string): MalformedRecord => ({ id, malformed: `access record "${id}": ${why}` });
  const parts = id.split('#');
  const [kind, accountId = '', third = '', fourth = ''] = parts;
  if (kind !== 'access' || parts.length !== 4) {
    return malformed(
      'its id must be access#<account>#<permission set ARN>#<user or group id> or access#<account>#<permission set name>#<permission set ARN>',
    );
  }
  const unknown = Object.keys(rest);
  if (unknown.length > 0) return malformed(`${unknown.join(', ')} is not a field of an access record`);
  if (!ACCOUNT_ID.test(accountId)) return malformed(`"${accountId}" in its id must be a 12-digit account id`);
  const byName = PERMISSION_SET_ARN.test(fourth);
  const arn = byName ? fourth : third;
  if (!PERMISSION_SET_ARN.test(arn)) return malformed(`"${third}" in its id must be the ARN of a permission set`);

  const seconds = typeof maxDuration === 'string' ? parseDuration(maxDuration) : undefined;
  if (maxDuration !== undefined && seconds === undefined) {
    return malformed(`maxDuration must be a duration with a unit, such as "4h", not ${show(maxDuration)}`);
  }
  const shared = {
    id,
    accountId,
    permissionSetArn: arn,
    maxDurationSeconds: seconds,
  };
  if (!byName) {
    if (!PRINCIPAL_ID.test(fourth)) return malformed(`"${fourth}" in its id must be a user or group id`);
    if (principals !== undefined)
      return malformed('principals has no meaning where the id already names the user or group');
    return { ...shared, principalIds: new Set([fourth]) };
  }
  if (!PERMISSION_SET_NAME.test(third)) return malformed(`"${third}" in its id must be the name of a permission set`);
  const ids = principals === undefined ? [] : readPrincipals(principals);
  if (ids === undefined) return malformed(`principals must be a set of user and group ids, not ${show(principals)}`);
  return { ...shared, permissionSetName: third, principalIds: new Set(ids) };
}

/** Accepts a DynamoDB string set, and a list of strings, which people type as well. */
function readPrincipals(value: unknown): readonly string[] | undefined {
  const items: unknown[] | undefined = value instanceof Set ? [...value] : Array.isArray(value) ? value : undefined;
  if (items === undefined) return undefined;
  const ids = items.filter((item): item is string => typeof item === 'string' && PRINCIPAL_ID.test(item));
  return ids.length === items.length ? ids : undefined;
}

/**
 * Parses a `principal#<Slack user id>` record.
 *
 * @returns the Identity Center user id it names, or what is wrong with it
 */
export function parsePrincipalRecord(item: AccessItem): { readonly principalId: string } | MalformedRecord {
  const { id, ssoPrincipal } = item;
  const malformed = (why: string): MalformedRecord => ({ id, malformed: `principal record "${id}": ${why}` });
  if (!/^principal#[A-Z0-9]+$/.test(id)) return malformed('its id must be principal#<Slack user id>');
  if (ssoPrincipal === undefined) return malformed('ssoPrincipal is missing; it holds the Identity Center user id');
  if (typeof ssoPrincipal !== 'string' || !PRINCIPAL_ID.test(ssoPrincipal)) {
    return malformed(`ssoPrincipal must be an Identity Center user id without spaces, not ${show(ssoPrincipal)}`);
  }
  return { principalId: ssoPrincipal };
}
