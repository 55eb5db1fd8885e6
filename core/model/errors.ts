/**
 * Named errors: broken promises, as opposed to refusals. Step Functions matches `name` in `Retry` and `Catch`, so each
 * name is a literal that a bundler cannot change. A test compares every name in the workflow file with this list.
 */
abstract class NamedError extends Error {
  abstract override readonly name: string;
}

/** A removal of the same assignment is running, and no lease can be added until it is done. Retry. */
export class RemovalInProgressError extends NamedError {
  override readonly name = 'RemovalInProgressError';
}

/** The access lasts longer than its workflow knew. The workflow reads the new end and keeps holding. */
export class AccessExtendedError extends NamedError {
  override readonly name = 'AccessExtendedError';
}

/** Another writer changed the request first, so the intended change does not fit any more. Read again, then retry. */
export class RequestChangedError extends NamedError {
  override readonly name = 'RequestChangedError';
}

/** No request has this id. A retry does not help. */
export class RequestNotFoundError extends NamedError {
  override readonly name = 'RequestNotFoundError';
}

/** Identity Center accepted the call, but the operation FAILED. For a removal: retry. For a grant: clean up. */
export class AssignmentFailedError extends NamedError {
  override readonly name = 'AssignmentFailedError';
}

/** The account's activity cannot be read: a role or permission is missing, or the source does not exist. */
export class ActivityUnreadableError extends NamedError {
  override readonly name = 'ActivityUnreadableError';
}

/**
 * More calls fall into one second, `at` (ISO 8601), than the source returns for one query. All later calls were
 * returned; the calls of this second and of all time before it are missing.
 */
export class TooDenseError extends NamedError {
  override readonly name = 'TooDenseError';
  readonly at: string;

  constructor(at: string) {
    super(`more calls than can be read share the second ${at}`);
    this.at = at;
  }
}

/** The service could not answer a query, or not in time; the message is the service's. Another query may succeed. */
export class QueryFailedError extends NamedError {
  override readonly name = 'QueryFailedError';
}

/** A stored item does not have the shape that this version writes. The caller stops rather than guess (fail closed). */
export class MalformedItemError extends NamedError {
  override readonly name = 'MalformedItemError';
}

/**
 * A stored item is at DynamoDB's size limit and no room could be made in it, so it cannot be changed. The program's own
 * writes stay far below the limit.
 */
export class ItemFullError extends NamedError {
  override readonly name = 'ItemFullError';
}

/**
 * A list was read only in part, because the function that reads it is about to run out of time. What was not found may
 * still be in the unread part.
 */
export class OutOfTimeError extends NamedError {
  override readonly name = 'OutOfTimeError';
}

/** Environment or configuration of a function is incomplete; the message lists all missing names. */
export class ConfigurationError extends NamedError {
  override readonly name = 'ConfigurationError';
}

/** The channel or thread of a message is gone, archived or closed to the app. Another place may be tried. */
export class PlaceGoneError extends NamedError {
  override readonly name = 'PlaceGoneError';
}

/** A version with a newer schema wrote the tables. An operator has to deploy that version again. */
export class NewerSchemaError extends NamedError {
  override readonly name = 'NewerSchemaError';
}
