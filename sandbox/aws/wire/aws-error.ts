/** An error as AWS answers it: the client of that service turns the name into its typed class. */
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

/** The call is malformed, in AWS's most common words for it. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The services that do not say AccessDeniedException. */
const DENIED: Readonly<Record<string, string>> = { s3: 'AccessDenied', sns: 'AuthorizationError', sts: 'AccessDenied' };

/** A call without the right to it, by the service's own code. */
export function accessDenied(service: string, message: string): AwsError {
  return new AwsError(DENIED[service] ?? 'AccessDeniedException', message);
}
