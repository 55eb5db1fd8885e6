import { mayRepeat } from '../../../access/notify/repeated-events.ts';
import { happen } from '../../../model/events.ts';
import { compose, type SendReportServices } from '../compose.ts';
import { editionBefore, editionOut } from './edition-out.ts';

/** Who has a report sent again. */
export interface ResendInput {
  readonly requestId: string;
  /** Equal when the same asking is delivered again. */
  readonly askId: string;
  /** For the audit. */
  readonly by: string;
}

/**
 * What came of it. `to`: who gets it, none where the same asking has sent it before. `too-often`: the request's history has no room
 * for any number of these. `changed`: somebody else wrote in this instant; ask again.
 */
export type Resent =
  | { readonly sent: true; readonly to: readonly string[] }
  | { readonly sent: false; readonly why: 'unknown-request' | 'not-reported' | 'too-often' | 'changed' };

/**
 * Sends the report of a request once more, the newest edition that is out, as it was kept. Who asked is written into the request
 * first, so nothing is sent that no audit tells of; where the mail fails then, the asking is there and a new one is needed.
 *
 * @throws whatever the mail service throws
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
  const { mail } = await compose(request, report, { unreadable: report.unreadable, before }, services);
  await services.mail.send({ ...mail, subject: `${mail.subject} (sent again)` });
  return { sent: true, to: services.mail.to };
}
