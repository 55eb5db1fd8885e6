import type { LookupBy } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { MOST_ROWS, second, type TrailQuestion } from './trail-queries.ts';

/**
 * What a report reads of each record: the column of the answer, and the expression it is read with. The table is in
 * docs/report.md.
 */
export const COLUMNS = {
  eventID: 'eventid',
  eventTime: 'eventtime',
  eventSource: 'eventsource',
  eventName: 'eventname',
  awsRegion: 'awsregion',
  sourceIPAddress: 'sourceipaddress',
  userAgent: 'useragent',
  errorCode: 'errorcode',
  errorMessage: 'errormessage',
  readOnly: 'readonly',
  recipientAccountId: 'recipientaccountid',
  sessionCredentialFromConsole: 'sessioncredentialfromconsole',
  requestParameters: 'requestparameters',
  responseElements: 'responseelements',
  additionalEventData: 'additionaleventdata',
  arns: 'json_format(CAST(transform(resources, r -> r.arn) AS JSON))',
  type: 'useridentity.type',
  principalId: 'useridentity.principalid',
  arn: 'useridentity.arn',
  accountId: 'useridentity.accountid',
  accessKeyId: 'useridentity.accesskeyid',
  userName: 'useridentity.username',
  invokedBy: 'useridentity.invokedby',
  onBehalfOf: 'useridentity.onbehalfof.userid',
  creationDate: 'useridentity.sessioncontext.attributes.creationdate',
  sourceIdentity: 'useridentity.sessioncontext.sourceidentity',
  issuerName: 'useridentity.sessioncontext.sessionissuer.username',
  issuerAccount: 'useridentity.sessioncontext.sessionissuer.accountid',
} as const;

export type Column = keyof typeof COLUMNS;

/** A statement with a question mark for each value, and the values in their order, as Athena takes them. */
export interface AthenaQuery {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/**
 * CloudTrail files an event under the day of its delivery: an evening's events that come after midnight UTC are under
 * the next day. So the day after is read as well, whatever the hour; the events' own time bounds the answer. Seconds.
 */
const LATE_SECONDS = 26 * 3600;

/**
 * The question in SQL. Account and days are partitions, so that Athena scans nothing else. Every value is bound, and
 * checked against what it can be as well: Athena takes each as an SQL literal, and only a quoted one as text.
 *
 * @param table as `database.table`, both plain names
 * @throws ActivityUnreadableError for a value that no CloudTrail record of this kind can have
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export function athenaQuery({ accountId, by, from, until }: TrailQuestion, table: string): AthenaQuery {
  const [condition, values] = conditionOf(by);
  const late = new Date(Date.parse(until) + LATE_SECONDS * 1000).toISOString();
  const columns = Object.entries(COLUMNS).map(([name, column]) => `${column} AS "${name}"`);
  return {
    sql: [
      `SELECT ${columns.join(', ')}`,
      `FROM ${table}`,
      `WHERE account = ? AND day >= ? AND day <= ? AND eventtime >= ? AND eventtime <= ? AND recipientaccountid = ? AND ${condition}`,
      'ORDER BY eventtime DESC',
      `LIMIT ${MOST_ROWS}`,
    ].join(' '),
    parameters: [accountId, dayOf(from), dayOf(late), second(from), second(until), accountId, ...values].map(quoted),
  };
}

/** The day as CloudTrail names its folders. */
function dayOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, 10).replaceAll('-', '/');
}

/** The session name is the last part of the session's ARN, and follows the colon in its principal id. */
const BY_NAME =
  "(useridentity.username = ? OR split_part(useridentity.principalid, ':', 2) = ? OR element_at(split(useridentity.arn, '/'), -1) = ?)";

function conditionOf(by: LookupBy): readonly [condition: string, values: readonly string[]] {
  if ('accessKeyId' in by) return ['useridentity.accesskeyid = ?', [by.accessKeyId]];
  if ('eventName' in by) return ['eventname = ?', [by.eventName]];
  if ('readOnly' in by) return ["readonly = 'false'", []];
  return [BY_NAME, [by.userName, by.userName, by.userName]];
}

/** The characters that IAM and CloudTrail allow in names, keys and times; quotes are not among them. */
const PLAIN = /^[\w+=,.@:/-]{1,128}$/;

function quoted(value: string): string {
  if (PLAIN.test(value)) return `'${value}'`;
  throw new ActivityUnreadableError(
    'A name that was looked up has characters that no call can have; it was not looked up in the trail.',
  );
}
