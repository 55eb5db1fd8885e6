/** When a nightly trial is asked for. UTC, as all schedules of EventBridge rules are. */
export const CANARY_ASKS_AT = { hour: 2, minute: 0 } as const;

/**
 * When it is judged: on the same day, and long after the ten minutes it asks for, the longest grant that Identity Center takes its time
 * over, and the removal.
 */
export const CANARY_JUDGED_AT = { hour: 3, minute: 45 } as const;
