import type { ActivityPage, ActivityQuery, ActivitySource } from '../../core/activity/ports.ts';
import { QueryFailedError, TooDenseError } from '../../core/model/errors.ts';
import { compareText } from '../../core/model/text.ts';

/**
 * Rows of one query: as many as Logs Insights gives where no limit is said. The more, the fewer seconds hold more than can be read.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html
 */
export const MOST_ROWS = 10_000;

/** What one query asks, in whatever Region: what is scanned is paid for, and every Region is in one place. */
export type TrailQuestion = Pick<ActivityQuery, 'accountId' | 'by' | 'from' | 'until'>;

/** How a query stands. A status that is not known is a failure. */
export type QueryState =
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly why: string }
  /** CloudTrail records as JSON text or values, newest first, and `MOST_ROWS` of them where there are more. */
  | { readonly state: 'done'; readonly records: readonly unknown[] };

/** A service that answers queries over the organization's trail, asynchronously. */
export interface TrailEngine {
  readonly name: string;
  /** What a report says that can be seen there. */
  readonly sees: string;
  /** @returns the id of the query. @throws ActivityUnreadableError for a value that no record of this kind can have */
  start(question: TrailQuestion, requestId: string): Promise<string>;
  state(queryId: string, requestId: string): Promise<QueryState>;
  /** What another try will not mend, as ActivityUnreadableError; being too fast, by the name the workflow waits for; all else as it comes. */
  failure(error: unknown): unknown;
}

/** How long a query is waited for before the next page is asked for; it goes on meanwhile. */
const POLLS = 20;
const POLL_MS = 500;
/** A question whose queries go on failing is given up, and said to be. */
const MOST_RESTARTS = 3;

/** Answers that are shared by the Regions of one round; an answer may have 30 MB. */
const MOST_ANSWERS = 3;

/** What is left to read: everything up to `until`, and the query that is under way. */
interface Position {
  readonly until: string;
  readonly queryId?: string;
  /** How often it was asked anew, because a query that ran on had failed or was forgotten. */
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
 * The organization's trail as a source of activity. What is asked is paid for by what it scans, and every Region is in one place, so one
 * query serves all.
 *
 * A query has an end, so what does not fit is asked for again, up to the oldest second that was read whole: no call is read twice or
 * left out.
 */
export function createTrailSource(options: {
  readonly engine: TrailEngine;
  /** The Regions of an account come from whoever can ask it. */
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

  /** A query that has run on into another page is asked anew; one that was only just asked fails, and is tried again as any call. */
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
    // What fails, or is not there yet, is asked for again by the next who comes.
    asked.then(
      ({ records }) => records === undefined && answers.delete(key),
      () => answers.delete(key),
    );
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

/** Records newest first, without the oldest second where there is more: the next query begins with it. */
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

/** Was something asked too fast? Under the name the workflow waits for. */
export function tooFast(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !TOO_FAST.has(error.name)) return undefined;
  return Object.assign(new Error('asked too fast'), { name: 'ThrottlingException' });
}

const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']);

/** The name of a refusal that another try does not mend; `undefined` for all else. */
export function refusalIn(error: unknown): string | undefined {
  return error instanceof Error && REFUSALS.has(error.name) ? error.name : undefined;
}

function tokenOf(position: Position): string {
  return JSON.stringify(position);
}

function positionOf(token: string): Position {
  return JSON.parse(token) as Position;
}
