import type { LookupBy } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';
import { second, type TrailQuestion } from './trail-queries.ts';

/**
 * The query in the language of Logs Insights. It has no bound parameters, so each value is checked against what it can
 * be, and nothing that could end a string or a pattern gets in.
 *
 * Insights discovers only a limited number of fields in a record, and the person who makes a call decides how many
 * parameters it has. So only fields that CloudTrail writes before the parameters are compared as fields; the rest is
 * searched in the text.
 *
 * @throws ActivityUnreadableError for a value that no CloudTrail record of this kind can have
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function logsQuery({ accountId, by, from, until }: TrailQuestion): string {
  return [
    'fields @message',
    `filter eventTime >= '${second(from)}' and eventTime <= '${second(until)}'`,
    `filter @message like /"recipientAccountId":\\s*"${only(ACCOUNT_ID, accountId)}"/`,
    `filter ${conditionOf(by)}`,
    'sort eventTime desc',
  ].join(' | ');
}

function conditionOf(by: LookupBy): string {
  if ('accessKeyId' in by) return `userIdentity.accessKeyId = '${only(/^[A-Z0-9]{16,128}$/, by.accessKeyId)}'`;
  if ('eventName' in by) return `eventName = '${only(/^\w{1,128}$/, by.eventName)}'`;
  if ('readOnly' in by) return '@message like /"readOnly":\\s*false/';
  // The session name is the last part of the session's ARN; STS allows these characters and no others.
  const name = only(/^[\w+=,.@-]{1,128}$/, by.userName);
  const pattern = name.replace(/[.+-]/g, '\\$&');
  return `(userIdentity.userName = '${name}' or userIdentity.principalId like /:${pattern}$/ or userIdentity.arn like /\\/${pattern}$/)`;
}

function only(shape: RegExp, value: string): string {
  if (shape.test(value)) return value;
  throw new ActivityUnreadableError(
    'A name that was looked up has characters that no call can have; it was not looked up in the log group.',
  );
}
