import { RequestChangedError } from '../../../model/errors.ts';
import { after } from '../../../model/events.ts';
import type { StoredReport } from '../../ports.ts';
import type { SendReportServices } from '../compose.ts';

/** Longer than the 55 seconds that the sending function may run: a claim still held then is of a dead run. Seconds. */
const CLAIM_SECONDS = 60;

/**
 * Does the work of sending an edition while no other workflow does: the workflow of the access and one that the sweep
 * started may be at the same edition. `work` is given the report as it is after the claim, with what another workflow
 * has sent in the meantime.
 *
 * @throws RequestChangedError while another workflow sends it, so that this one tries again; any error of `work`
 */
export async function whileClaimed<T>(
  known: StoredReport,
  services: Pick<SendReportServices, 'reports' | 'now'>,
  work: (report: StoredReport) => Promise<T>,
): Promise<T> {
  // Nothing is left to send, so no claim is needed.
  if (known.sentAt !== undefined && known.toldAt !== undefined) return work(known);
  const { reports } = services;
  const now = services.now().toISOString();
  const until = after(now, CLAIM_SECONDS);
  if (!(await reports.claim(known, now, until)))
    throw new RequestChangedError(`the report of ${known.requestId} is being sent by another workflow`);
  try {
    return await work((await reports.get(known.requestId, known.edition)) ?? known);
  } finally {
    // A claim that cannot be released expires, and the report records what was sent.
    await reports.release(known, until).catch(() => undefined);
  }
}
