import { LONGEST_SESSION_SECONDS } from '../../core/sessions/live-sessions.ts';

/**
 * Seconds of an ISO 8601 duration as Identity Center writes it (`PT1H`, `PT1H30M`). One hour is its default. Anything
 * else counts as the longest session there can be, 12 hours, so that "credentials may work until" is never too early.
 */
export function sessionSeconds(duration: string | undefined): number {
  if (duration === undefined) return 3600;
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration);
  if (match === null) return LONGEST_SESSION_SECONDS;
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}
