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
