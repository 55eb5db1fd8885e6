import type { LookupBy } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { MOST_ROWS, second, type TrailQuestion } from './trail-queries.ts';

/** Of each record what a report reads, under the name of its column in the answer. docs/report.md has the table they come from. */
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
 * What is delivered late lies under the day of its delivery: events of the evening that come after midnight UTC are found under the next
 * day. So the day after is read as well, whatever the hour; what is asked for is bounded by the events' own time. Seconds.
 */
const LATE_SECONDS = 26 * 3600;

/**
 * The question in SQL. Account and days are partitions, so that nothing else is scanned; every value is bound, and held against what it
 * can be besides: Athena takes each as a literal of SQL, and only what is in quotes as a text.
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

/** As CloudTrail names the folders of its days. */
function dayOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, 10).replaceAll('-', '/');
}

/** The name of a session is the last part of its ARN, and what follows the colon in the id of its principal. */
const BY_NAME =
  "(useridentity.username = ? OR split_part(useridentity.principalid, ':', 2) = ? OR element_at(split(useridentity.arn, '/'), -1) = ?)";

function conditionOf(by: LookupBy): readonly [condition: string, values: readonly string[]] {
  if ('accessKeyId' in by) return ['useridentity.accesskeyid = ?', [by.accessKeyId]];
  if ('eventName' in by) return ['eventname = ?', [by.eventName]];
  if ('readOnly' in by) return ["readonly = 'false'", []];
  return [BY_NAME, [by.userName, by.userName, by.userName]];
}

/** What IAM and CloudTrail allow in names, keys and times; no quote among them. */
const PLAIN = /^[\w+=,.@:/-]{1,128}$/;

function quoted(value: string): string {
  if (PLAIN.test(value)) return `'${value}'`;
  throw new ActivityUnreadableError(
    'A name that was looked up has characters that no call can have; it was not looked up in the trail.',
  );
}
