/** When the nightly trial asks for access. UTC, as in all schedules of EventBridge rules. */
export const CANARY_ASKS_AT = { hour: 2, minute: 0 } as const;

/**
 * When the nightly trial is checked: on the same day, and late enough for the ten minutes of access, the longest grant
 * by Identity Center, and the removal. UTC.
 */
export const CANARY_JUDGED_AT = { hour: 3, minute: 45 } as const;
