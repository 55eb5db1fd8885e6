import type { HoldStore, Sha256 } from '../../access/ports.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import type { ListedCall } from '../classify/listed-call.ts';
import type { ActivitySource, Mail, MailPort, ReportStore, StoredReport, ThreadPort } from '../ports.ts';
import type { PermissionSetAdviser } from './advice/advise-permission-set.ts';
import { suggestPolicy } from './advice/least-privilege.ts';
import { type ArchiveListServices, archiveList } from './archive-list.ts';
import { coverageOf } from './coverage.ts';
import { newsSince } from './editions/news.ts';
import type { StartReportServices } from './editions/start-report.ts';
import { mailReaders, type Reader, type ReaderMails } from './readers.ts';
import { attachmentsOf } from './render/attachments.ts';
import { renderHtml } from './render/render-html.ts';
import { renderText } from './render/render-text.ts';
import { buildReport, type ReportModel } from './report.ts';
import { subjectOf, summaryOf } from './summary.ts';

export interface ComposeServices {
  readonly source: Pick<ActivitySource, 'name'>;
  readonly holds: Pick<HoldStore, 'given' | 'granted' | 'of'>;
  readonly sha256: Sha256;
  /** The page of a request in the console, for the mail to link to; `undefined` where there is no console. */
  pageOf?(requestId: string): string | undefined;
}

/** The services that it takes to send an edition. */
export type SendReportServices = StartReportServices &
  ComposeServices &
  DeliverServices &
  ArchiveListServices & { readonly adviser: PermissionSetAdviser };

/** An edition as it is sent: the report and its mail. */
export interface Composed {
  readonly model: ReportModel;
  readonly mail: Mail;
  /** The mails of the previous edition, one for each reader. */
  readonly readersBefore?: ReaderMails | undefined;
  /** Name of the error that made the workflow give up reading. */
  readonly unreadable?: string | undefined;
}

/** A report with its advice and archived list, and its calls. */
export interface Prepared {
  readonly report: StoredReport;
  readonly calls: readonly ListedCall[];
}

/** Adds to a report what it is sent with beside the calls: the advice, and the archived files of its list. */
export async function prepare(
  request: AccessRequest,
  known: StoredReport,
  unreadable: string | undefined,
  services: SendReportServices,
): Promise<Prepared> {
  const calls = await services.reports.calls(known);
  const advised = await withAdvice(request, known, unreadable, services);
  const report = known.sentAt === undefined ? await archiveList(advised, calls, services) : advised;
  return { report, calls };
}

/**
 * The report with its advice, which is found once: a report that has it, or that was mailed, stays as it is, so that
 * the stored advice is the mailed one.
 */
async function withAdvice(
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

/**
 * Has the edition every call? A caller could choose which calls are left out, and a permission set that is enough for
 * the others may not be enough for these.
 */
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
 * Makes the report and its mail from what was read.
 *
 * @param options.unreadable name of the error that made the workflow give up reading
 * @param options.before the previous edition, which this one is compared with and whose mail thread it continues
 */
export async function compose(
  request: AccessRequest,
  { report, calls }: Prepared,
  options: { readonly unreadable?: string | undefined; readonly before?: StoredReport | undefined },
  services: ComposeServices,
): Promise<Composed> {
  const { unreadable, before } = options;
  const { files, left } = attachmentsOf(request.id, calls);
  const attached = files.map(({ fileName, content }) => ({ fileName, sha256: services.sha256(content) }));
  const page = services.pageOf?.(request.id);
  const built = buildReport(request, report, {
    calls,
    attached: { files: attached, left },
    sourceName: services.source.name,
    overlapping: await overlapping(request, report, services),
    ...(unreadable === undefined ? {} : { stopped: { error: unreadable } }),
    ...(before === undefined ? {} : { news: newsSince(before, report) }),
  });
  const model: ReportModel = { ...built, ...(page === undefined ? {} : { page }) };
  const mail = {
    subject: subjectOf(model),
    html: renderHtml(model),
    text: renderText(model),
    attachments: files,
    thread: { id: request.id, ...(before?.mailIds === undefined ? {} : { after: before.mailIds }) },
  };
  return { model, mail, unreadable, readersBefore: before?.readerMails };
}

/** Other access of the requester to the same target in this report's window; calls with it are in its own report. */
async function overlapping(
  request: AccessRequest,
  { plan }: StoredReport,
  { holds }: { readonly holds: Pick<HoldStore, 'of'> },
): Promise<readonly HeldAccess[]> {
  const held = await holds.of(assignmentOf(request));
  return held.filter(
    ({ accessId, startedAt, endsAt }) => accessId !== request.id && startedAt <= plan.to && endsAt >= plan.from,
  );
}

export interface DeliverServices {
  readonly reports: Pick<ReportStore, 'note'>;
  readonly mail: MailPort;
  /** `undefined` where there is no Slack. */
  readonly thread: ThreadPort | undefined;
  readonly now: () => Date;
  /** Finds the approvers and reviewers of an access. Absent unless they get its report by mail. */
  readonly readersOf?: (request: AccessRequest) => Promise<readonly Reader[]>;
}

/**
 * Mails an edition once: an edition that is recorded as sent is not sent again. The first mail goes to the addresses
 * that get every report, then one to each reader; a failure for a reader does not hold up the report.
 *
 * @returns why readers did not get it, in words; empty if all have it
 * @throws any error of the mail service for the addresses that get every report
 */
export async function deliver(
  request: AccessRequest,
  report: StoredReport,
  { mail, unreadable, readersBefore }: Composed,
  services: DeliverServices,
): Promise<string> {
  const sentAt = report.sentAt ?? services.now().toISOString();
  if (report.sentAt === undefined) {
    const mailIds = await services.mail.send(mail);
    await services.reports.note(report, 'sentAt', sentAt, {
      mailIds,
      ...(report.advice === undefined || report.advice.length === 0 ? {} : { advice: report.advice }),
      ...(report.archived === undefined ? {} : { archived: report.archived }),
      ...(report.unarchived === undefined ? {} : { unarchived: report.unarchived }),
      ...(unreadable === undefined ? {} : { unreadable }),
    });
  }
  if (services.readersOf === undefined) return '';
  // After the first mail, so that an error of the directory does not hold that up.
  const readers = await services.readersOf(request).catch(() => undefined);
  if (readers === undefined) return 'those who approved or may review it could not be looked up, and were not mailed';
  const { readerMails: known = {} } = report;
  return mailReaders(readers, { mail, known, before: readersBefore ?? {} }, services.mail, (readerMails) =>
    services.reports.note(report, 'sentAt', sentAt, { readerMails }),
  );
}

/**
 * Replies in the Slack thread, once. Returns the name of the error if that fails: Slack must not hold up the mail.
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
  if (report.toldAt !== undefined || services.thread === undefined) return undefined;
  try {
    await services.thread.reply(request, summaryOf(model, services.mail.to, unsent));
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown error';
  }
  await services.reports.note(report, 'toldAt', services.now().toISOString());
  return undefined;
}

/**
 * What a report says in one line of the request's history.
 *
 * @param unmailed why readers did not get it, in words
 * @param untold name of the error that kept the reply out of the thread
 */
export function noteOf({ model }: Composed, unmailed: string, untold: string | undefined): string {
  const missing = model.coverage.gaps.length === 0 ? '' : '; not everything was seen';
  const unkept =
    model.archive?.unkept === undefined ? '' : `; the list could not be archived (${model.archive.unkept})`;
  const readers = unmailed === '' ? '' : `; ${unmailed}`;
  return `${model.headline}${missing}${unkept}${readers}${untold === undefined ? '' : `; the thread could not be told (${untold})`}`;
}
