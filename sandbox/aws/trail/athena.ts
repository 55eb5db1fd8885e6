import type {
  GetQueryExecutionInput,
  GetQueryExecutionOutput,
  GetQueryResultsInput,
  GetQueryResultsOutput,
  StartQueryExecutionInput,
  StartQueryExecutionOutput,
} from '@aws-sdk/client-athena';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import { type ParsedSql, parseAthenaSql, type TrailRow } from './athena-sql.ts';

/** The organization's trail as an Athena table, in the app's account and Region. */
export const TRAIL_TABLE = { database: 'trails', table: 'organization', workgroup: 'glasshammer' } as const;

/** The largest page of GetQueryResults. @see https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const MOST_ROWS = 1000;

interface Query {
  readonly parsed: ParsedSql;
  readonly asOfMs: number;
  asked: number;
  /** The result, once it has been requested. */
  rows?: TrailRow[];
}

/** Athena: queries of the organization trail's table. */
export function athena(world: World, newId: () => string): Operations {
  const queries = new Map<string, Query>();

  function find(id: string): Query {
    const query = queries.get(id);
    if (query === undefined) throw new AwsError('InvalidRequestException', `QueryExecution ${id} was not found`);
    return query;
  }

  /** The rows of a query. A record belongs to the day on which CloudTrail delivered it. */
  function rowsOf({ parsed, asOfMs }: Query): TrailRow[] {
    const lateMs = world.trailDeliverySeconds * 1000;
    return Object.values(world.trail)
      .flat()
      .filter(({ eventTime }) => Date.parse(eventTime) + lateMs <= asOfMs)
      .map((record) => ({
        record: record as unknown as TrailRow['record'],
        partitions: {
          account: String(record.recipientAccountId),
          region: String(record.awsRegion),
          day: new Date(Date.parse(record.eventTime) + lateMs).toISOString().slice(0, 10).replaceAll('-', '/'),
        },
      }))
      .filter(parsed.matches)
      .sort((a, b) => (String(a.record.eventTime) < String(b.record.eventTime) ? 1 : -1))
      .slice(0, parsed.limit);
  }

  return {
    StartQueryExecution(input: Wire<StartQueryExecutionInput>, call: Call): Wire<StartQueryExecutionOutput> {
      const { QueryString, ExecutionParameters = [], WorkGroup } = input;
      if (WorkGroup !== TRAIL_TABLE.workgroup || call.region !== world.region)
        throw new AwsError('InvalidRequestException', `WorkGroup ${WorkGroup} is not found.`);
      const parsed = parseAthenaSql(QueryString, ExecutionParameters);
      const id = newId();
      queries.set(id, { parsed, asOfMs: call.nowMs, asked: 0 });
      return { QueryExecutionId: id };
    },
    /** The first poll of a query gets RUNNING. */
    GetQueryExecution({ QueryExecutionId }: Wire<GetQueryExecutionInput>): Wire<GetQueryExecutionOutput> {
      const query = find(QueryExecutionId);
      query.asked += 1;
      const isThere = query.parsed.table === `"${TRAIL_TABLE.database}"."${TRAIL_TABLE.table}"`;
      const done = isThere
        ? { State: 'SUCCEEDED' as const }
        : {
            State: 'FAILED' as const,
            StateChangeReason: `TABLE_NOT_FOUND: Table ${query.parsed.table} does not exist`,
          };
      return { QueryExecution: { QueryExecutionId, Status: query.asked === 1 ? { State: 'RUNNING' } : done } };
    },
    GetQueryResults(input: Wire<GetQueryResultsInput>): Wire<GetQueryResultsOutput> {
      const query = find(input.QueryExecutionId);
      const { columns } = query.parsed;
      const header = { Data: columns.map(({ name }) => ({ VarCharValue: name })) };
      query.rows ??= rowsOf(query);
      const { items, nextToken } = page('query-results', [undefined, ...query.rows], {
        size: input.MaxResults,
        token: input.NextToken,
        maximum: MOST_ROWS,
        fail: (message) => new AwsError('InvalidRequestException', message),
      });
      const data = items.map((row) => (row === undefined ? header : { Data: columns.map(({ of }) => cell(of(row))) }));
      return { ResultSet: { Rows: data }, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
    },
  };
}

function cell(value: string | undefined): { VarCharValue?: string } {
  return value === undefined ? {} : { VarCharValue: value };
}
