import { after, CLOCK_SKEW_SECONDS } from '../../../model/events.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { reportTimes } from '../../../sessions/live-sessions.ts';
import type { Edition } from '../../edition.ts';
import type { ReportLooks } from '../../ports.ts';
import type { PlanSettings } from '../../read/plan.ts';

/** How long after the final edition CloudTrail is read again, for what it delivered late. Seconds. */
export const LOOK_SECONDS = 24 * 3600;

/**
 * How long CloudTrail's event history keeps events; after that there is nothing to look for. Seconds.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
 */
const KEPT_SECONDS = 90 * 24 * 3600;

/**
 * Which edition is to be read now: the first or the final one, and once the final one is out an addendum if a look is
 * due. Otherwise the final one again, of which nothing is left to do: a workflow may come late to a report that another
 * one has sent.
 */
export async function dueEdition(
  request: AccessRequest,
  { looks, settings, now }: { readonly looks: ReportLooks; readonly settings: PlanSettings; readonly now: () => Date },
): Promise<Edition> {
  if (request.state !== 'reported') return isFirstDue(request, settings, now()) ? 'first' : 'final';
  const look = await looks.get(request.id);
  const isDue = look?.at !== undefined && look.at <= after(now(), CLOCK_SKEW_SECONDS);
  return isDue ? `addendum-${look.looks + 1}` : 'final';
}

/** Is a first edition of use? Only if it is due before the final one, and the final one is not due yet. */
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

/**
 * When to read CloudTrail again after a look that could not read it either. ISO 8601; `undefined` when CloudTrail will
 * no longer keep events of the access.
 *
 * @param now ISO 8601
 */
export function nextLook(request: AccessRequest, now: string): string | undefined {
  const at = after(now, LOOK_SECONDS);
  return at < after(request.endedAt ?? request.endsAt, KEPT_SECONDS) ? at : undefined;
}
