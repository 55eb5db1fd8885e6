/** How the functions' SDK clients call AWS. Times in milliseconds. */
export interface AwsCalls {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    /** Without it the SDK only warns of a request that takes too long, and goes on waiting. */
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Able to ride out one throttle, impatient enough that a hung connection does not eat the function's own timeout. What still
 * fails is retried by the workflow, which can wait for days.
 */
export const AWS_CALLS: AwsCalls = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/** The same for calls that nobody waits for, and that read much: CloudTrail's, and the mail. */
export const PATIENT_AWS_CALLS: AwsCalls = {
  ...AWS_CALLS,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * The same for a look at alarms, which a page does without: in a VPC with no way to CloudWatch it is given up well before the
 * function is.
 */
export const ALARM_CALLS: AwsCalls = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};
