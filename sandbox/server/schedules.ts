import { GUARD_WATCH_MINUTES } from '../../lib/sessions/guard-watch.ts';
import { DRIFT_STEP_MINUTES } from '../../lib/watch/assignment-changes.ts';
import { CANARY_ASKS_AT, CANARY_JUDGED_AT } from '../../lib/watch/canary-times.ts';
import { RECHECK_MINUTES } from '../../lib/workflow/access-recheck.ts';
import { SWEEP_MINUTES } from '../../lib/workflow/sweep.ts';
import type { VirtualClock } from '../clock.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from './environment.ts';

const MINUTE_MS = 60_000;

/**
 * The deployed schedules. `looksAt` says what a run works on: where there is none of that, the run has nothing to do.
 */
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

/** A further schedule, for deployments with attached session guards. */
export const GUARD_WATCH = {
  everyMs: GUARD_WATCH_MINUTES * MINUTE_MS,
  functionName: 'cut-sessions',
  event: { watchGuards: true },
  looksAt: 'attached guards',
} as const;

export type DeployedSchedule = (typeof SCHEDULES)[number] | typeof GUARD_WATCH;

/** The functions that read the tables' streams. `gatherMs` is how long each collects records before it is invoked. */
export const STREAMS = [
  { table: ACCESS_TABLE, functionName: 'access-records-changed', gatherMs: 0 },
  { table: REQUEST_TABLE, functionName: 'audit-to-bus', gatherMs: 5_000 },
  { table: REQUEST_TABLE, functionName: 'audit-to-archive', gatherMs: 5_000 },
] as const;

/** A reader gives a record up at this age, an hour before the stream drops it. */
export const OLDEST_RECORD_MS = 23 * 3600_000;

/** The canary's nightly events, if the seed asks for them. */
const NIGHTLY = [
  { at: CANARY_ASKS_AT, event: { nightly: 'ask' } },
  { at: CANARY_JUDGED_AT, event: { nightly: 'judge' } },
] as const;

/** Sends each event at its time in UTC, every night. */
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
