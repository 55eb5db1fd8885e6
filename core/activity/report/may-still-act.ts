import { compareText } from '../../model/text.ts';
import { compareBroadThenText } from '../classify/broad-access.ts';
import { inTurn } from '../classify/in-turn.ts';
import type { StoredReport } from '../ports.ts';
import { readUntil } from '../read/schedule.ts';
import { counted, grouped, instant } from './render/wording.ts';

/**
 * What may act after the access is over, a line each, the most serious first: what received a role or lasting
 * credentials, and sessions that still worked when CloudTrail was read. Further lines count what has no room.
 */
export function mayStillAct({
  digest,
  plan,
  reading,
}: Pick<StoredReport, 'digest' | 'plan' | 'reading'>): readonly string[] {
  const handed = (digest.handed ?? []).map(
    ({ to, power, action, at, count = 1 }) =>
      `${to === '' ? 'Something' : to}: ${power} (${action}${count === 1 ? '' : ` ×${grouped(count)}, first`}, ${instant(at)})`,
  );
  const isAlive = (session: { readonly until?: string }) =>
    session.until !== undefined && session.until > readUntil(session, plan);
  // The first session of each role comes before the second of any, so many sessions of one role hide no other role.
  const sessions = digest.hops.filter(isAlive).sort((a, b) => compareText(a.at, b.at));
  const alive = inTurn(
    sessions,
    ({ role }) => role,
    (a, b) => compareBroadThenText(a.role, b.role),
  ).map(({ role, until, at }) => `A session as ${role}, begun ${instant(at)}, until ${instant(until ?? '')}`);
  const cut = digest.handedCut ?? 0;
  const more = reading.subjects.filter(isAlive).length - alive.length;
  return [
    ...handed,
    ...(cut > 0
      ? [
          `${counted(cut, 'more time')} a role or credentials were given, for which there is no room here: see handedOn in the list`,
        ]
      : []),
    ...alive,
    ...(more > 0 ? [`${counted(more, 'more session')} that still worked`] : []),
  ];
}
