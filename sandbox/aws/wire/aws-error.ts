/** An error as AWS answers it. The service's SDK client turns the name into its typed class. */
export class AwsError extends Error {
  override readonly name: string;
  /** Further members of the error's body, e.g. `CancellationReasons`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.fields = fields;
  }
}

/** The error for a malformed call, with the code that most services have for it. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The services whose code is not AccessDeniedException. */
const DENIED: Readonly<Record<string, string>> = { s3: 'AccessDenied', sns: 'AuthorizationError', sts: 'AccessDenied' };

/** The error for a call without the right to it, with the service's own code. */
export function accessDenied(service: string, message: string): AwsError {
  return new AwsError(DENIED[service] ?? 'AccessDeniedException', message);
}
