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

/**
 * Is there something left to cut: was an assignment of ours removed, may a session begun before still live, and has nobody cut it or
 * found that it cannot be cut? A group opens whatever is assigned to it, so its sessions are nobody's to know.
 *
 * @param now ISO 8601
 */
export function mayBeCut(
  request: Pick<AccessRequest, 'endedAt' | 'grant' | 'sessionsCutAt' | 'sessionsLeft' | 'sessionSeconds' | 'target'>,
  now: string,
): boolean {
  const { endedAt, grant, sessionsCutAt, sessionsLeft, sessionSeconds, target } = request;
  if (endedAt === undefined || grant?.standing !== false || isGroupTarget(target)) return false;
  if (sessionsCutAt !== undefined || sessionsLeft !== undefined) return false;
  return cutTimes({ goneAt: endedAt, sessionSeconds }).until > now;
}
