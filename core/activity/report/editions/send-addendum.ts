import { RequestChangedError } from '../../../model/errors.ts';
import { happen } from '../../../model/events.ts';
import { OVER_STATES } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import type { Edition } from '../../edition.ts';
import type { StoredReport } from '../../ports.ts';
import { isRead } from '../../read/reading.ts';
import { compose, deliver, noteOf, prepare, type SendReportServices, tellThread } from '../compose.ts';
import { type CoverageStatus, coverageOf, type ReadingStopped } from '../coverage.ts';
import { whileClaimed } from './claim-sending.ts';
import { nextLook } from './due-edition.ts';
import { newsSince } from './news.ts';
import { storedReport } from './start-report.ts';

/**
 * Sends what was found after the final edition, if anything was, and records when to look again: once a day while the
 * account cannot be read, for as long as CloudTrail keeps events, and never again once it was read.
 *
 * One workflow at a time sends it. A second run sends nothing twice: neither a mail that is recorded as sent nor a look
 * that is recorded is repeated.
 *
 * @returns how much could be read; `undefined` when this look was recorded before
 * @throws RequestChangedError when the request changed or another look was recorded in the same instant, or while
 *   another workflow sends it
 */
export async function sendAddendum(
  request: AccessRequest,
  edition: Edition,
  unreadable: string | undefined,
  services: SendReportServices,
): Promise<CoverageStatus | undefined> {
  const look = await services.looks.get(request.id);
  if (look === undefined || edition !== `addendum-${look.looks + 1}`) return undefined;
  const before = await services.reports.get(request.id, look.out);
  if (before === undefined) return undefined;
  const found = await storedReport(request, services, edition);
  const isNew = newsSince(before, found).lines.length > 0;
  // Most looks find nothing, and then no mail is sent.
  const status = isNew
    ? await send(request, found, { unreadable, before }, services)
    : coverageOf(request, found, { sourceName: services.source.name, ...stoppedBy(unreadable) }).status;
  const isUnread = status === 'unreadable' || unreadable !== undefined;
  // A reading that failed or was given up is tried again tomorrow. Once a reading came to its end, this one or the one
  // before, no further look is owed.
  const isOwed = isUnread && found.plan.unreadable === undefined && !isReadToItsEnd(request, before, services);
  const at = isOwed ? nextLook(request, services.now().toISOString()) : undefined;
  const isMoved = await services.looks.move(request.id, look.looks, {
    looks: look.looks + 1,
    out: isNew ? edition : look.out,
    at,
  });
  if (!isMoved) throw new RequestChangedError(`another look at ${request.id} was noted in the same instant`);
  return status;
}

/** Mails an addendum, replies in the thread and records it in the request; each once. */
async function send(
  request: AccessRequest,
  found: StoredReport,
  { unreadable, before }: { readonly unreadable: string | undefined; readonly before: StoredReport },
  services: SendReportServices,
): Promise<CoverageStatus> {
  const { report, composed, unmailed, untold } = await whileClaimed(found, services, async (claimed) => {
    const prepared = await prepare(request, claimed, unreadable, services);
    const { report } = prepared;
    const composed = await compose(request, prepared, { unreadable, before }, services);
    const unmailed = await deliver(request, report, composed, services);
    return { report, composed, unmailed, untold: await tellThread(request, report, composed, services) };
  });
  await noteEvent(request, report, noteOf(composed, unmailed, untold), services);
  return composed.model.coverage.status;
}

function stoppedBy(error: string | undefined): { readonly stopped?: ReadingStopped } {
  return error === undefined ? {} : { stopped: { error } };
}

/** Was this edition read to its end? Not if it could not be read at all, or was given up half-way. */
function isReadToItsEnd(request: AccessRequest, report: StoredReport, { source }: SendReportServices): boolean {
  const { status } = coverageOf(request, report, { sourceName: source.name });
  return status !== 'unreadable' && isRead(report.reading);
}

/** Writes the addendum into the history of the request, whose state stays `reported`. */
async function noteEvent(
  request: AccessRequest,
  { sentAt }: StoredReport,
  note: string,
  services: SendReportServices,
): Promise<void> {
  const at = services.now().toISOString();
  // An event after `sentAt` was written by an earlier run, which sent this addendum.
  const isNoted = ({ type, at: notedAt }: AccessRequest['events'][number]) =>
    type === 'report-addendum' && sentAt !== undefined && notedAt >= sentAt;
  if (request.events.some(isNoted)) return;
  const { changed } = await services.requests.change(request.id, {
    from: OVER_STATES,
    event: happen('report-addendum', at, { note }),
    eventsSeen: request.events.length,
  });
  // Before the look is recorded: the next try still finds this addendum due, and writes only what is missing.
  if (!changed) throw new RequestChangedError(`request ${request.id} changed while its addendum was noted`);
}
