/**
 * The error names that AWS, its SDK or Lambda really report, beside those the program throws, each with where that is written.
 * An `ErrorEquals` that matches nothing looks like protection and is none.
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
  // The errorType Lambda reports when the process of a function ends, or the function takes longer than it may.
  // https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
  'Runtime.ExitError',
  'Sandbox.Timedout',
];

/** Reported by the SDK or by any service without a class of its own in the SDK's packages. */
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

/** Errors of any service that pass by themselves. */
export const PASSING_EVERYWHERE: readonly string[] = [
  'TimeoutError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'InternalFailure',
];

/** Errors of a service that pass by themselves, by the prefix of its rights; as its API reference says of the operations we call. */
export const PASSING: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    'InternalServerError',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'ThrottlingException',
    // A press that is delivered twice writes the request in a transaction; a change in that instant is refused with this.
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
  // Written by the report's last step alone, which retries everything, and goes on without where S3 does not take the list.
  s3: [],
  // Read by the report for its advice alone, which says of any error that the set could not be judged.
  iam: [],
  // Through the services above, never by a call of ours; their errors are the services'.
  kms: [],
};
