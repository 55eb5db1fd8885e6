import type { ActivityPage, ActivityQuery, ActivitySource } from '../../core/activity/ports.ts';
import { QueryFailedError, TooDenseError } from '../../core/model/errors.ts';
import { compareText } from '../../core/model/text.ts';

/**
 * Rows of one query: as many as Logs Insights returns by default. The larger the number, the fewer seconds have more
 * calls than can be read.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html
 */
export const MOST_ROWS = 10_000;

/** What one query asks, for all Regions at once: every scan costs money, and the trail has all Regions in one place. */
export type TrailQuestion = Pick<ActivityQuery, 'accountId' | 'by' | 'from' | 'until'>;

/** The state of a query. An unknown status counts as a failure. */
export type QueryState =
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly why: string }
  /** CloudTrail records as JSON text or values, newest first; `MOST_ROWS` of them if there are more. */
  | { readonly state: 'done'; readonly records: readonly unknown[] };

/** A service that answers queries over the organization's trail, asynchronously. */
export interface TrailEngine {
  readonly name: string;
  /** What a report says can be seen in this source. */
  readonly sees: string;
  /** @returns the id of the query. @throws ActivityUnreadableError for a value that no record of this kind can have */
  start(question: TrailQuestion, requestId: string): Promise<string>;
  state(queryId: string, requestId: string): Promise<QueryState>;
  /**
   * An error that a retry does not help becomes ActivityUnreadableError, throttling gets the name that the workflow
   * retries, and any other error stays as it is.
   */
  failure(error: unknown): unknown;
}

/** How long a page waits for its query. The query goes on meanwhile, and the next page waits for it again. */
const POLLS = 20;
const POLL_MS = 500;
/** A question whose queries keep failing is given up after so many restarts, and the report says so. */
const MOST_RESTARTS = 3;

/** Answers that the Regions of one round share; one answer may have 30 MB. */
const MOST_ANSWERS = 3;

/** What is left to read: everything up to `until`, and the query in progress. */
interface Position {
  readonly until: string;
  readonly queryId?: string;
  /** How often the question was asked anew, because a query in progress failed or was forgotten. */
  readonly restarts?: number;
}

interface Answer {
  /** Newest first; `undefined` while the query runs. */
  readonly records: readonly TrailRecord[] | undefined;
  readonly next?: string;
}

interface TrailRecord {
  readonly eventTime: string;
  readonly awsRegion?: unknown;
  readonly recipientAccountId?: unknown;
}

/**
 * The organization's trail as a source of activity. A query costs what it scans, and the trail has all Regions in one
 * place, so one query serves all Regions.
 *
 * A query returns a limited number of rows. If there are more, the next query goes up to the oldest second in the
 * answer, which was not read whole: no call is read twice or left out.
 */
export function createTrailSource(options: {
  readonly engine: TrailEngine;
  /** Lists the Regions of an account, which the trail cannot say. */
  readonly regions: Pick<ActivitySource, 'enabledRegions'>;
  pause(ms: number): Promise<void>;
}): ActivitySource {
  const { engine, pause } = options;
  const answers = new Map<string, Promise<Answer>>();

  async function ask(query: ActivityQuery, position: Position): Promise<Answer> {
    const question = { ...query, until: position.until };
    const queryId = position.queryId ?? (await engine.start(question, query.requestId));
    for (let poll = 0; poll < POLLS; poll += 1) {
      if (poll > 0) await pause(POLL_MS);
      const stands = await engine.state(queryId, query.requestId);
      if (stands.state === 'running') continue;
      return stands.state === 'failed' ? askAnew(position, stands.why) : answerOf(stands.records, question);
    }
    return { records: undefined, next: tokenOf({ ...position, queryId }) };
  }

  /**
   * A query from an earlier page that fails is asked anew. A query of this page that fails throws: the workflow retries
   * the page.
   */
  function askAnew({ until, queryId, restarts = 0 }: Position, why: string): Answer {
    if (queryId === undefined || restarts >= MOST_RESTARTS) throw new QueryFailedError(`the query ended as ${why}`);
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
    // An answer that failed, or is not there yet, is asked for again by the next call.
    const forget = () => {
      if (answers.get(key) === asked) answers.delete(key);
    };
    asked.then(({ records }) => {
      if (records === undefined) forget();
    }, forget);
    return asked;
  }

  return {
    name: engine.name,
    about: () => ({ name: engine.name, sees: engine.sees }),
    async page(query): Promise<ActivityPage> {
      try {
        const { records = [], next } = await shared(query);
        const here = records.filter(
          ({ awsRegion, recipientAccountId }) => awsRegion === query.region && recipientAccountId === query.accountId,
        );
        return { records: here, next };
      } catch (error) {
        throw engine.failure(error);
      }
    },
    enabledRegions: (of, requestId) => options.regions.enabledRegions(of, requestId),
  };
}

/** Records newest first, without the oldest second if there is more: the next query begins with that second. */
function answerOf(rows: readonly unknown[], { from, until }: TrailQuestion): Answer {
  const records = rows.flatMap(parsed);
  const within = records.filter(({ eventTime }) => eventTime >= second(from) && eventTime <= second(until));
  within.sort((a, b) => compareText(b.eventTime, a.eventTime));
  if (rows.length < MOST_ROWS) return { records: within };
  const oldest = within.at(-1)?.eventTime ?? second(until);
  const whole = within.filter(({ eventTime }) => eventTime > oldest);
  if (whole.length === 0) throw new TooDenseError(oldest);
  return { records: whole, next: tokenOf({ until: oldest }) };
}

function parsed(row: unknown): readonly TrailRecord[] {
  try {
    const record = (typeof row === 'string' ? JSON.parse(row) : row) as TrailRecord | null;
    return typeof record?.eventTime === 'string' ? [record] : [];
  } catch {
    return [];
  }
}

/** ISO 8601 in whole seconds, as CloudTrail writes it. */
export function second(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

const TOO_FAST: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** An error for throttling, under the name that the workflow retries; `undefined` for any other error. */
export function tooFast(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !TOO_FAST.has(error.name)) return undefined;
  return Object.assign(new Error('asked too fast'), { name: 'ThrottlingException' });
}

const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']);

/** The name of a refusal that a retry does not help; `undefined` for any other error. */
export function refusalIn(error: unknown): string | undefined {
  return error instanceof Error && REFUSALS.has(error.name) ? error.name : undefined;
}

function tokenOf(position: Position): string {
  return JSON.stringify(position);
}

function positionOf(token: string): Position {
  return JSON.parse(token) as Position;
}
