import { DRIFT_STEP_MINUTES } from '../../lib/watch/assignment-changes.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from './environment.ts';

/** The deployed schedules. Milliseconds. */
export const SCHEDULES = [
  { everyMs: 5 * 60_000, functionName: 'sweep-access', event: { source: 'aws.events' } },
  { everyMs: DRIFT_STEP_MINUTES * 60_000, functionName: 'watch-assignments', event: { checkProvisioned: true } },
  { everyMs: 60 * 60_000, functionName: 'ask-for-approval', event: { remindReviewers: true } },
] as const;

/** The deployed readers of the tables' streams, and how long each gathers records. */
export const STREAMS = [
  { table: ACCESS_TABLE, functionName: 'access-records-changed', gatherMs: 0 },
  { table: REQUEST_TABLE, functionName: 'audit-to-bus', gatherMs: 5_000 },
  { table: REQUEST_TABLE, functionName: 'audit-to-archive', gatherMs: 5_000 },
] as const;

/** After this a reader gives a record up, an hour before the stream forgets it. */
export const OLDEST_RECORD_MS = 23 * 3600_000;
