import { RequestChangedError } from '../access/errors.ts';
import { enter, happen } from '../access/events.ts';
import type { AccessRequest } from '../access/request.ts';
import type { CoverageStatus } from './coverage.ts';
import type { ActivitySource, MailPort, StoredReport, ThreadPort } from './ports.ts';
import { renderHtml } from './render-html.ts';
import { renderText } from './render-text.ts';
import { buildReport, type ReportModel } from './report.ts';
import { endedRequest, type StartReportServices, storedReport } from './start-report.ts';
import { subjectOf, summaryOf } from './summary.ts';

export interface SendReportServices extends StartReportServices {
  readonly source: Pick<ActivitySource, 'name'>;
  readonly mail: MailPort;
  readonly thread: ThreadPort;
}

/**
 * Sends what was read, whatever that is: a report that could read nothing says so and is sent all the same. Then tells the
 * thread, then moves the request to `reported`.
 *
 * Each step is noted when it is done. Run again after a crash between a step and its note, it sends at most one more mail and
 * one more reply, and never moves the request twice.
 *
 * @param unreadable name of the error that made the workflow give up reading
 * @returns how much could be read; `undefined` when the report was sent before
 * @throws whatever the mail service throws, for the workflow to retry; a thread that cannot be told is only noted
 */
export async function sendReport(
  requestId: string,
  unreadable: string | undefined,
  services: SendReportServices,
): Promise<CoverageStatus | undefined> {
  const request = await endedRequest(requestId, services.requests);
  if (request.state === 'reported') return undefined;
  const report = await storedReport(request, services);
  const model = buildReport(request, report, {
    sourceName: services.source.name,
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });

  if (report.sentAt === undefined) {
    await services.mail.send({ subject: subjectOf(model), html: renderHtml(model), text: renderText(model) });
    await services.reports.note(requestId, 'sentAt', services.now().toISOString());
  }
  const untold = await tellThread(request, report, model, services);
  await moveToReported(request, noteOf(model, untold), services);
  return model.coverage.status;
}

/** Returns the name of the error when the thread could not be told: the mail is out, and Slack may not hold it up. */
async function tellThread(
  request: AccessRequest,
  report: StoredReport,
  model: ReportModel,
  services: SendReportServices,
): Promise<string | undefined> {
  if (report.toldAt !== undefined) return undefined;
  try {
    await services.thread.reply(request, summaryOf(model, services.mail.to));
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown error';
  }
  await services.reports.note(request.id, 'toldAt', services.now().toISOString());
  return undefined;
}

function noteOf({ headline, coverage }: ReportModel, untold: string | undefined): string {
  const missing = coverage.gaps.length === 0 ? '' : '; not everything was seen';
  return `${headline}${missing}${untold === undefined ? '' : `; the thread could not be told (${untold})`}`;
}

async function moveToReported(request: AccessRequest, note: string, services: SendReportServices): Promise<void> {
  const result = await services.requests.change(request.id, {
    from: ['ended'],
    to: 'reported',
    event: enter('reported', services.now().toISOString(), { note }),
  });
  if (!result.changed && result.request?.state !== 'reported') {
    throw new RequestChangedError(`request ${request.id} is no longer ended`);
  }
}

/**
 * Writes into the request that no report could be sent, and why; its state stays `ended`. Once: a second call finds the first
 * one's event.
 *
 * @returns whether the request has no report; false when it was sent after all
 */
export async function giveUpReport(requestId: string, error: string, services: StartReportServices): Promise<boolean> {
  const request = await endedRequest(requestId, services.requests);
  if (request.state === 'reported') return false;
  const note = `no report could be sent: ${error}`;
  if (request.events.some((event) => event.type === 'activity-unreadable' && event.note === note)) return true;
  await services.requests.change(requestId, {
    from: ['ended'],
    event: happen('activity-unreadable', services.now().toISOString(), { note }),
  });
  return true;
}
