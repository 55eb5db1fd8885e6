import { SESv2Client } from '@aws-sdk/client-sesv2';
import { probeReaders, type ReaderState } from '../../core/activity/read/probe.ts';
import { type Resent, resendReport } from '../../core/activity/report/editions/resend-report.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createReportStore } from '../../gateways/dynamodb/reports/report-store.ts';
import { createSoFarGate } from '../../gateways/dynamodb/reports/so-far-gate.ts';
import { createMailer } from '../../gateways/ses.ts';
import { createThread } from '../../gateways/slack/thread.ts';
import { reportSummary } from '../../slack/views/reporting/report-summary.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { PATIENT_AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { chat } from '../shared/services/slack.ts';
import { documentClient, holdStore, requestStore } from '../shared/services/tables.ts';
import { sha256 } from '../shared/sha256.ts';
import { permissionSetAdviser } from './adviser.ts';
import { type ReportAnswer, type ReportServices, readProbe, runReportStep } from './handle.ts';
import { readResend } from './resend.ts';
import { answerSoFar, readSoFarEvent, type SoFarAnswer, type SoFarFunctionServices } from './so-far.ts';
import { activitySource } from './source.ts';

const services = once((): ReportServices & SoFarFunctionServices => {
  const environment = readEnvironment('report-on-access');
  const { report, permissionSets } = environment.settings;
  const slack = chat(environment, 5_000);
  return {
    requests: requestStore(environment),
    holds: holdStore(environment),
    reports: createReportStore({ client: documentClient(), tableName: environment.requestTable }),
    looks: createReportLooks({ client: documentClient(), tableName: environment.requestTable }),
    adviser: permissionSetAdviser(environment, pause),
    source: activitySource(environment.settings, pause),
    mail: createMailer({
      client: new SESv2Client({
        ...PATIENT_AWS_CALLS,
        ...(report.sesRegion === undefined ? {} : { region: report.sesRegion }),
      }),
      ...report,
    }),
    thread: createThread({ chat: slack, render: reportSummary }),
    settings: {
      regions: report.regions,
      deliverySeconds: report.deliveryDelaySeconds,
      identityCenter: report.identityCenter,
      permissionSets,
    },
    gate: createSoFarGate({ client: documentClient(), tableName: environment.requestTable }),
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
 * The workflow's report: start, collect page by page, send; or give up, in writing. An operator's doctor asks the same function whom
 * it can read, and people what was done so far, because no other role is trusted to read.
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
