import type { ActivityDigest } from '../classify/aggregate/digest.ts';
import type { ReportPlan } from '../read/plan.ts';
import { readUntil } from '../read/schedule.ts';
import { instant } from './render/wording.ts';

/**
 * What may act after the access is over, a line each: what was given a role or lasting credentials, and sessions that still worked
 * when CloudTrail was read.
 */
export function mayStillAct(digest: ActivityDigest, plan: ReportPlan): readonly string[] {
  const handed = (digest.handed ?? []).map(
    ({ to, power, action, at }) => `${to === '' ? 'Something' : to}: ${power} (${action}, ${instant(at)})`,
  );
  const alive = digest.hops
    .filter((session) => session.until !== undefined && session.until > readUntil(session, plan))
    .map(({ role, until, at }) => `A session as ${role}, begun ${instant(at)}, until ${instant(until ?? '')}`);
  const cut = digest.handedCut ?? 0;
  return [...handed, ...(cut > 0 ? [`${cut} more that found no room here`] : []), ...alive];
}
