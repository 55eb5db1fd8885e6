import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  ResourceNotFoundException,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Now } from '../../core/access/ports.ts';
import type { ActivityPage, ActivityQuery, ActivitySource } from '../../core/activity/ports.ts';
import { ActivityUnreadableError, TooDenseError } from '../../core/model/errors.ts';
import { compareText } from '../../core/model/text.ts';
import type { AccountSessions } from '../account-sessions.ts';
import { type LogsQuestion, logsQuery, MOST_ROWS, second } from './logs-query.ts';

/** CloudTrail hands events on later than they happened, and the log group files them by when it got them. Seconds. */
const LATE_SECONDS = 2 * 3600;

/** How long a query is waited for before the next page is asked for; it goes on meanwhile. */
const POLLS = 20;
const POLL_MS = 500;
/** A question whose queries go on failing is given up, and said to be. */
const MOST_RESTARTS = 3;

/** Answers that are shared by the Regions of one round; an answer may have 30 MB. */
const MOST_ANSWERS = 3;

export interface LogsOptions {
  /** The log group that the organization's trail writes to. */
  readonly logGroupArn: string;
  /** Sessions in the log group's account, where that is another one. */
  readonly sessions?: AccountSessions;
  readonly client?: CloudWatchLogsClientConfig;
  /** The Regions of an account come from whoever can ask it. */
  readonly regions: Pick<ActivitySource, 'enabledRegions'>;
  readonly now: Now;
  pause(ms: number): Promise<void>;
}

/** What is left to read: everything up to `until`, and the query that is under way. */
interface Position {
  readonly until: string;
  readonly queryId?: string;
  /** How often it was asked anew, because a query that ran on had failed or was forgotten. */
  readonly restarts?: number;
}

interface Answer {
  /** CloudTrail records, newest first; `undefined` while the query runs. */
  readonly records: readonly TrailRecord[] | undefined;
  readonly next?: string;
}

interface TrailRecord {
  readonly eventTime: string;
  readonly awsRegion?: unknown;
  readonly recipientAccountId?: unknown;
}

/**
 * The organization's trail in CloudWatch Logs, read with Logs Insights: as long as the log group keeps events, data events included
 * where the trail has them, with no role in the account. Every Region is in the one log group, so one query serves all.
 *
 * A query has an end, so what does not fit is asked for again, up to the oldest second that was read whole: no call is read twice or
 * left out.
 */
export function createLogsSource(options: LogsOptions): ActivitySource {
  const { now, pause } = options;
  const [, , , region = '', accountId = '', , logGroupName = ''] = options.logGroupArn.split(':');
  const answers = new Map<string, Promise<Answer>>();
  let own: CloudWatchLogsClient | undefined;

  async function clientFor(requestId: string): Promise<CloudWatchLogsClient> {
    if (options.sessions === undefined) {
      own ??= new CloudWatchLogsClient({ ...options.client, region });
      return own;
    }
    const credentials = await options.sessions.credentialsFor(accountId, `glasshammer-${requestId}`);
    return new CloudWatchLogsClient({ ...options.client, region, credentials });
  }

  async function start(client: CloudWatchLogsClient, question: LogsQuestion): Promise<string> {
    const latest = Math.floor(now().getTime() / 1000);
    const { queryId = '' } = await client.send(
      new StartQueryCommand({
        logGroupName,
        startTime: seconds(question.from),
        endTime: Math.max(seconds(question.from) + 1, Math.min(latest, seconds(question.until) + LATE_SECONDS)),
        queryString: logsQuery(question),
        limit: MOST_ROWS,
      }),
    );
    return queryId;
  }

  async function ask(query: ActivityQuery, position: Position): Promise<Answer> {
    const question = { ...query, until: position.until };
    const client = await clientFor(query.requestId);
    const queryId = position.queryId ?? (await start(client, question));
    for (let poll = 0; poll < POLLS; poll += 1) {
      if (poll > 0) await pause(POLL_MS);
      const { status = 'nothing', results = [] } = await resultsOf(client, queryId);
      if (status === 'Scheduled' || status === 'Running') continue;
      if (status !== 'Complete') return askAnew(position, status);
      const texts = results.flatMap((row) =>
        row.flatMap(({ field, value = '' }) => (field === '@message' ? [value] : [])),
      );
      return answerOf(texts, question);
    }
    return { records: undefined, next: tokenOf({ ...position, queryId }) };
  }

  /** A query that has run on into another page is asked anew; one that was only just asked fails, and is tried again as any call. */
  function askAnew({ until, queryId, restarts = 0 }: Position, status: string): Answer {
    if (queryId === undefined || restarts >= MOST_RESTARTS)
      throw new LogsQueryFailedError(`the query ended as ${status}`);
    return { records: undefined, next: tokenOf({ until, restarts: restarts + 1 }) };
  }

  function shared(query: ActivityQuery): Promise<Answer> {
    const { requestId, accountId: of, by, from, until, token } = query;
    const key = JSON.stringify([requestId, of, by, from, until, token]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const asked = ask(query, token === undefined ? { until } : positionOf(token));
    for (const old of [...answers.keys()].slice(0, Math.max(0, answers.size + 1 - MOST_ANSWERS))) answers.delete(old);
    answers.set(key, asked);
    // What fails, or is not there yet, is asked for again by the next who comes.
    asked.then(
      ({ records }) => records === undefined && answers.delete(key),
      () => answers.delete(key),
    );
    return asked;
  }

  return {
    name: NAME,
    about: () => ({ name: NAME, sees: SEES }),
    async page(query): Promise<ActivityPage> {
      try {
        const { records = [], next } = await shared(query);
        const here = records.filter(
          ({ awsRegion, recipientAccountId }) => awsRegion === query.region && recipientAccountId === query.accountId,
        );
        return { records: here, ...(next === undefined ? {} : { next }) };
      } catch (error) {
        throw failureOf(error, options.logGroupArn);
      }
    },
    enabledRegions: (of, requestId) => options.regions.enabledRegions(of, requestId),
  };
}

const NAME = 'CloudWatch Logs (the organization’s trail)';

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html */
const SEES =
  'Read from what the organization’s trail wrote to its log group: data events are in it where the trail records them, events larger than 256 KB are not; neither is what happened inside machines that were logged in to.';

/** Records newest first, without the oldest second where there is more: the next query begins with it. */
function answerOf(texts: readonly string[], { from, until }: LogsQuestion): Answer {
  const records = texts.flatMap(parsed);
  const within = records.filter(({ eventTime }) => eventTime >= second(from) && eventTime <= second(until));
  within.sort((a, b) => compareText(b.eventTime, a.eventTime));
  if (texts.length < MOST_ROWS) return { records: within };
  const oldest = within.at(-1)?.eventTime ?? second(until);
  const whole = within.filter(({ eventTime }) => eventTime > oldest);
  if (whole.length === 0) throw new TooDenseError(oldest);
  return { records: whole, next: tokenOf({ until: oldest }) };
}

function parsed(text: string): readonly TrailRecord[] {
  try {
    const record = JSON.parse(text) as TrailRecord | null;
    return typeof record?.eventTime === 'string' ? [record] : [];
  } catch {
    return [];
  }
}

/** A query that is forgotten has ended: Insights keeps results for a while only. */
async function resultsOf(
  client: CloudWatchLogsClient,
  queryId: string | undefined,
): Promise<Pick<GetQueryResultsCommandOutput, 'status' | 'results'>> {
  try {
    return await client.send(new GetQueryResultsCommand({ queryId }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { status: 'Unknown' };
    throw error;
  }
}

function tokenOf(position: Position): string {
  return JSON.stringify(position);
}

function positionOf(token: string): Position {
  return JSON.parse(token) as Position;
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

/** The query was not answered; another may be. */
export class LogsQueryFailedError extends Error {
  override readonly name = 'LogsQueryFailedError';
}

const TOO_FAST: ReadonlySet<string> = new Set(['LimitExceededException', 'Throttling', 'ThrottlingException']);
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']);

/** What another try will not mend, in a sentence; being too fast, by the name the workflow waits for; all else as it comes. */
function failureOf(error: unknown, logGroupArn: string): unknown {
  const name = error instanceof Error ? error.name : '';
  if (TOO_FAST.has(name)) return Object.assign(new Error('asked too fast'), { name: 'ThrottlingException' });
  if (REFUSALS.has(name))
    return new ActivityUnreadableError(`The log group ${logGroupArn} could not be read (${name}).`);
  if (name === 'ResourceNotFoundException')
    return new ActivityUnreadableError(`There is no log group ${logGroupArn}, or the query was forgotten.`);
  // Said, too, of a time before the log group was made, or that it does not keep any more.
  if (name === 'MalformedQueryException')
    return new ActivityUnreadableError(
      `The log group ${logGroupArn} refused the query; it may not keep events for so long.`,
    );
  return error;
}
