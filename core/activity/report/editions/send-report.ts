import { cutReason, GIVEN_UP, mayRepeat } from '../../../access/notify/repeated-events.ts';
import { RequestChangedError } from '../../../model/errors.ts';
import { after, enter, happen } from '../../../model/events.ts';
import { isOver, OVER_STATES } from '../../../model/life-cycle.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { type Edition, editionOf } from '../../edition.ts';
import {
  type Composed,
  compose,
  deliver,
  noteOf,
  type Prepared,
  prepare,
  type SendReportServices,
  tellThread,
} from '../compose.ts';
import type { CoverageStatus } from '../coverage.ts';
import { cardLinesOf } from '../summary.ts';
import { whileClaimed } from './claim-sending.ts';
import { isFirstDue, LOOK_SECONDS } from './due-edition.ts';
import { firstEdition } from './first-edition.ts';
import { sendAddendum } from './send-addendum.ts';
import { endedRequest, storedReport } from './start-report.ts';

/**
 * Sends what was read: a report that could read nothing says so and is sent all the same. Then it replies in the
 * thread, and then it records the edition in the request: a final edition moves the request to `reported`, the others
 * change no state. A first edition that is late is left to the final one, and a final edition that is early waits for
 * its time.
 *
 * One workflow at a time sends an edition. Each step is recorded when it is done. A second run after a crash between a
 * step and its record sends at most one more mail and one more reply, and never moves the request twice.
 *
 * @param unreadable name of the error that made the workflow give up reading
 * @returns how much could be read; `undefined` when there was nothing left to send
 * @throws any error of the mail service, so that the workflow retries; RequestChangedError when the request changed in
 *   the same instant, or while another workflow sends the edition. A failed reply in the thread is only recorded
 */
export async function sendReport(
  requestId: string,
  unreadable: string | undefined,
  services: SendReportServices,
  edition: Edition = 'final',
): Promise<CoverageStatus | undefined> {
  const request = await endedRequest(requestId, services);
  if (edition !== 'first' && edition !== 'final') return sendAddendum(request, edition, unreadable, services);
  if (request.state === 'reported' || isOutOfTime(request, edition, services)) return undefined;
  const { composed, unmailed, untold } = await whileClaimed(
    await storedReport(request, services, edition),
    services,
    async (known) => {
      const prepared = await prepare(request, known, unreadable, services);
      const { report } = prepared;
      const composed = await composeFor('sentAt', request, prepared, unreadable, services);
      const unmailed = await deliver(request, report, composed, services);
      const toTell = () => composeFor('toldAt', request, prepared, unreadable, services);
      const untold =
        report.toldAt === undefined ? await tellThread(request, report, await toTell(), services) : undefined;
      return { composed, unmailed, untold };
    },
  );
  const note = noteOf(composed, unmailed, untold);
  if (edition === 'first') await noteFirst(request, note, services);
  else {
    await expectLook(request, services);
    await moveToReported(request, { note, reportLines: cardLinesOf(composed.model, services.mail.to) }, services);
  }
  return composed.model.coverage.status;
}

/** The mail is compared with the first edition if that was mailed, the reply if that was posted in the thread. */
async function composeFor(
  how: 'sentAt' | 'toldAt',
  request: AccessRequest,
  prepared: Prepared,
  unreadable: string | undefined,
  services: SendReportServices,
): Promise<Composed> {
  const before = editionOf(prepared.report) === 'final' ? await firstEdition(request.id, how, services) : undefined;
  return compose(request, prepared, { unreadable, before }, services);
}

/**
 * Is it the wrong time for this edition? A first edition is not sent once the final one can be read, or if none is due,
 * as after a start that failed: the workflow goes on to the final one, which reads it all. A final edition is not sent
 * early: after a start that failed, the workflow may come to it minutes after the end, while credentials still work.
 */
function isOutOfTime(request: AccessRequest, edition: Edition, { settings, now }: SendReportServices): boolean {
  return (edition === 'first') !== isFirstDue(request, settings, now());
}

/** Writes the first edition into the history, once. The state stays `ended` until the final edition is out. */
async function noteFirst(request: AccessRequest, note: string, services: SendReportServices): Promise<void> {
  const isNoted = ({ events }: AccessRequest) => events.some(({ type }) => type === 'first-report');
  if (isNoted(request)) return;
  const result = await services.requests.change(request.id, {
    from: OVER_STATES,
    event: happen('first-report', services.now().toISOString(), { note }),
    eventsSeen: request.events.length,
  });
  // The next try only writes the event: the report records what was mailed and posted.
  if (!result.changed && !(result.request !== undefined && isNoted(result.request)))
    throw new RequestChangedError(`request ${request.id} changed while its first report was noted`);
}

/**
 * Plans the first look, before the request moves on: without it, a `reported` request is not looked at any more. A
 * group has no calls to look for.
 */
async function expectLook(request: AccessRequest, { looks, now }: SendReportServices): Promise<void> {
  const at = isGroupTarget(request.target) ? undefined : after(now(), LOOK_SECONDS);
  await looks.begin(request.id, at);
}

async function moveToReported(
  request: AccessRequest,
  { note, reportLines }: { readonly note: string } & Pick<AccessRequest, 'reportLines'>,
  services: SendReportServices,
): Promise<void> {
  const result = await services.requests.change(request.id, {
    from: ['ended'],
    to: 'reported',
    event: enter('reported', services.now().toISOString(), { note }),
    set: { reportLines },
  });
  const { state = 'ended' } = result.request ?? {};
  // A request that somebody has moved to another last state stays there.
  if (!result.changed && (state === 'ended' || !isOver(state))) {
    throw new RequestChangedError(`request ${request.id} is no longer ended`);
  }
}

/** How long the workflow tries to send a report after the first failure; then the sweep tries once a day. Seconds. */
const TRIED_SECONDS = 14 * 24 * 3600;
const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 3600;

/** Whether to try again, and after how long. `early`: the final edition is not due yet. */
export interface UnsentAnswer {
  readonly next: 'again' | 'over' | 'early';
  readonly waitSeconds: number;
}

/**
 * Writes into the request that its report could not be sent, and why; the state stays `ended`. The thread is told once
 * what was done and that the mail is late, so that its readers need not wait for the mail. A first edition is not tried
 * again; the final one contains what it would have said.
 *
 * @param error name of the error that held up the mail
 * @param unreadable as for `sendReport`
 * @returns `over` when the report was sent after all, or is not to be tried any more
 */
export async function noteUnsent(
  requestId: string,
  error: string,
  unreadable: string | undefined,
  services: SendReportServices,
  edition: Edition = 'final',
): Promise<UnsentAnswer> {
  const request = await endedRequest(requestId, services);
  // An addendum that could not be sent is due again with the next look.
  if (request.state === 'reported') return { next: 'over', waitSeconds: 0 };
  if (edition === 'first') {
    if (!isOutOfTime(request, edition, services)) await tellWithoutMail(request, error, unreadable, services, edition);
    return { next: 'over', waitSeconds: 0 };
  }
  if (isOutOfTime(request, edition, services)) return { next: 'early', waitSeconds: 0 };
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
  await tellWithoutMail(request, error, unreadable, services);
  return { next, waitSeconds: Math.min(LONGEST_PAUSE_SECONDS, Math.max(FIRST_PAUSE_SECONDS, Math.floor(spent / 6))) };
}

async function tellWithoutMail(
  request: AccessRequest,
  error: string,
  unreadable: string | undefined,
  services: SendReportServices,
  edition: Edition = 'final',
): Promise<void> {
  const known = await storedReport(request, services, edition);
  if (known.sentAt !== undefined || known.toldAt !== undefined) return;
  try {
    await whileClaimed(known, services, async (claimed) => {
      if (claimed.sentAt !== undefined) return;
      const prepared = await prepare(request, claimed, unreadable, services);
      const { report } = prepared;
      const composed = await composeFor('toldAt', request, prepared, unreadable, services);
      await tellThread(request, report, composed, services, error);
    });
  } catch (failure) {
    // The workflow that is sending the edition replies in the thread as well.
    if (!(failure instanceof RequestChangedError)) throw failure;
  }
}
