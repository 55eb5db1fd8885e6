import { KEPT, OUT_OF_USE } from '../access/lease/revoke/end-notes.ts';
import { after } from '../model/events.ts';
import type { AccessRequest } from '../model/request.ts';
import { isGroupTarget } from '../model/target.ts';
import { cutTimes } from './cut-sessions.ts';

/**
 * Until when credentials that were fetched before the end may have worked: the cut of its sessions, or else the end of the longest.
 *
 * @returns ISO 8601; of access that has not ended, counted from its planned end
 */
export function credentialsUntil({
  endedAt,
  endsAt,
  sessionSeconds,
  sessionsCutAt,
}: Pick<AccessRequest, 'endedAt' | 'endsAt' | 'sessionSeconds' | 'sessionsCutAt'>): string {
  return sessionsCutAt ?? after(endedAt ?? endsAt, sessionSeconds);
}

/** Identity Center lets no session of a permission set last longer. Seconds. */
export const LONGEST_SESSION_SECONDS = 12 * 3600;

/**
 * Sessions of a request live this long after its planned end at most: a removal that takes a week is alarmed for all of it. Seconds.
 */
export const LATEST_LIVE_SECONDS = 7 * 24 * 3600 + LONGEST_SESSION_SECONDS;

/** How long after the end the first edition of the report is read: CloudTrail delivers most events within minutes. Seconds. */
const FIRST_EDITION_SECONDS = 300;

/**
 * When the report of an access that has ended is read: soon after the end, and once the last credentials have run out and CloudTrail has
 * delivered. Of time in a group nothing can be read, so there is no use in an early edition; both are the same then, as where the last
 * one is due as soon.
 *
 * Both are rounded up to whole seconds: Step Functions cuts the milliseconds off the `Timestamp` of a Wait, so that a workflow would
 * otherwise wake before its time has come.
 *
 * @returns ISO 8601
 */
export function reportTimes(
  request: Pick<AccessRequest, 'endedAt' | 'endsAt' | 'sessionSeconds' | 'sessionsCutAt' | 'target'>,
  deliverySeconds: number,
): { readonly first: string; readonly final: string } {
  const final = roundedUp(after(credentialsUntil(request), deliverySeconds));
  const first = roundedUp(after(request.endedAt ?? request.endsAt, FIRST_EDITION_SECONDS));
  return { first: isGroupTarget(request.target) || final < first ? final : first, final };
}

function roundedUp(at: string): string {
  return new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString();
}

/** ISO 8601; when CloudTrail will have it all, and when the first edition of the report can be read. Empty when no report is owed. */
export interface ReportTimes {
  readonly reportAt: string;
  readonly firstReportAt: string;
}

/** `reportTimes` as the workflow is answered. */
export function reportTimesOf(
  owed: boolean,
  request: Parameters<typeof reportTimes>[0],
  deliverySeconds: number,
): ReportTimes {
  if (!owed) return { reportAt: '', firstReportAt: '' };
  const { first, final } = reportTimes(request, deliverySeconds);
  return { reportAt: final, firstReportAt: first };
}

/**
 * Is there something left to cut: was an assignment of ours removed, may a session begun before still live, and has nobody cut it or
 * found that it cannot be cut? A group opens whatever is assigned to it, so its sessions are nobody's to know.
 *
 * What has become of its sessions is believed where an event says so, and not by a field alone: most functions may write requests, and
 * a field is changed without a word.
 *
 * @param now ISO 8601
 */
export function mayBeCut(
  request: Pick<AccessRequest, 'endedAt' | 'events' | 'grant' | 'sessionSeconds' | 'target'>,
  now: string,
): boolean {
  const { endedAt, events, grant, sessionSeconds, target } = request;
  if (endedAt === undefined || grant?.standing !== false || isGroupTarget(target)) return false;
  if (areSessionsSettled(events)) return false;
  return cutTimes({ goneAt: endedAt, sessionSeconds }).until > now;
}

/** By the history of a request: were its sessions cut, can nobody cut them, or did the assignment stay, in force or out of use? */
export function areSessionsSettled(events: AccessRequest['events']): boolean {
  if (events.some(({ type }) => type === 'sessions-cut' || type === 'sessions-left')) return true;
  const { note = '' } = events.findLast(({ state }) => state === 'ended' || state === 'failed') ?? {};
  return note.startsWith(KEPT) || note.startsWith(OUT_OF_USE);
}
