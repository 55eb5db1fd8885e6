import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { probeReaders, type ReaderState } from '../../core/activity/read/probe.ts';
import { type Resent, resendReport } from '../../core/activity/report/editions/resend-report.ts';
import { readersOf } from '../../core/activity/report/readers.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createReportStore } from '../../gateways/dynamodb/reports/report-store.ts';
import { createSoFarAnswers } from '../../gateways/dynamodb/reports/so-far-answers.ts';
import { createSoFarGate } from '../../gateways/dynamodb/reports/so-far-gate.ts';
import { createListArchive } from '../../gateways/s3/list-archive.ts';
import { createMailer } from '../../gateways/ses.ts';
import { createThread } from '../../gateways/slack/thread.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { reportSummary } from '../../slack/views/reporting/report-summary.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { PATIENT_AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { decidingDirectory } from '../shared/services/identity-center.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { documentClient, holdStore, requestStore } from '../shared/services/tables.ts';
import { sha256 } from '../shared/sha256.ts';
import { pageOf } from '../shared/status-renderer.ts';
import { permissionSetAdviser } from './adviser.ts';
import { type ReportAnswer, type ReportServices, readProbe, runReportStep } from './handle.ts';
import { readResend } from './resend.ts';
import { answerSoFar, readSoFarEvent, type SoFarAnswer, type SoFarFunctionServices } from './so-far.ts';
import { activitySource } from './source.ts';

const services = once((): ReportServices & SoFarFunctionServices => {
  const environment = readEnvironment('report-on-access');
  const { report, permissionSets } = environment.settings;
  const slack = chatIfAny(environment, 5_000);
  const archive = createListArchive({
    client: new S3Client(PATIENT_AWS_CALLS),
    bucket: environment.auditBucket,
    partition: permissionSets[0]?.arn.split(':')[1] ?? 'aws',
  });
  const requests = requestStore(environment);
  return {
    requests,
    ...(report.toApprovers === true
      ? { readersOf: (request) => readersOf(request, { requests, directory: decidingDirectory(environment) }) }
      : {}),
    holds: holdStore(environment),
    reports: createReportStore({ client: documentClient(), tableName: environment.requestTable }),
    looks: createReportLooks({ client: documentClient(), tableName: environment.requestTable }),
    adviser: permissionSetAdviser(environment, pause),
    archive: {
      async keep(list) {
        try {
          return await archive.keep(list);
        } catch (error) {
          // The mail is sent without the archived list; the metric makes an operator look.
          logFailure('report.list-unarchived', error, { requestId: list.requestId });
          count(METRICS.reportFailed);
          throw error;
        }
      },
    },
    source: activitySource(environment.settings, pause),
    mail: createMailer({
      client: new SESv2Client({
        ...PATIENT_AWS_CALLS,
        ...(report.sesRegion === undefined ? {} : { region: report.sesRegion }),
      }),
      ...report,
    }),
    thread:
      slack &&
      createThread({
        chat: slack,
        render: (request, lines) =>
          withPageLink(reportSummary(request, lines), pageOf(environment.consoleUrl, request.id)),
      }),
    pageOf: (requestId: string) => pageOf(environment.consoleUrl, requestId),
    settings: {
      regions: report.regions,
      deliverySeconds: report.deliveryDelaySeconds,
      identityCenter: report.identityCenter,
      permissionSets,
    },
    gate: createSoFarGate({ client: documentClient(), tableName: environment.requestTable }),
    answers: createSoFarAnswers({ client: documentClient(), tableName: environment.requestTable }),
    chat: slack,
    pause,
    timeLimit: pause,
    onFailure: (error) => logFailure('report.so-far-failed', error),
    countFailure: () => count(METRICS.reportFailed),
    sha256,
    now: systemNow,
  };
});

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}

/**
 * Handles the workflow's report: start, collect page by page, send, or note that it cannot be sent. Operators' checks
 * of what can be read, and people's questions what was done so far, come here as well, because only this function's
 * role may read CloudTrail in the accounts.
 */
export async function handler(
  event: unknown,
): Promise<ReportAnswer | SoFarAnswer | { readonly resent: Resent } | { readonly readers: readonly ReaderState[] }> {
  try {
    const probe = readProbe(event);
    if (probe !== undefined) return { readers: await probeReaders(probe, services()) };
    const question = readSoFarEvent(event);
    if (question !== undefined) return await answerSoFar(question, services());
    const again = readResend(event);
    if (again !== undefined) return { resent: await resendReport(again, services()) };
    const answer = await runReportStep(event, services());
    log('report.step', { ...stepOf(event), next: answer.next });
    return answer;
  } catch (error) {
    logFailure('report.step-failed', error, stepOf(event));
    throw error;
  }
}

function stepOf(event: unknown): { readonly requestId: string; readonly step: string } {
  const { requestId, step } = (event ?? {}) as { requestId?: unknown; step?: unknown };
  return { requestId: String(requestId), step: String(step) };
}
