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
];
