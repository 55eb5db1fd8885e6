import { cutReason, GIVEN_UP, mayRepeat } from '../../access/notify/repeated-events.ts';
import type { HoldStore } from '../../access/ports.ts';
import { RequestChangedError } from '../../model/errors.ts';
import { enter, happen } from '../../model/events.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import type { MailAttachment, MailPort, StoredReport, ThreadPort } from '../ports.ts';
import { attachmentsOf } from './attachments.ts';
import type { CoverageStatus } from './coverage.ts';
import { renderHtml } from './render-html.ts';
import { renderText } from './render-text.ts';
import { buildReport, type ReportModel } from './report.ts';
import { endedRequest, type StartReportServices, storedReport } from './start-report.ts';
import { subjectOf, summaryOf } from './summary.ts';

export interface SendReportServices extends StartReportServices {
  readonly holds: Pick<HoldStore, 'of'>;
  /** SHA-256 of a text as UTF-8, in hexadecimal. */
  readonly sha256: (text: string) => string;
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
  const { model, files } = await modelOf(request, report, unreadable, services);

  if (report.sentAt === undefined) {
    await services.mail.send({
      subject: subjectOf(model),
      html: renderHtml(model),
      text: renderText(model),
      attachments: files,
    });
    await services.reports.note(requestId, 'sentAt', services.now().toISOString());
  }
  const untold = await notifyThread(request, report, model, services);
  await moveToReported(request, noteOf(model, untold), services);
  return model.coverage.status;
}

/**
 * Returns the name of the error when the thread could not be told: Slack may not hold up the mail.
 *
 * @param unsent name of the error that holds up the mail
 */
async function notifyThread(
  request: AccessRequest,
  report: StoredReport,
  model: ReportModel,
  services: SendReportServices,
  unsent?: string,
): Promise<string | undefined> {
  if (report.toldAt !== undefined) return undefined;
  try {
    await services.thread.reply(request, summaryOf(model, services.mail.to, unsent));
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

/** For so long after the first failure a report is tried; then the workflow gives up, and the sweep tries once a day. Seconds. */
const TRIED_SECONDS = 14 * 24 * 3600;
const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 3600;

/** Whether to try again, and after how long. */
export interface UnsentAnswer {
  readonly next: 'again' | 'over';
  readonly waitSeconds: number;
}

/**
 * Writes into the request that its report could not be sent, and why; the state stays `ended`. The thread is told what was done
 * all the same, once, and that the mail is late: whoever reads it there has to wait for nobody.
 *
 * @param error name of what stood in the way
 * @param unreadable as for `sendReport`
 * @returns `over` when it was sent after all, or is not to be tried any more
 */
export async function noteUnsent(
  requestId: string,
  error: string,
  unreadable: string | undefined,
  services: SendReportServices,
): Promise<UnsentAnswer> {
  const request = await endedRequest(requestId, services.requests);
  if (request.state === 'reported') return { next: 'over', waitSeconds: 0 };
  const at = services.now().toISOString();
  const first = request.events.find(({ type }) => type === 'report-unsent')?.at ?? at;
  const spent = (new Date(at).getTime() - new Date(first).getTime()) / 1000;
  const next = spent > TRIED_SECONDS ? 'over' : 'again';
  const reason = cutReason(next === 'over' ? `${GIVEN_UP}${error}` : error);
  const last = request.events.findLast(({ type }) => type === 'report-unsent')?.note ?? '';
  const isGivenUpNow = next === 'over' && !last.startsWith(GIVEN_UP);
  if (isGivenUpNow || mayRepeat(request, 'report-unsent', at, reason)) {
    await services.requests.change(requestId, {
      from: ['ended'],
      event: happen('report-unsent', at, { note: reason }),
      eventsSeen: request.events.length,
    });
  }
  const report = await storedReport(request, services);
  if (report.sentAt === undefined)
    await notifyThread(request, report, (await modelOf(request, report, unreadable, services)).model, services, error);
  return { next, waitSeconds: Math.min(LONGEST_PAUSE_SECONDS, Math.max(FIRST_PAUSE_SECONDS, Math.floor(spent / 6))) };
}

/** The report as it is kept, and the files that go with it. @param unreadable as for `sendReport` */
export async function modelOf(
  request: AccessRequest,
  report: StoredReport,
  unreadable: string | undefined,
  services: Pick<SendReportServices, 'source' | 'holds' | 'reports' | 'sha256'>,
): Promise<{ readonly model: ReportModel; readonly files: readonly MailAttachment[] }> {
  const calls = await services.reports.calls(report);
  const { files, left } = attachmentsOf(request.id, calls);
  const attached = files.map(({ fileName, content }) => ({ fileName, sha256: services.sha256(content) }));
  const model = buildReport(request, report, {
    calls,
    attached: { files: attached, left },
    sourceName: services.source.name,
    overlapping: await overlapping(request, report, services),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });
  return { model, files };
}

/** Other access of the same person to the same target, held in this report's window; calls with it are in its own report. */
async function overlapping(
  request: AccessRequest,
  { plan }: StoredReport,
  { holds }: Pick<SendReportServices, 'holds'>,
): Promise<readonly HeldAccess[]> {
  const held = await holds.of(assignmentOf(request));
  return held.filter(
    ({ accessId, startedAt, endsAt }) => accessId !== request.id && startedAt <= plan.to && endsAt >= plan.from,
  );
}
