import type { HoldStore, Sha256 } from '../../access/ports.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import type { ActivitySource, Mail, MailPort, ReportStore, StoredReport, ThreadPort } from '../ports.ts';
import type { PermissionSetAdviser } from './advice/advise-permission-set.ts';
import { suggestPolicy } from './advice/least-privilege.ts';
import { coverageOf } from './coverage.ts';
import { newsSince } from './editions/news.ts';
import type { StartReportServices } from './editions/start-report.ts';
import { attachmentsOf } from './render/attachments.ts';
import { renderHtml } from './render/render-html.ts';
import { renderText } from './render/render-text.ts';
import { buildReport, type ReportModel } from './report.ts';
import { subjectOf, summaryOf } from './summary.ts';

export interface ComposeServices {
  readonly source: Pick<ActivitySource, 'name'>;
  readonly holds: Pick<HoldStore, 'of'>;
  readonly reports: ReportStore;
  readonly sha256: Sha256;
}

/** What sending an edition takes. */
export type SendReportServices = StartReportServices &
  ComposeServices &
  DeliverServices & { readonly adviser: PermissionSetAdviser };

/** An edition as people get it. */
export interface Composed {
  readonly model: ReportModel;
  readonly mail: Mail;
  /** Name of the error that made the workflow give up reading. */
  readonly unreadable?: string | undefined;
}

/** The report with the advice it goes out with, found out now where it was not before: what was mailed is what is kept. */
export async function withAdvice(
  request: AccessRequest,
  report: StoredReport,
  unreadable: string | undefined,
  { adviser, source }: Pick<SendReportServices, 'adviser' | 'source'>,
): Promise<StoredReport> {
  if (report.advice !== undefined || report.sentAt !== undefined) return report;
  const used = suggestPolicy(report.digest, report.plan.source)?.used ?? [];
  if (used.length > 0 && !hasEveryCall(request, report, unreadable, source.name))
    return { ...report, advice: [NOT_ADVISED] };
  return { ...report, advice: await adviser.advise(request, used) };
}

const NOT_ADVISED =
  'Which permission set would have been enough is not said: not every call that was made is in this edition.';

/** Of calls that are left out, whoever made them could choose which: a set that is enough for the others may not be for these. */
function hasEveryCall(
  request: AccessRequest,
  report: StoredReport,
  unreadable: string | undefined,
  sourceName: string,
): boolean {
  const { digest, plan } = report;
  const { status, soFar } = coverageOf(request, report, {
    sourceName,
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
  });
  const left = digest.cut.write + digest.cut.read + digest.cut.failed + digest.malformed;
  return status === 'complete' && !soFar && plan.regionsUnknown !== true && left === 0;
}

/**
 * Makes of what was read the report and its mail.
 *
 * @param options.unreadable name of the error that made the workflow give up reading
 * @param options.before the edition that went out before, which this one is compared with and whose thread it goes into
 */
export async function compose(
  request: AccessRequest,
  report: StoredReport,
  options: { readonly unreadable?: string | undefined; readonly before?: StoredReport | undefined },
  services: ComposeServices,
): Promise<Composed> {
  const { unreadable, before } = options;
  const calls = await services.reports.calls(report);
  const { files, left } = attachmentsOf(request.id, calls);
  const attached = files.map(({ fileName, content }) => ({ fileName, sha256: services.sha256(content) }));
  const model = buildReport(request, report, {
    calls,
    attached: { files: attached, left },
    sourceName: services.source.name,
    overlapping: await overlapping(request, report, services),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
    ...(before === undefined ? {} : { news: newsSince(before, report) }),
  });
  const mail = {
    subject: subjectOf(model),
    html: renderHtml(model),
    text: renderText(model),
    attachments: files,
    thread: { id: request.id, ...(before?.mailIds === undefined ? {} : { after: before.mailIds }) },
  };
  return { model, mail, unreadable };
}

/** Other access of the same person to the same target, held in this report's window; calls with it are in its own report. */
async function overlapping(
  request: AccessRequest,
  { plan }: StoredReport,
  { holds }: Pick<ComposeServices, 'holds'>,
): Promise<readonly HeldAccess[]> {
  const held = await holds.of(assignmentOf(request));
  return held.filter(
    ({ accessId, startedAt, endsAt }) => accessId !== request.id && startedAt <= plan.to && endsAt >= plan.from,
  );
}

export interface DeliverServices {
  readonly reports: Pick<ReportStore, 'note'>;
  readonly mail: MailPort;
  readonly thread: ThreadPort;
  readonly now: () => Date;
}

/** Mails an edition, once: what is noted as sent is not sent again. @throws whatever the mail service throws */
export async function deliver(
  report: StoredReport,
  { mail, unreadable }: Composed,
  services: DeliverServices,
): Promise<void> {
  if (report.sentAt !== undefined) return;
  const mailIds = await services.mail.send(mail);
  await services.reports.note(report, 'sentAt', services.now().toISOString(), {
    mailIds,
    ...(report.advice === undefined || report.advice.length === 0 ? {} : { advice: report.advice }),
    ...(unreadable === undefined ? {} : { unreadable }),
  });
}

/**
 * Tells the thread, once. Returns the name of the error when it could not be told: Slack may not hold up the mail.
 *
 * @param unsent name of the error that holds up the mail
 */
export async function tellThread(
  request: AccessRequest,
  report: StoredReport,
  { model }: Composed,
  services: DeliverServices,
  unsent?: string,
): Promise<string | undefined> {
  if (report.toldAt !== undefined) return undefined;
  try {
    await services.thread.reply(request, summaryOf(model, services.mail.to, unsent));
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown error';
  }
  await services.reports.note(report, 'toldAt', services.now().toISOString());
  return undefined;
}

/** What a report has to say in one line of the request's history. */
export function noteOf({ model }: Composed, untold: string | undefined): string {
  const missing = model.coverage.gaps.length === 0 ? '' : '; not everything was seen';
  return `${model.headline}${missing}${untold === undefined ? '' : `; the thread could not be told (${untold})`}`;
}
