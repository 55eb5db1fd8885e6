import {
  AthenaClient,
  type AthenaClientConfig,
  GetQueryExecutionCommand,
  type GetQueryResultsCommandOutput,
  InvalidRequestException,
  paginateGetQueryResults,
  type QueryExecutionStatus,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { ActivitySource } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import type { AccountSessions } from '../sts/account-sessions.ts';
import { athenaQuery, COLUMNS, type Column } from './athena-query.ts';
import { createTrailSource, type QueryState, refusalIn, tooFast } from './trail-queries.ts';

/** The Athena table over the organization's trail. */
export interface TrailTable {
  readonly region: string;
  readonly database: string;
  readonly table: string;
  /** Says where Athena writes results. */
  readonly workgroup: string;
}

export interface AthenaSourceOptions {
  readonly trail: TrailTable;
  /** Sessions in the account that has the table; absent: this account has it. */
  readonly sessions?: { readonly in: AccountSessions; readonly accountId: string };
  readonly client?: AthenaClientConfig;
  /** Lists the Regions of an account, which the trail cannot say. */
  readonly regions: Pick<ActivitySource, 'enabledRegions'>;
  pause(ms: number): Promise<void>;
}

/** Rows of one page of results; the most that Athena returns. */
const PAGE_SIZE = 1000;

/** Reads the organization's trail in S3, by Athena. */
export function createAthenaSource(options: AthenaSourceOptions): ActivitySource {
  const { region, database, table, workgroup: WorkGroup } = options.trail;
  let own: AthenaClient | undefined;

  async function clientFor(requestId: string): Promise<AthenaClient> {
    const { sessions } = options;
    if (sessions === undefined) {
      own ??= new AthenaClient({ ...options.client, region });
      return own;
    }
    const credentials = await sessions.in.credentialsFor(sessions.accountId, `glasshammer-${requestId}`);
    return new AthenaClient({ ...options.client, region, credentials });
  }

  return createTrailSource({
    regions: options.regions,
    pause: (ms) => options.pause(ms),
    engine: {
      name: 'Athena (the organization’s trail in S3)',
      sees: SEES,
      async start(question, requestId) {
        const { sql, parameters } = athenaQuery(question, `"${database}"."${table}"`);
        const client = await clientFor(requestId);
        const { QueryExecutionId = '' } = await client.send(
          new StartQueryExecutionCommand({
            QueryString: sql,
            ExecutionParameters: [...parameters],
            QueryExecutionContext: { Database: database },
            WorkGroup,
          }),
        );
        return QueryExecutionId;
      },
      async state(QueryExecutionId, requestId) {
        const client = await clientFor(requestId);
        const { State = 'nothing', StateChangeReason: why = State } = await statusOf(client, QueryExecutionId);
        if (State === 'QUEUED' || State === 'RUNNING') return { state: 'running' };
        if (State !== 'SUCCEEDED') return failed(why);
        return { state: 'done', records: await recordsOf(client, QueryExecutionId) };
      },
      failure: (error) => failureOf(error, `${database}.${table}`),
    },
  });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html */
const SEES =
  'Read from what the organization’s trail wrote to S3: data events are in it where the trail records them; what happened inside machines that were logged in to is not.';

/** A query that Athena no longer knows has ended: Athena keeps queries for 45 days. */
async function statusOf(client: AthenaClient, QueryExecutionId: string): Promise<Partial<QueryExecutionStatus>> {
  try {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return QueryExecution?.Status ?? {};
  } catch (error) {
    if (error instanceof InvalidRequestException) return { State: 'CANCELLED', StateChangeReason: 'forgotten' };
    throw error;
  }
}

/**
 * The errors that a retry does not help. Of the errors that Hive's connector calls its own, `HIVE_CANNOT_OPEN_SPLIT`
 * and `HIVE_CURSOR_ERROR` are left out: they are mostly S3 asking to slow down, which passes.
 *
 * @see https://repost.aws/knowledge-center/athena-hive-cannot-open-split-503
 */
const FINAL =
  /^((COLUMN|TABLE|SCHEMA)_NOT_FOUND|SYNTAX_ERROR|TYPE_MISMATCH|PERMISSION_DENIED|HIVE_(BAD_DATA|METASTORE_ERROR|PARTITION_SCHEMA_MISMATCH|INVALID_METADATA|INVALID_PARTITION_VALUE|UNSUPPORTED_FORMAT|SERDE_NOT_FOUND)|.*Access ?Denied)/i;

/** @throws ActivityUnreadableError if the same query would fail again */
function failed(why: string): QueryState {
  if (FINAL.test(why))
    throw new ActivityUnreadableError(`Athena could not answer of the organization’s trail: ${why.slice(0, 200)}`);
  return { state: 'failed', why: why.slice(0, 200) };
}

async function recordsOf(client: AthenaClient, QueryExecutionId: string): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  const names = Object.keys(COLUMNS) as readonly Column[];
  let isHeader = true;
  const pages: AsyncIterable<GetQueryResultsCommandOutput> = paginateGetQueryResults(
    { client, pageSize: PAGE_SIZE },
    { QueryExecutionId },
  );
  for await (const { ResultSet } of pages)
    for (const { Data = [] } of ResultSet?.Rows ?? []) {
      // The first row of the first page names the columns.
      if (!isHeader) records.push(recordOf(new Map(names.map((name, at) => [name, Data[at]?.VarCharValue]))));
      isHeader = false;
    }
  return records;
}

/** A row as the CloudTrail record that it came from; a field that the record did not have is absent. */
function recordOf(row: ReadonlyMap<Column, string | undefined>): Record<string, unknown> {
  const text = (name: Column) => row.get(name);
  const arns = jsonOf(text('arns'));
  return {
    eventID: text('eventID'),
    eventTime: text('eventTime'),
    eventSource: text('eventSource'),
    eventName: text('eventName'),
    awsRegion: text('awsRegion'),
    sourceIPAddress: text('sourceIPAddress'),
    userAgent: text('userAgent'),
    errorCode: text('errorCode'),
    errorMessage: text('errorMessage'),
    readOnly: text('readOnly'),
    recipientAccountId: text('recipientAccountId'),
    sessionCredentialFromConsole: text('sessionCredentialFromConsole'),
    requestParameters: jsonOf(text('requestParameters')),
    responseElements: jsonOf(text('responseElements')),
    additionalEventData: jsonOf(text('additionalEventData')),
    resources: Array.isArray(arns) ? arns.map((ARN: unknown) => ({ ARN })) : undefined,
    userIdentity: {
      type: text('type'),
      principalId: text('principalId'),
      arn: text('arn'),
      accountId: text('accountId'),
      accessKeyId: text('accessKeyId'),
      userName: text('userName'),
      invokedBy: text('invokedBy'),
      onBehalfOf: { userId: text('onBehalfOf') },
      sessionContext: {
        attributes: { creationDate: text('creationDate') },
        sourceIdentity: text('sourceIdentity'),
        sessionIssuer: { userName: text('issuerName'), accountId: text('issuerAccount') },
      },
    },
  };
}

/** Parameters and answers are columns of JSON text. A text that is not JSON stays as it is. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function failureOf(error: unknown, table: string): unknown {
  const name = error instanceof Error ? error.name : '';
  const refusal = refusalIn(error);
  if (refusal !== undefined)
    return new ActivityUnreadableError(`Athena could not be asked of the table ${table} (${refusal}).`);
  // The workgroup does not exist, or says no place for results.
  if (name === 'InvalidRequestException' && error instanceof Error)
    return new ActivityUnreadableError(`Athena refused the query of ${table}: ${error.message.slice(0, 200)}`);
  return tooFast(error) ?? error;
}
