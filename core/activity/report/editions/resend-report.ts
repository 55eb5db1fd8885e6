import { mayRepeat } from '../../../access/notify/repeated-events.ts';
import { happen } from '../../../model/events.ts';
import { archiveList } from '../archive-list.ts';
import { asGranted } from '../as-granted.ts';
import { compose, type SendReportServices } from '../compose.ts';
import { editionBefore, editionOut } from './edition-out.ts';

/** An order to send a report again. */
export interface ResendInput {
  readonly requestId: string;
  /** The same when the same order is delivered again. */
  readonly askId: string;
  /** Who gave the order, for the audit. */
  readonly by: string;
}

/**
 * The result of an order. `to`: the recipients, none if the same order was carried out before. `too-often`: the history
 * of a request has room for a limited number of these. `changed`: the request changed in the same instant; ask again.
 */
export type Resent =
  | { readonly sent: true; readonly to: readonly string[] }
  | { readonly sent: false; readonly why: 'unknown-request' | 'not-reported' | 'too-often' | 'changed' };

/**
 * Sends the newest edition of a request's report once more, as it is stored. The order is written into the request
 * first, so that nothing is sent without a trace in the audit. If the mail fails after that, the order counts as
 * carried out and a new one is needed.
 *
 * @throws any error of the mail service
 */
export async function resendReport(
  { requestId, askId, by }: ResendInput,
  services: SendReportServices,
): Promise<Resent> {
  const request = await services.requests.get(requestId);
  if (request === undefined) return { sent: false, why: 'unknown-request' };
  const report = request.state === 'reported' ? await editionOut(request, services) : undefined;
  if (report === undefined) return { sent: false, why: 'not-reported' };
  if (request.events.some(({ type, note }) => type === 'report-resent' && note === askId))
    return { sent: true, to: [] };
  const at = services.now().toISOString();
  if (!mayRepeat(request, 'report-resent', at)) return { sent: false, why: 'too-often' };
  const noted = await services.requests.change(requestId, {
    from: ['reported'],
    event: happen('report-resent', at, { by, note: askId }),
    eventsSeen: request.events.length,
  });
  if (!noted.changed) return { sent: false, why: 'changed' };
  const before = await editionBefore(report, services);
  const calls = await services.reports.calls(report);
  // A list that could not be archived with the report is archived now.
  const kept = await archiveList(report, calls, services);
  const known = await asGranted(request, services);
  const { mail } = await compose(known, { report: kept, calls }, { unreadable: report.unreadable, before }, services);
  await services.mail.send({ ...mail, subject: `${mail.subject} (sent again)` });
  if (report.archived === undefined && kept.archived !== undefined)
    await services.reports.note(report, 'sentAt', at, { archived: kept.archived });
  return { sent: true, to: services.mail.to };
}
