import { KEPT, OUT_OF_USE } from '../access/lease/revoke/end-notes.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../model/events.ts';
import type { AccessRequest } from '../model/request.ts';
import { isGroupTarget } from '../model/target.ts';
import { cutTimes } from './cut-sessions.ts';

/**
 * Until when credentials that were fetched before the end may have worked: until the sessions were cut, or else until
 * the longest session expired.
 *
 * @returns ISO 8601; for access that has not ended, counted from its planned end
 */
export function credentialsUntil({
  endedAt,
  endsAt,
  sessionSeconds,
  sessionsCutAt,
}: Pick<AccessRequest, 'endedAt' | 'endsAt' | 'sessionSeconds' | 'sessionsCutAt'>): string {
  return sessionsCutAt ?? after(endedAt ?? endsAt, sessionSeconds);
}

/**
 * When access ended (ISO 8601). An end in the future was forged, and would put off all that follows the end: then the
 * planned end counts or, if that has not come either, now.
 *
 * @param now ISO 8601
 * @returns `undefined` if it has not ended
 */
export function endedBy(
  { endedAt, endsAt }: Partial<Pick<AccessRequest, 'endedAt' | 'endsAt'>>,
  now: string,
): string | undefined {
  if (endedAt === undefined || endedAt <= after(now, CLOCK_SKEW_SECONDS)) return endedAt;
  return isInstant(endsAt) && endsAt < now ? endsAt : now;
}

/*
 * The shortest and the longest session that Identity Center allows for a permission set. Seconds.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
 */
const SHORTEST_SESSION_SECONDS = 3600;
export const LONGEST_SESSION_SECONDS = 12 * 3600;

/** The longest that sessions live after the planned end: removals may take a week, with an alarm on. Seconds. */
export const LATEST_LIVE_SECONDS = 7 * 24 * 3600 + LONGEST_SESSION_SECONDS;

/**
 * The time from the end to the first edition of the report: CloudTrail delivers most events within minutes. Seconds.
 */
const FIRST_EDITION_SECONDS = 300;

/**
 * When the report of an ended access is read: soon after the end, and again once the last credentials have expired and
 * CloudTrail has delivered. Calls made through a group membership cannot be read, so there is no early edition; both
 * times are then the same. They are also the same if the final edition is due before the first.
 *
 * Both are rounded up to whole seconds: Step Functions cuts the milliseconds off the `Timestamp` of a Wait, so that a
 * workflow would otherwise wake before its time has come.
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

/**
 * ISO 8601: when CloudTrail has delivered all, and when the first edition can be read. Empty without an owed report.
 */
export interface ReportTimes {
  readonly reportAt: string;
  readonly firstReportAt: string;
}

/** `reportTimes` in the form the workflow is answered in. */
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
 * Is there something to cut: was an assignment made by Glasshammer removed, may a session begun before still live, and
 * was none of this settled before? Which sessions a group membership led to is not known, so they are never cut.
 *
 * That it was settled counts only by an event, not by a field: most functions may write request items, and a change of
 * a field leaves no trace in the history.
 *
 * @param now ISO 8601
 */
export function mayBeCut(
  request: Pick<AccessRequest, 'endedAt' | 'events' | 'grant' | 'sessionSeconds' | 'target'> & {
    readonly endsAt?: string | undefined;
  },
  now: string,
): boolean {
  const { events, grant, sessionSeconds, target } = request;
  const endedAt = endedBy(request, now);
  if (endedAt === undefined || grant?.standing !== false || isGroupTarget(target)) return false;
  if (areSessionsSettled(events)) return false;
  // No session is shorter than that, whatever an altered request says.
  return cutTimes({ goneAt: endedAt, sessionSeconds: Math.max(SHORTEST_SESSION_SECONDS, sessionSeconds) }).until > now;
}

/**
 * By a request's history: were its sessions cut, can they not be, or did the assignment stay, in force or out of use?
 * Only what follows the end counts: nothing is cut before.
 */
export function areSessionsSettled(events: AccessRequest['events']): boolean {
  const end = events.findLastIndex(({ state }) => state === 'ended' || state === 'failed');
  if (events.slice(end + 1).some(({ type }) => type === 'sessions-cut' || type === 'sessions-left')) return true;
  const { note = '' } = events[end] ?? {};
  return note.startsWith(KEPT) || note.startsWith(OUT_OF_USE);
}
