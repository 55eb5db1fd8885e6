import type {
  GetQueryResultsRequest,
  GetQueryResultsResponse,
  StartQueryRequest,
  StartQueryResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import { fieldsOf, type ParsedQuery, parseLogsQuery } from './logs-query.ts';

/** The log group of the organization's trail, in the app's account and Region. */
export const TRAIL_LOG_GROUP = 'organization-trail';

/**
 * The limits of Logs Insights.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const MOST_AT_ONCE = 100;
const MOST_ROWS = 10_000;
/** CloudTrail does not deliver larger events to CloudWatch Logs. Bytes. */
const LARGEST_EVENT = 256 * 1024;

interface Query {
  readonly parsed: ParsedQuery;
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
  readonly asOfMs: number;
  asked: number;
}

/** CloudWatch Logs Insights: queries of the organization's trail, which is in one log group. */
export function cloudwatchLogs(world: World, newId: () => string): Operations {
  const queries = new Map<string, Query>();

  /** The events of a query. An event's timestamp is when CloudTrail delivered it. */
  function events({ startMs, endMs, asOfMs }: Query): string[] {
    const lateMs = world.trailDeliverySeconds * 1000;
    return Object.values(world.trail)
      .flat()
      .filter((record) => {
        const at = Date.parse(record.eventTime) + lateMs;
        return at >= startMs && at <= endMs && at <= asOfMs;
      })
      .map((record) => JSON.stringify(record))
      .filter((message) => Buffer.byteLength(message) <= LARGEST_EVENT);
  }

  function run(query: Query): Wire<GetQueryResultsResponse>['results'] {
    const { fields: wanted, matches, newestBy } = query.parsed;
    const found = events(query).map(fieldsOf).filter(matches);
    if (newestBy !== undefined)
      found.sort((a, b) => {
        const [one = '', other = ''] = [a.get(newestBy), b.get(newestBy)];
        return one < other ? 1 : one > other ? -1 : 0;
      });
    return found.slice(0, query.limit).map((fields) => [
      ...wanted.flatMap((field) => {
        const value = fields.get(field);
        return value === undefined ? [] : [{ field, value }];
      }),
      { field: '@ptr', value: newId() },
    ]);
  }

  return {
    StartQuery(input: Wire<StartQueryRequest>, call: Call): Wire<StartQueryResponse> {
      const { logGroupName, startTime, endTime, queryString, limit = MOST_ROWS } = input;
      if (logGroupName !== TRAIL_LOG_GROUP || call.region !== world.region)
        throw new AwsError('ResourceNotFoundException', `Log group '${logGroupName}' does not exist`);
      if (startTime >= endTime)
        throw new AwsError('InvalidParameterException', 'End time should not be less than start');
      if (limit < 1 || limit > MOST_ROWS)
        throw new AwsError('InvalidParameterException', `limit must be between 1 and ${MOST_ROWS}`);
      if ([...queries.values()].filter(({ asked }) => asked === 0).length >= MOST_AT_ONCE)
        throw new AwsError('LimitExceededException', 'Account maximum query concurrency limit of [100] reached.');
      const queryId = newId();
      queries.set(queryId, {
        parsed: parseLogsQuery(queryString),
        startMs: startTime * 1000,
        endMs: endTime * 1000 + 999,
        limit,
        asOfMs: call.nowMs,
        asked: 0,
      });
      return { queryId };
    },
    /** The first poll of a query gets Running. */
    GetQueryResults({ queryId }: Wire<GetQueryResultsRequest>): Wire<GetQueryResultsResponse> {
      const query = queries.get(queryId);
      if (query === undefined) throw new AwsError('ResourceNotFoundException', `Query '${queryId}' does not exist`);
      query.asked += 1;
      if (query.asked === 1) return { status: 'Running', results: [] };
      return { status: 'Complete', results: run(query) };
    },
  };
}
