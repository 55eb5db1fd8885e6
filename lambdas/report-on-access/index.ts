import { createHash } from 'node:crypto';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { STSClient } from '@aws-sdk/client-sts';
import { probeReaders, type ReaderState } from '../../core/activity/read/probe.ts';
import { createLookup } from '../../gateways/cloudtrail/lookup.ts';
import { createReportLooks } from '../../gateways/dynamodb/report-looks.ts';
import { createReportStore } from '../../gateways/dynamodb/report-store.ts';
import { createMailer } from '../../gateways/ses.ts';
import { createThread } from '../../gateways/slack/thread.ts';
import { reportSummary } from '../../slack/views/report-summary.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { PATIENT_AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { chat } from '../shared/services/slack.ts';
import { documentClient, holdStore, requestStore } from '../shared/services/tables.ts';
import { type ReportAnswer, type ReportServices, readProbe, runReportStep } from './handle.ts';

const services = once((): ReportServices => {
  const environment = readEnvironment('report-on-access');
  const { report, permissionSets } = environment.settings;
  return {
    requests: requestStore(environment),
    holds: holdStore(environment),
    reports: createReportStore({ client: documentClient(), tableName: environment.requestTable }),
    looks: createReportLooks({ client: documentClient(), tableName: environment.requestTable }),
    source: createLookup({
      sts: new STSClient(PATIENT_AWS_CALLS),
      roleName: report.roleName,
      now: systemNow,
      client: PATIENT_AWS_CALLS,
      partition: permissionSets[0]?.arn.split(':')[1] ?? 'aws',
    }),
    mail: createMailer({
      client: new SESv2Client({
        ...PATIENT_AWS_CALLS,
        ...(report.sesRegion === undefined ? {} : { region: report.sesRegion }),
      }),
      ...report,
    }),
    thread: createThread({ chat: chat(environment, 5_000), render: reportSummary }),
    settings: {
      regions: report.regions,
      deliverySeconds: report.deliveryDelaySeconds,
      identityCenter: report.identityCenter,
      permissionSets,
    },
    countFailure: () => count(METRICS.reportFailed),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    now: systemNow,
  };
});

/**
 * The workflow's report: start, collect page by page, send; or give up, in writing. An operator's doctor asks the same function whom
 * it can read, because no other role is trusted to find out.
 */
export async function handler(event: unknown): Promise<ReportAnswer | { readonly readers: readonly ReaderState[] }> {
  try {
    const probe = readProbe(event);
    if (probe !== undefined) return { readers: await probeReaders(probe, services()) };
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
