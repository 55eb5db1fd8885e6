import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import type { HoldStore, RequestStore } from '../../core/access/ports.ts';
import { editionName, editionOf } from '../../core/activity/edition.ts';
import type { ListFormat, ReportLooks, ReportStore, StoredReport } from '../../core/activity/ports.ts';
import { suggestPolicy } from '../../core/activity/report/advice/least-privilege.ts';
import { permissionSetCode } from '../../core/activity/report/advice/permission-set-code.ts';
import { listFile } from '../../core/activity/report/archive-list.ts';
import { editionOut } from '../../core/activity/report/editions/edition-out.ts';
import { rebuildModel } from '../../core/activity/report/editions/rebuild-model.ts';
import { renderText } from '../../core/activity/report/render/render-text.ts';
import { instant } from '../../core/activity/report/render/wording.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { awsReportFunction, type BuildReportFunction, functionNameOf } from './activity.ts';
import { resend } from './resend.ts';

interface ReportOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly permissionSet?: boolean;
  readonly resend?: boolean;
  readonly reportFunction?: string;
  readonly requestTable?: string;
  readonly bucket?: string;
}

export interface ReportReader {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly reports: Pick<ReportStore, 'get' | 'calls'>;
  readonly looks: Pick<ReportLooks, 'get'>;
  readonly holds: Pick<HoldStore, 'given' | 'granted' | 'of'>;
  /**
   * Text of an object in the archive; `undefined` where this operator may not read it. @throws all other errors of S3
   */
  readonly archived?: (key: string) => Promise<string | undefined>;
}

/** Builds what the command reads. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildReportReader = (
  names: { readonly requestTable: string; readonly bucket?: string | undefined },
  now: () => Date,
) => Promise<ReportReader>;

/**
 * `glasshammer report`: what was done with an access, from the newest stored edition that was sent; it does not read
 * CloudTrail. Only `--resend` changes anything.
 */
export function registerReport(
  program: Command,
  io: CliIo,
  build: BuildReportReader = awsReader,
  buildFunction: BuildReportFunction<'resend'> = awsReportFunction,
): void {
  program
    .command('report')
    .argument('<request>', 'id of the request')
    .description('what was done with an access: the report as text, or every call that is listed')
    .option('--json', 'every listed call as JSON, with the ids of CloudTrail’s events')
    .option('--csv', 'the same as CSV')
    .option('--permission-set', 'a permission set that allows what was done, as CDK code in TypeScript')
    .option('--resend', 'send the mail again, to the configured addresses')
    .option('--request-table <name>', 'without, REQUEST_TABLE')
    .option(
      '--bucket <name>',
      'for --json and --csv: bucket of the archive, whose list is shown; without, AUDIT_BUCKET',
    )
    .option('--report-function <name>', 'for --resend; without, REPORT_FUNCTION')
    .action((requestId: string, options: ReportOptions) => {
      const chosen = [options.json, options.csv, options.permissionSet, options.resend].filter((each) => each === true);
      if (chosen.length > 1) throw new UsageError('choose one of --json, --csv, --permission-set and --resend');
      return options.resend === true
        ? resend(requestId, functionNameOf(options, io), io, buildFunction)
        : show(requestId, options, io, build);
    });
}

async function show(requestId: string, options: ReportOptions, io: CliIo, build: BuildReportReader): Promise<void> {
  const requestTable = options.requestTable ?? io.env.REQUEST_TABLE;
  if (!requestTable)
    throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  const reader = await build({ requestTable, bucket: options.bucket ?? io.env.AUDIT_BUCKET }, io.now);
  const { requests, reports } = reader;
  const request = await requests.get(requestId);
  if (request === undefined) throw new UsageError(`there is no request ${requestId}`);
  // An edition that was read but could not be mailed is still worth showing.
  const report = (await editionOut(request, reader)) ?? (await reports.get(requestId));
  if (report === undefined) throw new UsageError(`request ${requestId} is ${request.state}; it has no report yet`);
  if (options.permissionSet === true) {
    const written = permissionSetCode(
      request,
      report.plan.permissionSetName,
      suggestPolicy(report.digest, report.plan.source),
    );
    if ('none' in written) throw new UsageError(`no permission set follows from this report: ${written.none}`);
    io.about(line(whichOne(report)));
    return io.stdout(written.code);
  }
  io.about(line(whichOne(report)));
  if (options.json === true) return io.stdout(await listOf(report, 'json', reader, io));
  if (options.csv === true) return io.stdout(await listOf(report, 'csv', reader, io));
  io.stdout(renderText(await rebuildModel(request, report, await reports.calls(report), { ...reader, now: io.now })));
}

/**
 * The list of calls: the archived one where the bucket is named, else from the request table.
 *
 * @throws UsageError when the archived list is not the one that the mail names
 */
async function listOf(
  report: StoredReport,
  format: ListFormat,
  { reports, archived }: ReportReader,
  io: CliIo,
): Promise<string> {
  const file = report.archived?.find((each) => each.format === format);
  if (file !== undefined && archived !== undefined) {
    const text = await archived(file.key);
    if (text === undefined) {
      io.about(line(`You may not read ${file.key} in the archive (s3:GetObject); the list is from the request table.`));
      return listFile(report.requestId, await reports.calls(report), format);
    }
    if (createHash('sha256').update(text).digest('hex') !== file.sha256)
      throw new UsageError(`${file.key} in the archive is not the list that the mail names, SHA-256 ${file.sha256}`);
    io.about(line(`The list is the archived one, SHA-256 ${file.sha256}.`));
    return text;
  }
  io.about(
    line(
      file === undefined
        ? 'The list is from the request table; this report has none in the archive.'
        : `The list is from the request table; the archived one is ${file.key}: name its --bucket.`,
    ),
  );
  return listFile(report.requestId, await reports.calls(report), format);
}

/** Printed apart from the report, so that programs read only the report. */
function whichOne(report: StoredReport): string {
  const { sentAt, plan } = report;
  const sent = sentAt === undefined ? 'not mailed yet' : `mailed ${instant(sentAt)}`;
  const later = plan.finalAt === undefined ? '' : `; the final edition is read at ${instant(plan.finalAt)}`;
  return `This is the ${editionName(editionOf(report))} of ${report.requestId}, ${sent}${later}.`;
}

/** The real table, with the operator's credentials; endpoints come from the SDK's environment variables. */
const awsReader: BuildReportReader = async ({ requestTable: tableName, bucket }, now) => {
  const [
    { DynamoDBClient },
    { documentClientOver },
    { createRequestStore },
    { createReportStore },
    { createReportLooks },
    { createHoldStore },
  ] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../../gateways/dynamodb/document-client.ts'),
    import('../../gateways/dynamodb/requests/request-store.ts'),
    import('../../gateways/dynamodb/reports/report-store.ts'),
    import('../../gateways/dynamodb/reports/report-looks.ts'),
    import('../../gateways/dynamodb/leases/hold-store.ts'),
  ]);
  const client = documentClientOver(new DynamoDBClient({}));
  return {
    requests: createRequestStore({ client, tableName, now }),
    reports: createReportStore({ client, tableName }),
    looks: createReportLooks({ client, tableName }),
    holds: createHoldStore({ client, tableName, now }),
    ...(bucket === undefined ? {} : { archived: await readFrom(bucket) }),
  };
};

async function readFrom(Bucket: string): Promise<(Key: string) => Promise<string | undefined>> {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({});
  return async (Key) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if (error instanceof Error && error.name === 'AccessDenied') return undefined;
      throw error;
    }
  };
}
