import { SESv2Client } from '@aws-sdk/client-sesv2';
import { STSClient } from '@aws-sdk/client-sts';
import { createLookup } from '../../gateways/cloudtrail/lookup.ts';
import { createReportStore } from '../../gateways/dynamodb/report-store.ts';
import { createMailer } from '../../gateways/ses.ts';
import { createThread } from '../../gateways/slack/thread.ts';
import { reportSummary } from '../../slack/views/report-summary.ts';
import { METRICS } from '../alarms.ts';
import { readEnvironment } from '../environment.ts';
import { log, logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { systemNow } from '../services/clock.ts';
import { chat } from '../services/slack.ts';
import { documentClient, requestStore } from '../services/tables.ts';
import { type ReportAnswer, type ReportServices, runReportStep } from './handle.ts';

/** One hung connection must not use up the function's time; what fails is retried by the workflow. */
const CALLS = { maxAttempts: 3, requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 } };

const services = once((): ReportServices => {
  const environment = readEnvironment('report-on-access');
  const { report, permissionSets } = environment.settings;
  return {
    requests: requestStore(environment),
    reports: createReportStore({ client: documentClient(), tableName: environment.requestTable }),
    source: createLookup({
      sts: new STSClient(CALLS),
      roleName: report.roleName,
      now: systemNow,
      client: CALLS,
      partition: permissionSets[0]?.arn.split(':')[1] ?? 'aws',
    }),
    mail: createMailer({ client: new SESv2Client(CALLS), from: report.from, to: report.to }),
    thread: createThread({ chat: chat(environment, 5_000), render: reportSummary }),
    settings: { regions: report.regions, permissionSets },
    countFailure: () => count(METRICS.reportFailed),
    now: systemNow,
  };
});

/** The workflow's report: start, collect page by page, send; or give up, in writing. */
export async function handler(event: unknown): Promise<ReportAnswer> {
  try {
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
