import { AthenaClient } from '@aws-sdk/client-athena';
import { createArchiveQueries } from '../../gateways/athena.ts';

/** A fake Athena client: answers each command by its name, one answer after the other. */
function asked(answers: Readonly<Record<string, readonly object[]>>) {
  const left = Object.fromEntries(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const waits: number[] = [];
  const client = {
    send: async ({
      constructor: { name },
      input,
    }: {
      constructor: { name: string };
      input: Record<string, unknown>;
    }) => {
      sent.push({ name, input });
      return left[name]?.shift() ?? {};
    },
  };
  const queries = createArchiveQueries({
    // The paginator checks that it was given a client.
    client: Object.assign(Object.create(AthenaClient.prototype), client) as AthenaClient,
    database: 'glasshammer_archive',
    workgroup: 'primary',
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  return { queries, sent, waits };
}

const state = (State: string, StateChangeReason?: string) => ({
  QueryExecution: { Status: { State, ...(StateChangeReason === undefined ? {} : { StateChangeReason }) } },
});
const page = (rows: readonly (readonly (string | undefined)[])[], NextToken?: string) => ({
  ResultSet: { Rows: rows.map((cells) => ({ Data: cells.map((VarCharValue) => ({ VarCharValue })) })) },
  ...(NextToken === undefined ? {} : { NextToken }),
});

test('a result of many pages is returned as a whole, by column names, with an empty text for null', async () => {
  const { queries, sent, waits } = asked({
    StartQueryExecutionCommand: [{ QueryExecutionId: 'q1' }],
    GetQueryExecutionCommand: [state('QUEUED'), state('RUNNING'), state('SUCCEEDED')],
    GetQueryResultsCommand: [
      page(
        [
          ['person', 'request'],
          ['ana', 'r1'],
        ],
        'more',
      ),
      page([['ben', undefined]]),
    ],
  });
  expect(await queries.rows('SELECT 1')).toEqual([
    { person: 'ana', request: 'r1' },
    { person: 'ben', request: '' },
  ]);
  expect(sent[0]?.input).toMatchObject({
    QueryString: 'SELECT 1',
    QueryExecutionContext: { Database: 'glasshammer_archive' },
    WorkGroup: 'primary',
  });
  expect(waits).toEqual([500, 1000, 2000]);
});

test("a query that fails is an error with Athena's reason", async () => {
  const { queries } = asked({
    StartQueryExecutionCommand: [{ QueryExecutionId: 'q1' }],
    GetQueryExecutionCommand: [state('FAILED', 'COLUMN_NOT_FOUND: line 1:8')],
  });
  await expect(queries.rows('SELECT x')).rejects.toThrow('COLUMN_NOT_FOUND: line 1:8');
});

test('a query that does not end is stopped, so that nobody waits or pays for it for ever', async () => {
  const { queries, sent, waits } = asked({
    StartQueryExecutionCommand: [{ QueryExecutionId: 'q1' }],
    GetQueryExecutionCommand: Array.from({ length: 500 }, () => state('RUNNING')),
  });
  await expect(queries.rows('SELECT 1')).rejects.toThrow('longer than 10 minutes; it is not waited for');
  expect(sent.at(-1)).toMatchObject({ name: 'StopQueryExecutionCommand', input: { QueryExecutionId: 'q1' } });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(11 * 60_000);
});
