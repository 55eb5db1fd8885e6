import type { Command } from 'commander';
import type { ArchiveReader, AuditHistory, AuditTarget } from '../../core/audit/ports.ts';
import { replayEvents } from '../../core/audit/replay-events.ts';
import { verifyArchive } from '../../core/audit/verify-archive.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { counting } from '../terminal/progress.ts';
import { sha256 } from '../terminal/sha256.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { awsAsk, type BuildAsk, registerAsk } from './audit-ask.ts';
import { rangeOf } from './audit-range.ts';

const TARGETS = ['archive', 'bus'] as const;
type TargetName = (typeof TARGETS)[number];

interface ReplayOptions {
  readonly from: string;
  readonly to?: string;
  readonly target: string;
  readonly requestTable?: string;
  readonly bucket?: string;
  readonly bus?: string;
}

interface VerifyOptions extends Omit<ReplayOptions, 'target'> {
  readonly json?: true;
}

export interface ReplayNames {
  readonly requestTable: string;
  /** The bucket or the event bus. */
  readonly target: { readonly kind: TargetName; readonly name: string };
}

/** Builds what a replay reads and writes. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildReplay = (
  names: ReplayNames,
) => Promise<{ readonly history: AuditHistory; readonly target: AuditTarget }>;

/** Builds what `verify` reads. */
export type BuildVerify = (
  requestTable: string,
  bucket: string,
) => Promise<{ readonly history: AuditHistory; readonly archive: ArchiveReader }>;

/**
 * `glasshammer audit replay` archives events that an outage kept from the archive, from the history in the request
 * table.
 * `glasshammer audit verify` compares the archive with the request table.
 */
export function registerAudit(
  program: Command,
  io: CliIo,
  build: BuildReplay = awsReplay,
  buildVerify: BuildVerify = awsVerify,
  buildAsk: BuildAsk = awsAsk,
): void {
  const audit = program.command('audit').description('the archive of everything that happened');
  registerAsk(audit, io, buildAsk);
  audit
    .command('verify')
    .description(
      'compare a range of the archive with the history in the request table; changes nothing; 1 if they differ',
    )
    .requiredOption('--from <time>', 'a day such as 2026-01-05, or an instant such as 2026-01-05T09:00:00Z')
    .option('--to <time>', 'a day, which is included, or an instant; without, ten minutes ago')
    .option('--request-table <name>', 'without, REQUEST_TABLE')
    .option('--bucket <name>', 'bucket of the archive; without, AUDIT_BUCKET')
    .option('--json', 'as JSON')
    .action((options: VerifyOptions) => verify(options, io, buildVerify));
  audit
    .command('replay')
    .description('archive what is missing, from the history in the request table; harmless to repeat')
    .requiredOption('--from <time>', 'a day such as 2026-01-05, or an instant such as 2026-01-05T09:00:00Z')
    .option('--to <time>', 'a day, which is included, or an instant; without, now')
    .option('--target <target>', 'archive, or bus: hands every event of the range to the event bus again', 'archive')
    .option('--request-table <name>', 'without, REQUEST_TABLE')
    .option('--bucket <name>', 'bucket of the archive; without, AUDIT_BUCKET')
    .option('--bus <name>', 'the event bus; without, AUDIT_BUS')
    .action((options: ReplayOptions) => replay(options, io, build));
}

async function replay(options: ReplayOptions, io: CliIo, build: BuildReplay): Promise<void> {
  const range = rangeOf(options, io.now());
  const names = namesOf(options, io);
  const { history, target } = await build(names);
  const watched = { items: () => counting(io, 'items read', history.items()) };
  const { events, added } = await replayEvents(range, { history: watched, target });
  const span = `${events} ${events === 1 ? 'event' : 'events'} from ${range.from} to ${range.to}`;
  io.stdout(
    line(
      names.target.kind === 'archive'
        ? `${span}; ${added} ${added === 1 ? 'was' : 'were'} missing and ${added === 1 ? 'is' : 'are'} archived now`
        : `${span} handed to the bus again; receivers know them by their ids`,
    ),
  );
}

/** More recent events may still be on their way to the archive. Milliseconds. */
const ON_ITS_WAY_MS = 10 * 60_000;

async function verify(options: VerifyOptions, io: CliIo, build: BuildVerify): Promise<void> {
  const range = rangeOf(options, new Date(io.now().getTime() - ON_ITS_WAY_MS));
  const names = namesOf({ ...options, target: 'archive' }, io);
  const { history, archive } = await build(names.requestTable, names.target.name);
  const watched: ArchiveReader = {
    ...archive,
    objects: (days) => counting(io, 'objects of the archive read', archive.objects(days)),
  };
  const { events, faults, notProvable } = await verifyArchive(range, { history, archive: watched });
  if (faults.length > 0) io.exitWith(1);
  if (options.json) return io.stdout(`${JSON.stringify({ ...range, events, faults, notProvable }, null, 2)}\n`);
  for (const { fault, key } of faults) io.stdout(row(fault, key));
  for (const key of notProvable) io.stdout(row('not provable', key));
  const span = `${events} ${events === 1 ? 'event' : 'events'} from ${range.from} to ${range.to}`;
  const left = notProvable.length === 0 ? '' : `; not provable from the table: ${notProvable.length}`;
  io.stdout(line(`${span}: ${faults.length === 0 ? 'the archive says the same' : `${faults.length} differ`}${left}`));
}

function namesOf({ target, requestTable, bucket, bus }: ReplayOptions, { env }: CliIo): ReplayNames {
  const kind = TARGETS.find((known) => known === target);
  if (kind === undefined) throw new UsageError(`--target must be archive or bus, not ${target}`);
  const table = requestTable ?? env.REQUEST_TABLE;
  if (!table) throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  const name = kind === 'archive' ? (bucket ?? env.AUDIT_BUCKET) : (bus ?? env.AUDIT_BUS);
  if (!name) {
    throw new UsageError(
      kind === 'archive'
        ? 'name the bucket: --bucket NAME, or AUDIT_BUCKET in the environment'
        : 'name the event bus: --bus NAME, or AUDIT_BUS in the environment',
    );
  }
  return { requestTable: table, target: { kind, name } };
}

const awsVerify: BuildVerify = async (tableName, bucket) => {
  const [{ DynamoDBClient }, { documentClientOver }, { createAuditHistory }, { S3Client }, { createArchiveReader }] =
    await Promise.all([
      import('@aws-sdk/client-dynamodb'),
      import('../../gateways/dynamodb/document-client.ts'),
      import('../../gateways/dynamodb/audit-history.ts'),
      import('@aws-sdk/client-s3'),
      import('../../gateways/s3/archive-reader.ts'),
    ]);
  return {
    history: createAuditHistory({ client: documentClientOver(new DynamoDBClient({})), tableName }),
    archive: createArchiveReader({ client: new S3Client({}), bucket, sha256 }),
  };
};

/**
 * The real table, bucket and bus, with the operator's credentials; endpoints come from the SDK's environment variables.
 */
const awsReplay: BuildReplay = async ({ requestTable, target }) => {
  const [{ DynamoDBClient }, { documentClientOver }, { createAuditHistory }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../../gateways/dynamodb/document-client.ts'),
    import('../../gateways/dynamodb/audit-history.ts'),
  ]);
  const client = documentClientOver(new DynamoDBClient({}));
  const history = createAuditHistory({ client, tableName: requestTable });
  if (target.kind === 'archive') {
    const [{ S3Client }, { createArchive }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('../../gateways/s3/archive.ts'),
    ]);
    return { history, target: createArchive({ client: new S3Client({}), bucket: target.name, sha256 }) };
  }
  const [{ EventBridgeClient }, { createEventBus }] = await Promise.all([
    import('@aws-sdk/client-eventbridge'),
    import('../../gateways/event-bus.ts'),
  ]);
  return { history, target: createEventBus({ client: new EventBridgeClient({}), busName: target.name }) };
};
