/** Errors of the Step Functions API. Each `name` is the SDK's name for the error. */
abstract class ApiError extends Error {
  abstract override readonly name: string;
}

/** An execution with this name has closed, or runs with a different input. */
export class ExecutionAlreadyExists extends ApiError {
  override readonly name = 'ExecutionAlreadyExists';
}

/** No execution has this ARN. */
export class ExecutionDoesNotExist extends ApiError {
  override readonly name = 'ExecutionDoesNotExist';
}

/** The input is not JSON, or longer than 262,144 bytes. */
export class InvalidExecutionInput extends ApiError {
  override readonly name = 'InvalidExecutionInput';
}

/** This is not a valid name for an execution. */
export class InvalidName extends ApiError {
  override readonly name = 'InvalidName';
}

/** The output is not JSON, or longer than 262,144 bytes. */
export class InvalidOutput extends ApiError {
  override readonly name = 'InvalidOutput';
}

/** This task token was never issued. */
export class InvalidToken extends ApiError {
  override readonly name = 'InvalidToken';
}

/** The token's task is over: answered, timed out, retried with a new token, or its execution closed. */
export class TaskTimedOut extends ApiError {
  override readonly name = 'TaskTimedOut';
}
