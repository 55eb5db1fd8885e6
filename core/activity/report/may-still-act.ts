import type { ActivityDigest } from '../classify/aggregate/digest.ts';
import type { ReportPlan } from '../read/plan.ts';
import { readUntil } from '../read/schedule.ts';
import { counted, grouped, instant } from './render/wording.ts';

/**
 * What may act after the access is over, a line each, the most telling first: what was given a role or lasting credentials, and sessions that still worked
 * when CloudTrail was read.
 */
export function mayStillAct(digest: ActivityDigest, plan: ReportPlan): readonly string[] {
  const handed = (digest.handed ?? []).map(
    ({ to, power, action, at, count = 1 }) =>
      `${to === '' ? 'Something' : to}: ${power} (${action}${count === 1 ? '' : ` ×${grouped(count)}, first`}, ${instant(at)})`,
  );
  const alive = digest.hops
    .filter((session) => session.until !== undefined && session.until > readUntil(session, plan))
    .map(({ role, until, at }) => `A session as ${role}, begun ${instant(at)}, until ${instant(until ?? '')}`);
  const cut = digest.handedCut ?? 0;
  return [
    ...handed,
    ...(cut > 0
      ? [
          `${counted(cut, 'more time')} a role or credentials were given, for which there is no room here: see handedOn in the list`,
        ]
      : []),
    ...alive,
  ];
}
