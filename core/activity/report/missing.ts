import { type ActivityDigest, callsCut } from '../classify/aggregate/digest.ts';
import type { StoredReport } from '../ports.ts';
import type { UnfollowedReason, UnfollowedSession } from '../read/progress.ts';
import { readUntil } from '../read/schedule.ts';
import type { RequestAsGranted } from './as-granted.ts';
import { counted, grouped, instant } from './render/wording.ts';

/** That the stored request says something else than what was given, in a sentence. */
export function alteredGaps({ altered }: RequestAsGranted): string[] {
  if (altered === undefined) return [];
  return [
    `Somebody altered the stored request after the grant (${altered.join(', ')}). This report uses the values of the grant instead. What may change after the grant, such as the history, it takes from the request as it is.`,
  ];
}

/** Sentences on chained sessions whose calls are missing from this report, or some of them. */
export function chainedRoleGaps({ reading, plan }: StoredReport): string[] {
  const { count, roles, sessions = [] } = reading.unfollowed ?? { count: 0, roles: [] };
  const later = reading.subjects.filter(
    (subject) => subject.until !== undefined && subject.until > readUntil(subject, plan),
  );
  const alive = [...new Set(later.map(({ as, until }) => `${as} until ${instant(until ?? '')}`))];
  const more = alive.length > 5 ? ', …' : '';
  return [
    ...(count === 0
      ? []
      : [
          `${counted(count, 'session')} as another role could not be followed (${roles.join(', ')}${count > roles.length ? ', …' : ''}). What was done there is not in this report.${sessionsNamed(sessions, count)}`,
        ]),
    ...(alive.length === 0
      ? []
      : [
          `Sessions begun with this access still worked when it was read, at ${instant(plan.readUntil)}: ${alive.slice(0, 5).join(', ')}${more}. What was done with them later is not in this report.`,
        ]),
  ];
}

const REASONS: Readonly<Record<UnfollowedReason, string>> = {
  unknown: 'CloudTrail says nothing to look it up by',
  account: 'in more accounts than are read',
  many: 'there were too many',
};

/** Id, beginning and reason of the first sessions, so that a reader can look them up in CloudTrail. */
function sessionsNamed(sessions: readonly UnfollowedSession[], count: number): string {
  const shown = sessions.map(({ role, id, at, why }) => {
    const who = id === '' ? role : `${role} as ${id}`;
    return `${who}${at === '' ? '' : `, begun ${instant(at)}`} (${REASONS[why]})`;
  });
  return shown.length === 0 ? '' : ` Not followed: ${shown.join('; ')}${count > shown.length ? '; …' : ''}.`;
}

function named(records: readonly string[], count: number): string {
  return records.length === 0 ? '' : `: ${records.join('; ')}${count > records.length ? '; …' : ''}`;
}

/** From these sizes on, a gap is named in the subject: the share of Regions, the number of sessions and of records. */
const MUCH = { regions: 0.25, sessions: 5, records: 10 };

/**
 * Large gaps, in words that fit into a subject. Smaller gaps are in the mail alone.
 *
 * @param regions of the access's own account, and how many of them were not read to their end
 */
export function missingAtLarge(
  { altered }: RequestAsGranted,
  { reading, digest }: Pick<StoredReport, 'reading' | 'digest'>,
  { own, missed }: { readonly own: number; readonly missed: number },
): readonly string[] {
  const sessions = reading.unfollowed?.count ?? 0;
  return [
    ...(altered === undefined ? [] : ['the record was altered']),
    ...(missed > 0 && missed < own && missed / own >= MUCH.regions ? [`${missed} of ${own} Regions not read`] : []),
    ...(sessions >= MUCH.sessions ? [`${grouped(sessions)} sessions not followed`] : []),
    ...(digest.malformed >= MUCH.records ? [`${grouped(digest.malformed)} records not understood`] : []),
  ];
}

/** Sentences on what was read and cannot be shown: malformed records, and calls and addresses without room. */
export function countGaps(digest: ActivityDigest): string[] {
  const cut = callsCut(digest);
  return [
    ...(digest.malformed > 0
      ? [
          `${counted(digest.malformed, 'record')} could not be understood and may be anything${named(digest.malformedRecords ?? [], digest.malformed)}.`,
        ]
      : []),
    ...(cut > 0
      ? [`${counted(cut, 'call')} are in the counts, but there were too many different ones to list them all.`]
      : []),
    ...(digest.addressesCut > 0 ? ['There were too many network addresses to list them all.'] : []),
  ];
}
