/**
 * The error names that AWS, its SDK and Lambda report, beside those that Glasshammer throws, each with its source. An
 * `ErrorEquals` with a name that nothing reports would look like protection and have no effect.
 */
export const STEP_FUNCTIONS_ERRORS: readonly string[] = [
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
  'States.ALL',
  'States.Timeout',
];

export const LAMBDA_ERRORS: readonly string[] = [
  // https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  // The errorType that Lambda reports when the process of a function exits, or when the function exceeds its timeout.
  // https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
  'Runtime.ExitError',
  'Sandbox.Timedout',
];

/** Names that the SDK or a service reports without an error class in the packages of the SDK. */
export const SDK_ERRORS: readonly string[] = [
  // @smithy/node-http-handler gives this name to timeouts and to connections that were reset.
  'TimeoutError',
  // HTTP 503: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
  'ServiceUnavailable',
  'ServiceUnavailableException',
  // HTTP 500, of any service: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
  'InternalFailure',
  // The code of services with the older query protocol: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  'Throttling',
];

/** Transient errors of any service. */
export const PASSING_EVERYWHERE: readonly string[] = [
  'TimeoutError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'InternalFailure',
];

/** Transient errors by service (the prefix of its rights), as its API reference lists them for the called operations. */
export const PASSING: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    'InternalServerError',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'ThrottlingException',
    // A request is created in a transaction. A write to the same item at that moment is refused with this error.
    'TransactionConflictException',
  ],
  identitystore: ['ConflictException', 'InternalServerException', 'ThrottlingException'],
  sso: ['ConflictException', 'InternalServerException', 'ThrottlingException'],
  organizations: ['ServiceException', 'TooManyRequestsException'],
  secretsmanager: ['InternalServiceError'],
  sts: ['Throttling'],
  cloudtrail: ['ThrottlingException'],
  states: ['ThrottlingException'],
  // Mail is sent by states that retry everything.
  ses: ['TooManyRequestsException'],
  // Only the last step of the report writes to S3. It retries every error, and goes on without the list if S3 refuses.
  s3: [],
  // Only the advice of the report reads IAM. After any error it says that the permission set could not be judged.
  iam: [],
  // Only the services above call KMS, and its errors arrive as theirs.
  kms: [],
};
