/** How the functions' SDK clients call AWS. Times in milliseconds. */
export interface AwsCalls {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    /** Without this, the SDK only logs a warning about a request that takes too long, and goes on waiting. */
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Enough attempts for one throttle, and timeouts short enough that a hung connection does not use up the function's own
 * timeout. The workflow retries what still fails; it can wait for days.
 */
export const AWS_CALLS: AwsCalls = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/**
 * Longer timeouts for calls that read much or that nobody waits for: CloudTrail's, the mail's, and those that read a
 * whole organization.
 */
export const PATIENT_AWS_CALLS: AwsCalls = {
  ...AWS_CALLS,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * For reading alarms, which a page can do without: in a VPC without a route to CloudWatch the call has to fail well
 * before the function times out.
 */
export const ALARM_CALLS: AwsCalls = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};
