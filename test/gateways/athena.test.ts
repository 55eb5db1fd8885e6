import { AthenaClient } from '@aws-sdk/client-athena';
import { createArchiveQueries } from '../../gateways/athena.ts';

/** Athena, as far as it is asked: answers by the name of the command, one after the other. */
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
    // The paginator asks whether it was given a client.
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

test('an answer of many pages arrives whole, under the names of its columns, and what is null is empty', async () => {
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

test('a statement that fails says why, in the words of Athena', async () => {
  const { queries } = asked({
    StartQueryExecutionCommand: [{ QueryExecutionId: 'q1' }],
    GetQueryExecutionCommand: [state('FAILED', 'COLUMN_NOT_FOUND: line 1:8')],
  });
  await expect(queries.rows('SELECT x')).rejects.toThrow('COLUMN_NOT_FOUND: line 1:8');
});

test('a statement that never ends is stopped, so that nobody waits for it, or pays for it, for ever', async () => {
  const { queries, sent, waits } = asked({
    StartQueryExecutionCommand: [{ QueryExecutionId: 'q1' }],
    GetQueryExecutionCommand: Array.from({ length: 500 }, () => state('RUNNING')),
  });
  await expect(queries.rows('SELECT 1')).rejects.toThrow('longer than 10 minutes; it is not waited for');
  expect(sent.at(-1)).toMatchObject({ name: 'StopQueryExecutionCommand', input: { QueryExecutionId: 'q1' } });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(11 * 60_000);
});
