import type { ActivityDigest } from '../classify/digest.ts';
import { instant } from './wording.ts';

/**
 * What may act after the access is over, a line each: what was given a role or lasting credentials, and sessions that still worked
 * when CloudTrail was read.
 *
 * @param readUntil ISO 8601
 */
export function mayStillAct(digest: ActivityDigest, readUntil: string): readonly string[] {
  const handed = (digest.handed ?? []).map(
    ({ to, power, action, at }) => `${to === '' ? 'Something' : to}: ${power} (${action}, ${instant(at)})`,
  );
  const alive = digest.hops
    .filter(({ until }) => until !== undefined && until > readUntil)
    .map(({ role, until, at }) => `A session as ${role}, begun ${instant(at)}, until ${instant(until ?? '')}`);
  const cut = digest.handedCut ?? 0;
  return [...handed, ...(cut > 0 ? [`${cut} more that found no room here`] : []), ...alive];
}
