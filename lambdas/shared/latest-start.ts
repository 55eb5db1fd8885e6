/**
 * How far ahead a start may lie: of access planned earlier than this, no reviewer may remember the reason.
 * Milliseconds.
 */
export const LATEST_START_MS = 30 * 24 * 3600_000;
