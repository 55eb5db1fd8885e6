import { type Command, Option } from 'commander';
import type { AuditEvent } from '../../core/audit/audit-event.ts';
import type { ArchiveQueries, ArchiveReader } from '../../core/audit/ports.ts';
import { archiveNames } from '../../core/audit/questions/archive-names.ts';
import {
  type AnswerFilter,
  type AnswerRow,
  type AuditQuestion,
  answerQuestion,
  meaningless,
  questionSql,
} from '../../core/audit/questions/question.ts';
import { QUESTIONS } from '../../core/audit/questions/questions.ts';
import type { ReplayRange } from '../../core/audit/replay-events.ts';
import { QueryFailedError } from '../../core/model/errors.ts';
import { didYouMean } from '../../core/policy/records/near.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { counting, during } from '../terminal/progress.ts';
import { sha256 } from '../terminal/sha256.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { DAY, rangeOf } from './audit-range.ts';

interface AskOptions extends AnswerFilter {
  readonly from?: string;
  readonly to?: string;
  readonly bucket?: string;
  readonly database?: string;
  readonly workgroup: string;
  readonly results?: string;
  readonly sql?: boolean;
  readonly json?: boolean;
}

/** Builds what an answer is read from. The AWS SDK is loaded only then. */
export interface BuildAsk {
  readonly archive: (bucket: string) => Promise<ArchiveReader>;
  readonly queries: (database: string, workgroup: string, results: string | undefined) => Promise<ArchiveQueries>;
}

/** Start of the range without `--from`, in days before now, or before `--day`. */
const DAYS_BACK = 90;
/**
 * How many days of events before the range are read too; events after it are read up to now. An approval may be a month
 * older than its access, and events after the range tell whether the access has ended and was reported.
 */
const DAYS_BEFORE = 90;
const DAY_MS = 24 * 3600 * 1000;
/** End of the range without `--to`: an access that was extended may end in the future. */
const END_OF_TIME = '9999-12-31T00:00:00.000Z';

/** `glasshammer audit ask`: auditors' questions, answered from the archive's objects or through Athena. */
export function registerAsk(audit: Command, io: CliIo, build: BuildAsk): void {
  const width = Math.max(...QUESTIONS.map(({ id }) => id.length));
  audit
    .command('ask')
    .description('answer a question from the archive: by Athena where a database is named, else from the bucket')
    .argument('<question>', `one of those below`)
    .option('--from <time>', `the first day read, or an instant; without, ${DAYS_BACK} days back`)
    .option('--to <time>', 'the last day read, or an instant; without, now')
    .option('--day <day>', 'only what was there on this day, such as 2026-01-05')
    .option('--user <user>', 'only of this user name')
    .option('--account <account>', 'only for this account, by id or name')
    .option('--request <id>', 'only of this request')
    .option('--policy <name>', 'only of this policy, or record by its id')
    .option('--bucket <name>', 'bucket of the archive; without, AUDIT_BUCKET')
    .option('--database <name>', 'database of the archive in Athena; without, AUDIT_DATABASE')
    .addOption(new Option('--workgroup <name>', 'of Athena').default('primary'))
    .option('--results <s3 uri>', 'where Athena puts its results; without, where the workgroup says')
    .option('--sql', 'print the statement instead of running it')
    .option('--json', 'as JSON lines')
    .addHelpText(
      'after',
      `\nQuestions:\n${QUESTIONS.map(({ id, asks }) => `  ${id.padEnd(width)}  ${asks}`).join('\n')}`,
    )
    .action((id: string, options: AskOptions) => ask(id, options, io, build));
}

async function ask(id: string, options: AskOptions, io: CliIo, build: BuildAsk): Promise<void> {
  const question = questionOf(id);
  const { request, user, account, policy, day } = options;
  if (day !== undefined && !(DAY.test(day) && !Number.isNaN(Date.parse(day))))
    throw new UsageError(`--day must be a day such as 2026-01-05, not ${day}`);
  const given = { request, user, account, policy, day };
  const filter: AnswerFilter = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined));
  const [useless] = meaningless(question, filter);
  if (useless !== undefined)
    throw new UsageError(`--${useless} says nothing about ${id}, whose columns are ${question.columns.join(', ')}`);
  const now = io.now();
  const back = new Date((day === undefined ? now.getTime() : Date.parse(day)) - DAYS_BACK * DAY_MS).toISOString();
  const range = rangeOf({ from: options.from ?? back, to: options.to }, now);
  const before = new Date(Date.parse(range.from) - DAYS_BEFORE * DAY_MS).toISOString();
  const read = { from: before, to: range.to > now.toISOString() ? range.to : now.toISOString() };
  const rows = await answered(
    question,
    { ...filter, within: { from: range.from, to: options.to === undefined ? END_OF_TIME : range.to } },
    read,
    options,
    io,
    build,
  );
  if (rows === undefined) return;
  if (options.json === true) for (const one of rows) io.stdout(`${JSON.stringify(one)}\n`);
  else {
    if (rows.length > 0) io.stdout(row(...question.columns));
    for (const one of rows) io.stdout(row(...question.columns.map((column) => one[column] ?? '')));
    io.about(line(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, from ${range.from} to ${range.to}`));
  }
}

/** @returns `undefined` where only the statement was printed */
async function answered(
  question: AuditQuestion,
  filter: AnswerFilter,
  range: ReplayRange,
  options: AskOptions,
  io: CliIo,
  build: BuildAsk,
): Promise<readonly AnswerRow[] | undefined> {
  // A bucket in the options takes precedence over a database in the environment.
  const database = options.database ?? (options.bucket === undefined ? io.env.AUDIT_DATABASE : undefined);
  const bucket = options.bucket ?? io.env.AUDIT_BUCKET;
  if (options.sql === true || database) {
    const sql = questionSql(
      question,
      `"${database || archiveNames('Glasshammer').database}"."events"`,
      daysOf(range),
      filter,
    );
    if (options.sql !== true && database)
      return during(
        io,
        'Athena reads the archive',
        (await build.queries(database, options.workgroup, options.results))
          .rows(sql)
          .catch((error: unknown) => throwWithRemedy(error, database)),
      );
    io.stdout(`${sql}\n`);
    return undefined;
  }
  if (!bucket)
    throw new UsageError(
      'name the archive: --stack NAME, or --bucket NAME (AUDIT_BUCKET), or --database NAME (AUDIT_DATABASE) for Athena',
    );
  return answerQuestion(
    question,
    await readEvents(await build.archive(bucket), range, io),
    filter,
    io.now().toISOString(),
  );
}

/** Athena's message for a failed query begins with a code: `SCHEMA_NOT_FOUND: line 1:15: Schema 'x' does not exist`. */
function throwWithRemedy(error: unknown, database: string): never {
  if (error instanceof QueryFailedError && /^(SCHEMA|TABLE)_NOT_FOUND\b/.test(error.message))
    throw new QueryFailedError(
      `Athena does not find the archive in ${database}: npx cdk deploy Audit/Catalog puts it there; --bucket NAME answers without Athena`,
      { cause: error },
    );
  throw error;
}

/** Whole days, because each is a partition, and the instants. ISO 8601 texts of days and instants sort by time. */
function daysOf({ from, to }: ReplayRange): string {
  return `day BETWEEN '${from.slice(0, 10)}' AND '${to.slice(0, 10)}' AND at >= '${from}' AND at < '${to}'`;
}

async function readEvents(archive: ArchiveReader, range: ReplayRange, io: CliIo): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  let doubtful = 0;
  for await (const { text, shadowed } of counting(io, 'objects of the archive read', archive.objects(range))) {
    if (shadowed) doubtful += 1;
    for (const line of (text ?? '').split('\n')) {
      if (line === '') continue;
      const event = eventIn(line);
      if (event === undefined) doubtful += 1;
      else if (event.at >= range.from && event.at < range.to) events.push(event);
    }
  }
  // An attacker may have changed these objects, so the answer may be wrong.
  if (doubtful > 0)
    io.stderr(line(`${doubtful} objects of the archive are no events, or something lies over them: see audit verify`));
  return events;
}

function eventIn(line: string): AuditEvent | undefined {
  try {
    const event = JSON.parse(line) as AuditEvent;
    return typeof event.id === 'string' && typeof event.type === 'string' && typeof event.at === 'string'
      ? event
      : undefined;
  } catch {
    return undefined;
  }
}

function questionOf(id: string): AuditQuestion {
  const question = QUESTIONS.find((known) => known.id === id);
  if (question !== undefined) return question;
  const ids = QUESTIONS.map((known) => known.id);
  throw new UsageError(`there is no question ${id}${didYouMean(id, ids) || `; there are ${ids.join(', ')}`}`);
}

/** The real archive, with the operator's credentials; endpoints come from the SDK's environment variables. */
export const awsAsk: BuildAsk = {
  archive: async (bucket) => {
    const [{ S3Client }, { createArchiveReader }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('../../gateways/s3/archive-reader.ts'),
    ]);
    return createArchiveReader({ client: new S3Client({}), bucket, sha256 });
  },
  queries: async (database, workgroup, results) => {
    const [{ AthenaClient }, { createArchiveQueries }] = await Promise.all([
      import('@aws-sdk/client-athena'),
      import('../../gateways/athena.ts'),
    ]);
    const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    return createArchiveQueries({
      client: new AthenaClient({}),
      database,
      workgroup,
      results,
      wait,
    });
  },
};
