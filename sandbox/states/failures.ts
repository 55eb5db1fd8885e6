/** AWS truncates a longer `Cause` (SendTaskFailure, HistoryEvent: 32,768 characters). */
const MAX_CAUSE_LENGTH = 32_768;

/** Why a state failed, as Step Functions reports it. */
export interface StateFailure {
  /** The error name; absent only where SendTaskFailure gave none. */
  readonly error?: string;
  readonly cause?: string;
  /** A second name by which `ErrorEquals` matches the same failure. */
  readonly alias?: string;
}

/** The names of the failures that Step Functions itself reports. */
export const STATES_ERRORS = [
  'States.ALL',
  'States.DataLimitExceeded',
  'States.HeartbeatTimeout',
  'States.NoChoiceMatched',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
] as const;

/** A state failed. Carries the failure to a Retry or Catch, or to the end of the execution. */
export class StateFailedError extends Error {
  override readonly name = 'StateFailedError';
  readonly failure: StateFailure;

  constructor(failure: StateFailure) {
    super(failure.cause ?? failure.error ?? 'the task failed without saying why');
    this.failure = failure;
  }
}

/** The workflow itself failed: an expression failed, data was too large, or no choice matched. */
export class WorkflowFailedError extends Error {
  override readonly name = 'WorkflowFailedError';
  readonly error: (typeof STATES_ERRORS)[number];

  constructor(error: (typeof STATES_ERRORS)[number], message: string) {
    super(message);
    this.error = error;
  }
}

/** `States.QueryEvaluationError`: an expression failed, resulted in nothing, or resulted in the wrong type. */
export function queryError(message: string): WorkflowFailedError {
  return new WorkflowFailedError('States.QueryEvaluationError', message);
}

/** The failure of a Task that timed out. AWS gives no cause. */
export const TIMEOUT: StateFailure = { error: 'States.Timeout' };

/** The failure of a Task without a heartbeat in time. In AWS `States.Timeout` matches it, too. */
export const HEARTBEAT_TIMEOUT: StateFailure = { error: 'States.HeartbeatTimeout', alias: 'States.Timeout' };

/** The failure with its cause truncated as AWS does. */
export function withinLimits(failure: StateFailure): StateFailure {
  const { cause } = failure;
  if (cause === undefined || cause.length <= MAX_CAUSE_LENGTH) return failure;
  return { ...failure, cause: cause.slice(0, MAX_CAUSE_LENGTH) };
}

/**
 * Whether an `ErrorEquals` list matches this failure. `States.ALL` matches all but the two terminal errors: nothing
 * matches `States.Runtime`, and only its own name matches `States.DataLimitExceeded`. `States.TaskFailed` matches what
 * `States.ALL` does, except timeouts (Step Functions: error names).
 */
export function names(errorEquals: readonly string[], failure: StateFailure): boolean {
  const { error, alias } = failure;
  if (error === 'States.Runtime') return false;
  if (error !== undefined && errorEquals.includes(error)) return true;
  if (alias !== undefined && errorEquals.includes(alias)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  const isTimeout = error === 'States.Timeout' || alias === 'States.Timeout';
  return errorEquals.includes('States.TaskFailed') && !isTimeout;
}
