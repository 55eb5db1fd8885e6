/**
 * How the functions call AWS: able to ride out one throttle, impatient enough that a hung connection does not eat the function's
 * own timeout. What still fails is retried by the workflow, which can wait for days. Times in milliseconds.
 */
export const AWS_CALLS = { maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } };
