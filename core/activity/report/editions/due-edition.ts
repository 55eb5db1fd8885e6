import { after } from '../../../model/events.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { reportTimes } from '../../../sessions/live-sessions.ts';
import type { Edition } from '../../edition.ts';
import type { ReportLooks } from '../../ports.ts';
import type { PlanSettings } from '../../read/plan.ts';

/** So long after the final edition is looked once more for what CloudTrail delivered late. Seconds. */
export const LOOK_SECONDS = 24 * 3600;

/** CloudTrail keeps events for so long; after that there is nothing to look for. Seconds. */
const KEPT_SECONDS = 90 * 24 * 3600;

/** Which edition is to be read now. */
export async function dueEdition(
  request: AccessRequest,
  { looks, settings, now }: { readonly looks: ReportLooks; readonly settings: PlanSettings; readonly now: () => Date },
): Promise<Edition> {
  if (request.state === 'reported') return `addendum-${((await looks.get(request.id))?.looks ?? 0) + 1}`;
  return isFirstDue(request, settings, now()) ? 'first' : 'final';
}

/** Is there use in a first edition: is it earlier than the final one at all, and can that not be read yet? */
export function isFirstDue(
  request: AccessRequest,
  { deliverySeconds }: Pick<PlanSettings, 'deliverySeconds'>,
  now: Date,
): boolean {
  const { first, final } = reportTimes(request, deliverySeconds);
  return first < final && now.toISOString() < final;
}

/** When the final edition can be read. ISO 8601. */
export function finalAt(request: AccessRequest, { deliverySeconds }: Pick<PlanSettings, 'deliverySeconds'>): string {
  return reportTimes(request, deliverySeconds).final;
}

/** When to look again after an addendum that still could read nothing; `undefined` when CloudTrail has forgotten by then. */
export function nextLook(request: AccessRequest, now: string): string | undefined {
  const at = after(now, LOOK_SECONDS);
  return at < after(request.endedAt ?? request.endsAt, KEPT_SECONDS) ? at : undefined;
}
