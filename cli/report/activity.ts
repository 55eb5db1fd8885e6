import type { Command } from 'commander';
import * as z from 'zod';
import { callsJson } from '../../core/activity/report/render/attachments.ts';
import { renderText } from '../../core/activity/report/render/render-text.ts';
import type { ReportModel } from '../../core/activity/report/report.ts';
import type { ReportFunction } from '../../gateways/lambda/report-function.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';

interface ActivityOptions {
  readonly json?: boolean;
  readonly reportFunction?: string;
}

/**
 * Builds the client of the report function. The AWS SDK is loaded only then, so that other commands start without it.
 */
export type BuildReportFunction<Uses extends keyof ReportFunction = 'ask'> = (
  functionName: string,
) => Promise<Pick<ReportFunction, Uses>>;

/**
 * `glasshammer activity`: what was done so far with an access that is not reported yet. Only the report function can
 * read it, because other roles are not trusted by the accounts; everybody who may call that function may see the
 * answer.
 */
export function registerActivity(program: Command, io: CliIo, build: BuildReportFunction = awsReportFunction): void {
  program
    .command('activity')
    .argument('<request>', 'id of the request')
    .description('what was done so far with an access, before its report')
    .option('--json', 'every listed call as JSON, with the ids of CloudTrail’s events')
    .option('--report-function <name>', 'without, REPORT_FUNCTION')
    .action((requestId: string, options: ActivityOptions) => show(requestId, options, io, build));
}

/**
 * The function's answer. Of the model only one field is checked, because function and command line are of the same
 * version.
 */
const answerSchema = z.object({
  soFar: z.discriminatedUnion('read', [
    z.object({ read: z.literal(false), refusal: z.object({ reason: z.string(), detail: z.string().optional() }) }),
    z.object({
      read: z.literal(true),
      requestId: z.string(),
      model: z.custom<ReportModel>((value) => typeof (value as ReportModel | undefined)?.headline === 'string'),
      calls: z.array(z.custom<Parameters<typeof callsJson>[1][number]>()),
      left: z.number(),
    }),
  ]),
});

async function show(requestId: string, options: ActivityOptions, io: CliIo, build: BuildReportFunction): Promise<void> {
  const functionName = functionNameOf(options, io);
  const answer = await (await build(functionName)).ask({ requestId, askId: io.newId() });
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success)
    throw new UsageError(`${functionName} does not answer this; deploy the version of this checkout`);
  const { soFar } = parsed.data;
  if (!soFar.read) throw new UsageError(whyNot(requestId, soFar.refusal));
  if (soFar.left > 0)
    io.about(line(`${soFar.left} calls had no room in the answer; those that matter least are left out`));
  io.stdout(options.json === true ? callsJson(soFar.requestId, soFar.calls) : renderText(soFar.model));
}

/** @throws UsageError when neither the options nor the environment name the function */
export function functionNameOf(options: Pick<ActivityOptions, 'reportFunction'>, { env }: Pick<CliIo, 'env'>): string {
  const functionName = options.reportFunction ?? env.REPORT_FUNCTION;
  if (!functionName)
    throw new UsageError('name the function: --report-function NAME, or REPORT_FUNCTION in the environment');
  return functionName;
}

function whyNot(
  requestId: string,
  { reason, detail }: { readonly reason: string; readonly detail?: string | undefined },
): string {
  switch (reason) {
    case 'unknown-request':
      return `there is no request ${requestId}`;
    case 'not-begun':
      return `the access of request ${requestId} has not begun`;
    case 'already-reported':
      return `the report of request ${requestId} is out: glasshammer report ${requestId}`;
    case 'asked-lately':
      return `what was done was read a moment ago; ask again after ${detail ?? 'a minute'}`;
    default:
      return `this was refused (${reason})`;
  }
}

/** The real function, with the operator's credentials; endpoints come from the SDK's environment variables. */
export const awsReportFunction: BuildReportFunction<keyof ReportFunction> = async (functionName) => {
  const [{ LambdaClient }, { createReportFunction }] = await Promise.all([
    import('@aws-sdk/client-lambda'),
    import('../../gateways/lambda/report-function.ts'),
  ]);
  return createReportFunction({ client: new LambdaClient({}), functionName });
};
