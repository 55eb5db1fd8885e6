/** What is planned further ahead than this has no reviewer who still knows why. Milliseconds. */
export const LATEST_START_MS = 30 * 24 * 3600_000;
