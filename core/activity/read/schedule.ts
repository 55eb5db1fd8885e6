import { after } from '../../model/events.ts';
import { compareText } from '../../model/text.ts';
import type { Subject } from '../classify/aggregate/aggregate.ts';
import { wholeSeconds } from '../classify/call.ts';
import type { ReportPlan } from './plan.ts';

/** How long a report waits for sessions begun with the access: as long as the longest session of any role. Seconds. */
const LONGEST_WAIT_SECONDS = 12 * 3600;

/**
 * When all calls of a followed session can be read: once its credentials have expired and CloudTrail has delivered. ISO
 * 8601; at once (`begunAt`) for a session that ends earlier, has no known end, or lives longer than a report can wait.
 */
export function readableFrom(subject: Pick<Subject, 'until'>, plan: ReportPlan): string {
  const { until } = subject;
  // A first edition and a reading before the report show what is known so far.
  if (plan.finalAt !== undefined || plan.soFar) return plan.begunAt;
  if (until === undefined || until <= plan.credentialsUntil) return plan.begunAt;
  if (until > after(plan.begunAt, LONGEST_WAIT_SECONDS)) return plan.begunAt;
  const at = wholeSeconds(after(until, plan.deliverySeconds ?? 0));
  return latest(at, plan.begunAt);
}

/** Until when the calls of a subject are looked up. ISO 8601. */
export function readUntil(subject: Pick<Subject, 'until'>, plan: ReportPlan): string {
  const from = readableFrom(subject, plan);
  return latest(from, plan.readUntil);
}

function latest(one: string, other: string): string {
  return compareText(one, other) < 0 ? other : one;
}
