/**
 * Broken promises, as opposed to refusals. Step Functions matches `name` in `Retry` and `Catch`, so each is a literal that a
 * bundler cannot rename; a test holds every name in the workflow file against this catalogue.
 */
abstract class NamedError extends Error {
  abstract override readonly name: string;
}

/** A removal of the same assignment is running; a lease cannot be added before it is done. Retry. */
export class RemovalInProgressError extends NamedError {
  override readonly name = 'RemovalInProgressError';
}

/** The access lasts longer than the workflow that holds it knew; it looks again and holds on. */
export class AccessExtendedError extends NamedError {
  override readonly name = 'AccessExtendedError';
}

/** Another writer moved the request first, and what it is now does not fit what was to be done. Read again, then retry. */
export class RequestChangedError extends NamedError {
  override readonly name = 'RequestChangedError';
}

/** No request has this id. Not worth a retry. */
export class RequestNotFoundError extends NamedError {
  override readonly name = 'RequestNotFoundError';
}

/** Identity Center took the call but finished it as FAILED. For a removal: retry. For a grant: clean up. */
export class AssignmentFailedError extends NamedError {
  override readonly name = 'AssignmentFailedError';
}

/** The account's activity cannot be read: no role there, no permission, or no such source. */
export class ActivityUnreadableError extends NamedError {
  override readonly name = 'ActivityUnreadableError';
}

/** More calls share one second, `at` (ISO 8601), than the source can give. Every later call was given; none of this second or before. */
export class TooDenseError extends NamedError {
  override readonly name = 'TooDenseError';
  readonly at: string;

  constructor(at: string) {
    super(`more calls than can be read share the second ${at}`);
    this.at = at;
  }
}

/** A query that its service could not answer, or not in time, in the service's words. Another may be answered. */
export class QueryFailedError extends NamedError {
  override readonly name = 'QueryFailedError';
}

/** A stored item does not have the shape this version wrote. Fails closed. */
export class MalformedItemError extends NamedError {
  override readonly name = 'MalformedItemError';
}

/** Somebody has filled a stored item up to what DynamoDB takes, and no room could be made in it: it cannot be changed. */
export class ItemFullError extends NamedError {
  override readonly name = 'ItemFullError';
}

/** A list was not read to its end, because the function that reads it is about to run out of time. What is not found in it may be there. */
export class OutOfTimeError extends NamedError {
  override readonly name = 'OutOfTimeError';
}

/** Environment or configuration of a function is incomplete; all missing names in one message. */
export class ConfigurationError extends NamedError {
  override readonly name = 'ConfigurationError';
}

/** The channel or thread a message was meant for is gone, archived or closed to the app. Another place may be tried. */
export class PlaceGoneError extends NamedError {
  override readonly name = 'PlaceGoneError';
}

/** The tables were written by a version whose schema this one does not know. An operator deploys that one again. */
export class NewerSchemaError extends NamedError {
  override readonly name = 'NewerSchemaError';
}
