import { GUARD_WATCH_MINUTES } from '../../lib/sessions/guard-watch.ts';
import { DRIFT_STEP_MINUTES } from '../../lib/watch/assignment-changes.ts';
import { CANARY_ASKS_AT, CANARY_JUDGED_AT } from '../../lib/watch/canary-times.ts';
import { RECHECK_MINUTES } from '../../lib/workflow/access-recheck.ts';
import { SWEEP_MINUTES } from '../../lib/workflow/sweep.ts';
import type { VirtualClock } from '../clock.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from './environment.ts';

const MINUTE_MS = 60_000;

/** The deployed schedules, and what each looks at: without that, nothing can come of it. */
export const SCHEDULES = [
  {
    everyMs: SWEEP_MINUTES * MINUTE_MS,
    functionName: 'sweep-access',
    event: { source: 'aws.events' },
    looksAt: 'open requests',
  },
  {
    everyMs: RECHECK_MINUTES * MINUTE_MS,
    functionName: 'ask-for-approval',
    event: { recheckAccess: true },
    looksAt: 'live access',
  },
  {
    everyMs: DRIFT_STEP_MINUTES * MINUTE_MS,
    functionName: 'watch-assignments',
    event: { checkProvisioned: true },
    looksAt: 'assignments',
  },
  {
    everyMs: 60 * MINUTE_MS,
    functionName: 'ask-for-approval',
    event: { remindReviewers: true },
    looksAt: 'reviews',
  },
] as const;

/** One more where the deployment opts into attached session guards. */
export const GUARD_WATCH = {
  everyMs: GUARD_WATCH_MINUTES * MINUTE_MS,
  functionName: 'cut-sessions',
  event: { watchGuards: true },
  looksAt: 'attached guards',
} as const;

export type DeployedSchedule = (typeof SCHEDULES)[number] | typeof GUARD_WATCH;

/** The deployed readers of the tables' streams, and how long each gathers records. */
export const STREAMS = [
  { table: ACCESS_TABLE, functionName: 'access-records-changed', gatherMs: 0 },
  { table: REQUEST_TABLE, functionName: 'audit-to-bus', gatherMs: 5_000 },
  { table: REQUEST_TABLE, functionName: 'audit-to-archive', gatherMs: 5_000 },
] as const;

/** After this a reader gives a record up, an hour before the stream forgets it. */
export const OLDEST_RECORD_MS = 23 * 3600_000;

/** What the canary is told every night, where the seed asks for it. */
const NIGHTLY = [
  { at: CANARY_ASKS_AT, event: { nightly: 'ask' } },
  { at: CANARY_JUDGED_AT, event: { nightly: 'judge' } },
] as const;

/** Sends each of them at its time, in UTC, night for night. */
export function everyNight(clock: Pick<VirtualClock, 'nowMs' | 'schedule'>, send: (event: object) => unknown): void {
  const follow = ({ at, event }: (typeof NIGHTLY)[number], afterMs: number) => {
    const next = new Date(afterMs);
    next.setUTCHours(at.hour, at.minute, 0, 0);
    if (next.getTime() <= afterMs) next.setUTCDate(next.getUTCDate() + 1);
    clock.schedule(next.getTime(), () => {
      send(event);
      follow({ at, event } as (typeof NIGHTLY)[number], next.getTime());
    });
  };
  for (const call of NIGHTLY) follow(call, clock.nowMs());
}
