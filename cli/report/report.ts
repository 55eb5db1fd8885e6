import type { Command } from 'commander';
import type { HoldStore, RequestStore } from '../../core/access/ports.ts';
import { editionName, editionOf } from '../../core/activity/edition.ts';
import type { ReportLooks, ReportStore, StoredReport } from '../../core/activity/ports.ts';
import { suggestPolicy } from '../../core/activity/report/advice/least-privilege.ts';
import { permissionSetCode } from '../../core/activity/report/advice/permission-set-code.ts';
import { editionBefore, editionOut } from '../../core/activity/report/editions/edition-out.ts';
import { newsSince } from '../../core/activity/report/editions/news.ts';
import { callsCsv, callsJson, inOrderOfWeight } from '../../core/activity/report/render/attachments.ts';
import { renderText } from '../../core/activity/report/render/render-text.ts';
import { instant } from '../../core/activity/report/render/wording.ts';
import { buildReport } from '../../core/activity/report/report.ts';
import { assignmentOf } from '../../core/model/request.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { awsReportFunction, type BuildReportFunction, functionNameOf } from './activity.ts';
import { resend } from './resend.ts';

interface ReportOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly permissionSet?: boolean;
  readonly resend?: boolean;
  readonly reportFunction?: string;
  readonly requestTable?: string;
}

export interface ReportReader {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly reports: Pick<ReportStore, 'get' | 'calls'>;
  readonly looks: Pick<ReportLooks, 'get'>;
  readonly holds: Pick<HoldStore, 'of'>;
}

/** Builds what the command reads. AWS is loaded only then, so that the other commands start without it. */
export type BuildReportReader = (names: { readonly requestTable: string }, now: () => Date) => Promise<ReportReader>;

/**
 * `glasshammer report`: what was done with an access, by the newest edition that is out, from what is stored; nothing is read from
 * CloudTrail. Only `--resend` does something.
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
  const reader = await build({ requestTable }, io.now);
  const { requests, reports, holds } = reader;
  const request = await requests.get(requestId);
  if (request === undefined) throw new UsageError(`there is no request ${requestId}`);
  // One that was read and could not be mailed is worth reading, too.
  const report = (await editionOut(request, reader)) ?? (await reports.get(requestId));
  if (report === undefined) throw new UsageError(`request ${requestId} is ${request.state}; it has no report yet`);
  if (options.permissionSet === true) {
    const written = permissionSetCode(
      request,
      report.plan.permissionSetName,
      suggestPolicy(report.digest, report.plan.source),
    );
    if ('none' in written) throw new UsageError(`no permission set follows from this report: ${written.none}`);
    io.about(`${whichOne(report)}\n`);
    return io.stdout(written.code);
  }
  io.about(`${whichOne(report)}\n`);
  const calls = await reports.calls(report);
  if (options.json === true) return io.stdout(callsJson(requestId, inOrderOfWeight(calls)));
  if (options.csv === true) return io.stdout(callsCsv(inOrderOfWeight(calls)));
  const overlapping = (await holds.of(assignmentOf(request))).filter(
    ({ accessId, startedAt, endsAt }) =>
      accessId !== requestId && startedAt <= report.plan.to && endsAt >= report.plan.from,
  );
  const before = await editionBefore(report, reader);
  const { unreadable } = report;
  const model = buildReport(request, report, {
    sourceName: 'CloudTrail event history',
    overlapping,
    calls,
    ...(before === undefined ? {} : { news: newsSince(before, report) }),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });
  io.stdout(renderText(model));
}

/** Beside the report, so that programs read the report alone. */
function whichOne(report: StoredReport): string {
  const { sentAt, plan } = report;
  const sent = sentAt === undefined ? 'not mailed yet' : `mailed ${instant(sentAt)}`;
  const later = plan.finalAt === undefined ? '' : `; the final edition is read at ${instant(plan.finalAt)}`;
  return `This is the ${editionName(editionOf(report))} of ${report.requestId}, ${sent}${later}.`;
}

/** The real table, with the operator's own credentials; endpoints as the SDK's environment says. */
const awsReader: BuildReportReader = async ({ requestTable: tableName }, now) => {
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
  };
};
