/** Refusals of the Step Functions API. Each `name` is the one the SDK knows it by. */
abstract class ApiError extends Error {
  abstract override readonly name: string;
}

/** An execution of this name ran before, or runs with another input. */
export class ExecutionAlreadyExists extends ApiError {
  override readonly name = 'ExecutionAlreadyExists';
}

/** No execution has this ARN. */
export class ExecutionDoesNotExist extends ApiError {
  override readonly name = 'ExecutionDoesNotExist';
}

/** The input is no JSON, or more than 262,144 bytes. */
export class InvalidExecutionInput extends ApiError {
  override readonly name = 'InvalidExecutionInput';
}

/** An execution cannot have this name. */
export class InvalidName extends ApiError {
  override readonly name = 'InvalidName';
}

/** The output is no JSON, or more than 262,144 bytes. */
export class InvalidOutput extends ApiError {
  override readonly name = 'InvalidOutput';
}

/** The token is none that was ever given out. */
export class InvalidToken extends ApiError {
  override readonly name = 'InvalidToken';
}

/** The token's task is over: answered, timed out, retried with a new token, or its execution closed. */
export class TaskTimedOut extends ApiError {
  override readonly name = 'TaskTimedOut';
}
