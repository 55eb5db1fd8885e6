import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { ArchiveQueries } from '../core/audit/ports.ts';
import { QueryFailedError } from '../core/model/errors.ts';

const FIRST_LOOK_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Auditors' questions take seconds to minutes; nobody waits longer than this. Athena ends a query after half an hour.
 */
const PATIENCE_MS = 10 * 60_000;

/** Runs statements over the archive in Athena. For an operator's command, never for a function. */
export function createArchiveQueries(options: {
  readonly client: AthenaClient;
  readonly database: string;
  readonly workgroup: string;
  /** Where Athena writes results, such as `s3://bucket/path/`; absent: where the workgroup says. */
  readonly results?: string;
  readonly wait: (milliseconds: number) => Promise<void>;
}): ArchiveQueries {
  const { client, database: Database, workgroup: WorkGroup, results, wait } = options;

  async function run(sql: string): Promise<string> {
    const { QueryExecutionId = '' } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database },
        WorkGroup,
        ...(results === undefined ? {} : { ResultConfiguration: { OutputLocation: results } }),
      }),
    );
    let waited = 0;
    for (let pause = FIRST_LOOK_MS; waited < PATIENCE_MS; pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
      await wait(pause);
      waited += pause;
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === 'SUCCEEDED') return QueryExecutionId;
      if (State === 'FAILED' || State === 'CANCELLED')
        throw new QueryFailedError(StateChangeReason ?? `the query is ${State.toLowerCase()}`);
    }
    // The operator may have no right to stop it. There is no answer either way, and Athena ends the query by itself.
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId })).catch(() => undefined);
    throw new QueryFailedError(`the query ran for longer than ${PATIENCE_MS / 60_000} minutes; it is not waited for`);
  }

  return {
    async rows(sql) {
      const QueryExecutionId = await run(sql);
      const lines: string[][] = [];
      for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId }))
        for (const { Data = [] } of ResultSet?.Rows ?? [])
          lines.push(Data.map(({ VarCharValue = '' }) => VarCharValue));
      // The first row of the first page names the columns.
      const [columns = [], ...rows] = lines;
      return rows.map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])));
    },
  };
}
