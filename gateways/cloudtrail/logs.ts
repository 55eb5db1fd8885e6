import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  ResourceNotFoundException,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Now } from '../../core/access/ports.ts';
import type { ActivitySource } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import type { AccountSessions } from '../sts/account-sessions.ts';
import { logsQuery } from './logs-query.ts';
import { createTrailSource, MOST_ROWS, refusalIn, tooFast } from './trail-queries.ts';

export interface LogsOptions {
  /** The log group that the organization's trail writes to. */
  readonly logGroupArn: string;
  /** Sessions in the log group's account; absent: this account has it. */
  readonly sessions?: AccountSessions;
  readonly client?: CloudWatchLogsClientConfig;
  /** Lists the Regions of an account, which the trail cannot say. */
  readonly regions: Pick<ActivitySource, 'enabledRegions'>;
  readonly now: Now;
  pause(ms: number): Promise<void>;
}

/** Reads the organization's trail in CloudWatch Logs, by Logs Insights. */
export function createLogsSource(options: LogsOptions): ActivitySource {
  const { now, logGroupArn } = options;
  const [, , , region = '', accountId = '', , logGroupName = ''] = logGroupArn.split(':');
  let own: CloudWatchLogsClient | undefined;

  async function clientFor(requestId: string): Promise<CloudWatchLogsClient> {
    if (options.sessions === undefined) {
      own ??= new CloudWatchLogsClient({ ...options.client, region });
      return own;
    }
    const credentials = await options.sessions.credentialsFor(accountId, `glasshammer-${requestId}`);
    return new CloudWatchLogsClient({ ...options.client, region, credentials });
  }

  return createTrailSource({
    regions: options.regions,
    pause: (ms) => options.pause(ms),
    engine: {
      name: 'CloudWatch Logs (the organization’s trail)',
      sees: SEES,
      async start(question, requestId) {
        const queryString = logsQuery(question);
        const client = await clientFor(requestId);
        // CloudTrail delivers events late and promises no time, and the log group files them under their arrival:
        // search until now.
        const latest = Math.floor(now().getTime() / 1000);
        const { queryId = '' } = await client.send(
          new StartQueryCommand({
            logGroupName,
            startTime: seconds(question.from),
            endTime: Math.max(seconds(question.from) + 1, latest),
            queryString,
            limit: MOST_ROWS,
          }),
        );
        return queryId;
      },
      async state(queryId, requestId) {
        const { status = 'nothing', results = [] } = await resultsOf(await clientFor(requestId), queryId);
        if (status === 'Scheduled' || status === 'Running') return { state: 'running' };
        if (status !== 'Complete') return { state: 'failed', why: status };
        const records = results.flatMap((row) =>
          row.flatMap(({ field, value = '' }) => (field === '@message' ? [value] : [])),
        );
        return { state: 'done', records };
      },
      failure: (error) => failureOf(error, logGroupArn),
    },
  });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html */
const SEES =
  'Read from what the organization’s trail wrote to its log group: data events are in it where the trail records them, events larger than 256 KB are not; neither is what happened inside machines that were logged in to.';

/** A query that Insights no longer knows has ended: Insights keeps results only for a while. */
async function resultsOf(
  client: CloudWatchLogsClient,
  queryId: string,
): Promise<Pick<GetQueryResultsCommandOutput, 'status' | 'results'>> {
  try {
    return await client.send(new GetQueryResultsCommand({ queryId }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { status: 'Unknown' };
    throw error;
  }
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

function failureOf(error: unknown, logGroupArn: string): unknown {
  const name = error instanceof Error ? error.name : '';
  const refusal = refusalIn(error);
  if (refusal !== undefined)
    return new ActivityUnreadableError(`The log group ${logGroupArn} could not be read (${refusal}).`);
  if (name === 'ResourceNotFoundException')
    return new ActivityUnreadableError(`There is no log group ${logGroupArn}, or the query was forgotten.`);
  // The same error comes for a time before the log group was made, or before its retention.
  if (name === 'MalformedQueryException')
    return new ActivityUnreadableError(
      `The log group ${logGroupArn} refused the query; it may not keep events for so long.`,
    );
  return tooFast(error) ?? error;
}
