import { RequestChangedError } from '../../../model/errors.ts';
import { after } from '../../../model/events.ts';
import type { StoredReport } from '../../ports.ts';
import type { SendReportServices } from '../compose.ts';

/** Longer than the function that sends may run, 55 seconds: who has not given its claim up by then is dead. Seconds. */
const CLAIM_SECONDS = 60;

/**
 * Does what sends an edition while nobody else does: the workflow of the access and one that the sweep has started may be at the same
 * edition. The work is given the report as it is then, with what another has sent in the meantime.
 *
 * @throws RequestChangedError while another sends it, for the workflow to try again; whatever the work throws
 */
export async function whileClaimed<T>(
  known: StoredReport,
  services: Pick<SendReportServices, 'reports' | 'now'>,
  work: (report: StoredReport) => Promise<T>,
): Promise<T> {
  // Nothing is left to send.
  if (known.sentAt !== undefined && known.toldAt !== undefined) return work(known);
  const { reports } = services;
  const now = services.now().toISOString();
  const until = after(now, CLAIM_SECONDS);
  if (!(await reports.claim(known, now, until)))
    throw new RequestChangedError(`the report of ${known.requestId} is being sent by another workflow`);
  try {
    return await work((await reports.get(known.requestId, known.edition)) ?? known);
  } finally {
    // What was sent is noted; a claim that stays runs out.
    await reports.release(known, until).catch(() => undefined);
  }
}
